// The window that the tests share, and how they look at it: questions to the probe, waits, pictures, verdicts.
//
// Must not expect anything by itself. Environment as in drive.mjs.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openWindow, startEditor } from './editor.mjs';

const { RELUX_SUITE, RELUX_VSIX, RELUX_PROBE_VSIX, RELUX_SCRATCH, RELUX_SHOTS, RELUX_EDITORS_DIR } = process.env;
export const SERVER_TIMEOUT = 30_000; // ms until the server has answered once
export const TYPING_TIMEOUT = 10_000; // ms until a keystroke has its effect; a bound, not an expectation
export const RUN_TIMEOUT = 120_000; // ms until a run has ended

export const SMOKE = 'relux/tests/tasks/smoke.relux';
export const SERVICE = 'relux/lib/service/tasks.relux';

let failures = 0;
export function check(ok, what, detail) {
  console.log(ok ? `ok      ${what}` : `NOT ok  ${what}`);
  if (!ok) {
    failures += 1;
    console.log(`        ${JSON.stringify(detail, null, 2)?.replaceAll('\n', '\n        ')}`);
  }
}
export const failed = () => failures;

mkdirSync(RELUX_SHOTS, { recursive: true });
export const editor = await startEditor({
  install: RELUX_EDITORS_DIR,
  scratch: RELUX_SCRATCH,
  vsix: [RELUX_VSIX, RELUX_PROBE_VSIX],
  // Where no relux is: what the extension says then is the first thing to be tested.
  settings: { 'relux.path': '/nowhere/relux' },
});
export const { page, probe } = await openWindow(editor, RELUX_SUITE);

/** Takes a picture of the window, or of a part of it. */
export const shot = (name, clip) => page.screenshot({ path: path.join(RELUX_SHOTS, `${name}.png`), clip });
export const inSuite = (file) => path.join(RELUX_SUITE, file);
export const command = (name, ...args) => probe('command', { name, args });
export const lens = (title) => page.locator('.codelens-decoration a', { hasText: title });
export const toast = (text) => page.locator('.notification-toast', { hasText: text });

/** Resolves to whether something comes that the selector or locator names. */
export function appears(what, timeout = TYPING_TIMEOUT) {
  const locator = typeof what === 'string' ? page.locator(what) : what;
  return locator
    .first()
    .waitFor({ timeout })
    .then(() => true, () => false);
}

/** Waits until `holds` resolves to true; for states of the editor that send no event. */
export async function comes(holds, timeout = TYPING_TIMEOUT) {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    // Between two tabs there is no editor to ask about.
    if (await Promise.resolve().then(holds).catch(() => false)) {
      return true;
    }
    await page.waitForTimeout(50);
  }
  return false;
}

/** Opens a file of the suite and resolves to its language. */
export async function open(file) {
  const { language } = await probe('open', { file: inSuite(file) });
  await page.locator('.monaco-editor .view-lines').last().waitFor();
  await command('workbench.action.focusActiveEditorGroup');
  return language;
}

/** Puts the cursor into the first occurrence of `context`, at `word` in it. */
export async function cursorAt(context, word) {
  const { text } = await probe('buffer');
  const at = text.indexOf(context) + context.indexOf(word) + 1;
  await probe('select', { start: at, end: at });
}

/** Undoes until the text is as before; resolves to whether the file counts as unchanged then. */
export async function undo(text) {
  // Typing is undone in pieces; how many is the editor's business.
  for (let step = 0; step < 20 && (await probe('buffer')).text !== text; step += 1) {
    await page.keyboard.press('Control+z');
  }
  const buffer = await probe('buffer');
  return buffer.text === text && !buffer.modified;
}
