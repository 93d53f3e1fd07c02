// Drives the packaged extension in a real VS Code, through its keyboard and mouse.
//
// Environment: RELUX_BIN, RELUX_SUITE (scratch copy of examples/tasks), RELUX_MISTAKES (JSON), RELUX_VSIX and
// RELUX_PROBE_VSIX (extensions), RELUX_SCRATCH (empty directory), RELUX_SHOTS (where pictures go),
// RELUX_EDITORS_DIR (what install.sh filled). Exits 1 when an expectation does not hold.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startEditor } from './editor.mjs';

const { RELUX_BIN, RELUX_SUITE, RELUX_MISTAKES, RELUX_VSIX, RELUX_PROBE_VSIX, RELUX_SCRATCH, RELUX_SHOTS } = process.env;
const SERVER_TIMEOUT = 30_000; // ms until the server has answered once
const TYPING_TIMEOUT = 10_000; // ms until a keystroke has its effect; a bound, not an expectation
const RUN_TIMEOUT = 120_000; // ms until a run has ended

let failures = 0;
function check(ok, what, detail) {
  console.log(ok ? `ok      ${what}` : `NOT ok  ${what}`);
  if (!ok) {
    failures += 1;
    console.log(`        ${JSON.stringify(detail, null, 2)?.replaceAll('\n', '\n        ')}`);
  }
}

const { page, probe, stop } = await startEditor({
  install: process.env.RELUX_EDITORS_DIR,
  scratch: RELUX_SCRATCH,
  workspace: RELUX_SUITE,
  vsix: [RELUX_VSIX, RELUX_PROBE_VSIX],
  // Where no relux is: what the extension says then is the first thing to be tested.
  settings: { 'relux.path': '/nowhere/relux' },
});

const shot = (name) => page.screenshot({ path: path.join(RELUX_SHOTS, `${name}.png`) });
const appears = (selector, timeout, options) =>
  page
    .locator(selector, options)
    .first()
    .waitFor({ timeout })
    .then(() => true, () => false);
const lens = (title) => page.locator('.codelens-decoration a', { hasText: title });
const toast = (text) => page.locator('.notification-toast', { hasText: text });

async function open(file) {
  const { language } = await probe('open', { file: path.join(RELUX_SUITE, file) });
  await page.locator('.monaco-editor .view-lines').last().waitFor();
  await probe('command', { name: 'workbench.action.focusActiveEditorGroup' });
  return language;
}

// A missing executable ----------------------------------------------------------------------------------------------

async function tryMissingExecutable(file) {
  check((await open(file)) === 'relux', 'the language is relux');
  const message = toast("'/nowhere/relux' was not found");
  const shown = await message.waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(shown, 'a missing executable is reported', await page.locator('.notification-toast').allInnerTexts());
  check((await message.locator('.monaco-button', { hasText: 'Open Settings' }).count()) === 1, 'with a button to the setting');
  await shot('missing-executable');
  await probe('command', { name: 'notifications.clearAll' });
  await probe('setting', { name: 'relux.path', value: RELUX_BIN });
  const started = await appears('.codelens-decoration a', SERVER_TIMEOUT);
  check(started, 'the server starts when the setting is mended');
  return started;
}

// Mistakes ----------------------------------------------------------------------------------------------------------

/** What has to be typed to turn `find` into `replace`: leading units to skip, units to remove, text to write. */
function difference(find, replace) {
  const shorter = Math.min(find.length, replace.length);
  let head = 0;
  while (head < shorter && find[head] === replace[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < shorter - head && find.at(-1 - tail) === replace.at(-1 - tail)) {
    tail += 1;
  }
  return { head, removed: find.length - head - tail, typed: replace.slice(head, replace.length - tail) };
}

async function typeMistake({ file, find, replace }) {
  const { text } = await probe('buffer');
  const found = text.indexOf(find);
  if (found < 0 || text.indexOf(find, found + 1) >= 0) {
    throw new Error(`${file} must have the text to replace exactly once: ${find}`);
  }
  const { head, removed, typed } = difference(find, replace);
  const start = found + head;
  await probe('select', { start, end: start + removed });
  if (removed > 0) {
    await page.keyboard.press('Delete');
  }
  await page.keyboard.type(typed);
  const expected = text.slice(0, found) + replace + text.slice(found + find.length);
  return { text, asMeant: await probe('waitText', { text: expected, timeout: TYPING_TIMEOUT }) };
}

async function undo(text) {
  // Typing is undone in pieces; how many is the editor's business.
  for (let step = 0; step < 20 && (await probe('buffer')).text !== text; step += 1) {
    await page.keyboard.press('Control+z');
  }
  const buffer = await probe('buffer');
  return buffer.text === text && !buffer.modified;
}

async function tryMistake(mistake) {
  const { name, file, code, span, message } = mistake;
  await open(file);
  const { text, asMeant } = await typeMistake(mistake);
  check(asMeant, `${name}: typed as meant`, await probe('buffer'));
  const came = await probe('waitDiagnostic', { code, span, message, timeout: TYPING_TIMEOUT });
  check(came, `${name}: ${code} at ${JSON.stringify(span)}`, await probe('diagnostics'));
  await probe('reveal', { code, span });
  const drawn = await appears('.squiggly-error', TYPING_TIMEOUT);
  check(drawn && (await probe('buffer')).modified, `${name}: underlined while typing, before saving`);
  // With its message, as F8 shows it.
  await probe('command', { name: 'editor.action.marker.next' });
  check(await appears('.marker-widget', TYPING_TIMEOUT), `${name}: explained below the line`);
  await shot(`mistake-${name.replaceAll(/\W+/g, '-')}`);
  await probe('command', { name: 'closeMarkersNavigation' });
  check(await undo(text), `${name}: undone`, await probe('buffer'));
  const gone = await probe('waitDiagnostic', { code, gone: true, timeout: TYPING_TIMEOUT });
  check(gone, `${name}: cleared by undoing`, await probe('diagnostics'));
}

// The manifest -------------------------------------------------------------------------------------------------------

async function tryManifest() {
  check((await open('Relux.toml')) === 'toml', 'the manifest is TOML');
  const { text } = await probe('buffer');
  await probe('select', { start: 0, end: 0 });
  await page.keyboard.type('nmae = "x"\n');
  const want = { code: 'unknown-manifest-key', span: 'nmae', message: '`name`', timeout: TYPING_TIMEOUT };
  check(await probe('waitDiagnostic', want), 'an unknown key of the manifest is marked', await probe('diagnostics'));
  check((await lens('').count()) === 0, 'the manifest has no lenses', await lens('').allInnerTexts());
  check(await undo(text), 'the manifest is as before', await probe('buffer'));
}

// Runs --------------------------------------------------------------------------------------------------------------

const PASSING = ['test "says hello" {', '    shell a {', '        > echo hello', '        <~5s? ^hello$', '    }', '}', ''];
const FAILING = ['test "waits in vain" {', '    shell a {', '        > echo hello', '        <~1s? ^never-said$', '    }', '}', ''];

/** Clicks a lens and waits for a notification that says `result`. */
async function runLens(link, result) {
  await probe('command', { name: 'notifications.clearAll' });
  await link.click();
  const shown = await toast(result).first().waitFor({ timeout: RUN_TIMEOUT }).then(() => true, () => false);
  return { shown, toasts: await page.locator('.notification-toast').allInnerTexts() };
}

async function tryRuns() {
  const file = path.join(RELUX_SUITE, 'relux/tests/editor.relux');
  writeFileSync(file, [...PASSING, ...FAILING].join('\n'));
  await open('relux/tests/editor.relux');
  const both = await lens('Run test').nth(1).waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(both && (await lens('Run test').count()) === 2, 'a lens Run test on each test', await lens('').allInnerTexts());
  check((await lens('Run file').count()) === 1, 'one lens Run file', await lens('').allInnerTexts());

  const passed = await runLens(lens('Run test').first(), '1 passed');
  check(passed.shown, 'the passing test is reported as passed', passed.toasts);
  check((await probe('diagnostics')).length === 0, 'and marks nothing', await probe('diagnostics'));
  await shot('run-passed');

  const failed = await runLens(lens('Run test').last(), 'failed: waits in vain');
  check(failed.shown, 'the failing test is reported as failed', failed.toasts);
  const line = PASSING.length + 4;
  check(await probe('waitDiagnostic', { line, timeout: TYPING_TIMEOUT }), 'and shown at its line', await probe('diagnostics'));
  await probe('command', { name: 'editor.action.marker.next' });
  check(await appears('.marker-widget', TYPING_TIMEOUT), 'and explained below it');
  await shot('run-failed');
  await probe('command', { name: 'closeMarkersNavigation' });

  const all = await runLens(lens('Run file').first(), '1 passed, failed: waits in vain');
  check(all.shown, 'the file is reported', all.toasts);

  await probe('command', { name: 'relux.restartServer' });
  const again = await runLens(lens('Run test').first(), '1 passed');
  check(again.shown, 'a restarted server runs tests too', again.toasts);
  rmSync(file);
}

// What a person asks the editor for -----------------------------------------------------------------------------------

const SMOKE = 'relux/tests/tasks/smoke.relux';
const SERVICE = 'relux/lib/service/tasks.relux';
const inSuite = (file) => path.join(RELUX_SUITE, file);

/** Waits until `holds` resolves to true; for states of the editor that send no event. */
async function comes(holds, timeout = TYPING_TIMEOUT) {
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

/** Puts the cursor into the first occurrence of `context`, at `word` in it. */
async function cursorAt(context, word) {
  const { text } = await probe('buffer');
  const at = text.indexOf(context) + context.indexOf(word) + 1;
  await probe('select', { start: at, end: at });
}

async function tryHover() {
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await probe('command', { name: 'editor.action.showHover', args: [{ focus: 'noAutoFocus' }] });
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'STORE_PORT' });
  const shown = await hover.first().waitFor({ timeout: TYPING_TIMEOUT }).then(() => true, () => false);
  check(shown, 'the hover of an effect says what it needs', await page.locator('.monaco-hover').allInnerTexts());
  await shot('hover');
  await page.keyboard.press('Escape');
}

async function tryDefinition() {
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await probe('command', { name: 'editor.action.revealDefinition' });
  const there = await comes(async () => {
    const { file, line } = await probe('buffer');
    return file === inSuite(SERVICE) && line.startsWith('effect Tasks');
  });
  check(there, 'the definition of an effect is in its module', await probe('buffer'));
  await shot('definition');
}

async function tryCompletion() {
  await open(SMOKE);
  const { text } = await probe('buffer');
  // An overlay that lacks a value: its key is offered first.
  const entry = ', TASKS_PORT = tasks_port';
  await probe('select', { start: text.indexOf(entry), end: text.indexOf(entry) + entry.length });
  await page.keyboard.type(', ');
  await page.keyboard.press('Control+Space');
  const offered = await comes(async () => (await suggestions())[0]?.startsWith('TASKS_PORT'), SERVER_TIMEOUT);
  check(offered, 'the key that an overlay lacks is offered first', await suggestions());
  await shot('completion');
  await page.keyboard.press('Enter');
  const taken = await comes(async () => (await probe('buffer')).text.includes('AUTH_PORT = auth_port, TASKS_PORT'));
  check(taken, 'and is taken with Enter', await probe('buffer'));
  await page.keyboard.press('Escape');
  await probe('command', { name: 'workbench.action.files.revert' });
  check(await comes(async () => (await probe('buffer')).text === text), 'the file is as before', await probe('buffer'));
}

function suggestions() {
  return page.locator('.suggest-widget.visible .monaco-list-row').evaluateAll((rows) => rows.map((it) => it.getAttribute('aria-label') ?? ''));
}

async function tryGraph() {
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await probe('command', { name: 'relux.openEffectGraph' });
  const view = page.frameLocator('iframe.webview').last().frameLocator('iframe');
  const box = view.locator('[data-effect="Tasks"]');
  const drawn = await box.first().waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(drawn, 'the effect graph is drawn', await view.locator('body').allInnerTexts().catch(String));
  await shot('graph');
  await box.first().click();
  const there = await comes(async () => (await probe('buffer')).line.startsWith('effect Tasks'));
  check(there, 'a click on an effect goes to it', await probe('buffer'));
  await probe('command', { name: 'workbench.action.closeEditorsInOtherGroups' });
}

async function tryWalkthrough() {
  await probe('command', { name: 'workbench.action.openWalkthrough', args: ['relux.relux#start', false] });
  const step = page.locator('.getting-started-category, .getting-started-step, .step-title').filter({ hasText: 'Write a test' });
  const shown = await step.first().waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(shown, 'there is a walkthrough', await page.locator('.gettingStartedContainer').allInnerTexts());
  await shot('walkthrough');
  await probe('command', { name: 'workbench.action.closeActiveEditor' });
}

async function tryFormatOnSave() {
  const file = inSuite('relux/tests/format.relux');
  writeFileSync(file, 'test "a" {\n  shell  x {\n> true  \n  }\n}\n');
  await open('relux/tests/format.relux');
  await probe('setting', { name: 'editor.formatOnSave', value: true });
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('// c\n');
  await probe('command', { name: 'workbench.action.files.save' });
  const want = '// c\ntest "a" {\n    shell x {\n        > true  \n    }\n}\n';
  check(await comes(() => readFileSync(file, 'utf8') === want), 'saving formats', readFileSync(file, 'utf8'));
  await probe('setting', { name: 'editor.formatOnSave', value: undefined });
  await probe('command', { name: 'workbench.action.closeActiveEditor' });
  rmSync(file);
}

/** Renames the effect under the cursor. */
async function renameTo(name) {
  // The command itself would only answer when the box is closed.
  await page.keyboard.press('F2');
  const input = page.locator('.rename-box input');
  await input.waitFor({ timeout: TYPING_TIMEOUT });
  await input.fill(name);
  await shot('rename');
  await page.keyboard.press('Enter');
}

async function tryRename() {
  const files = [SMOKE, SERVICE].map((file) => [inSuite(file), readFileSync(inSuite(file), 'utf8')]);
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await renameTo('Board');
  const here = await comes(async () => (await probe('buffer')).text.includes('start Board {'));
  check(here, 'a rename changes the file', await probe('buffer'));
  const there = await comes(async () => (await probe('textOf', { file: inSuite(SERVICE) }))?.includes('effect Board {'));
  check(there, 'and the file where the effect is', await probe('textOf', { file: inSuite(SERVICE) }));
  const clean = await comes(async () => (await probe('diagnostics')).every(({ severity }) => severity !== 0));
  check(clean, 'and leaves no error', await probe('diagnostics'));
  await cursorAt('start Board {', 'Board');
  await renameTo('Tasks');
  // The editor saves what a rename has changed.
  const same = (await comes(() => files.every(([file, text]) => readFileSync(file, 'utf8') === text)));
  check(same, 'another one takes it back, byte for byte', await probe('buffer'));
}

// Test explorer ------------------------------------------------------------------------------------------------------

const row = (text) => page.locator('.test-explorer .monaco-list-row', { hasText: text });

async function tryExplorer() {
  const file = inSuite('relux/tests/editor.relux');
  writeFileSync(file, [...PASSING, ...FAILING].join('\n'));
  await open('relux/tests/editor.relux');
  await probe('command', { name: 'workbench.view.testing.focus' });
  const shown = await row('smoke.relux').first().waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(shown, 'the explorer has the files of the suite', await row('').allInnerTexts());
  const added = await row('editor.relux').first().waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(added, 'also one that is new', await row('').allInnerTexts());
  await shot('explorer');

  await page.locator('.monaco-editor .view-lines').last().click();
  await probe('command', { name: 'notifications.clearAll' });
  await probe('command', { name: 'relux.runFile' });
  const failed = page.locator('.test-explorer .monaco-list-row[aria-label*="editor.relux"][aria-label*="Failed"]');
  const red = await failed.first().waitFor({ timeout: RUN_TIMEOUT }).then(() => true, () => false);
  check(red, 'a run from the explorer marks the file as failed', await labels());
  await row('editor.relux').first().click();
  await page.keyboard.press('ArrowRight');
  const passed = page.locator('.test-explorer .monaco-list-row[aria-label*="says hello"][aria-label*="Passed"]');
  const green = await passed.first().waitFor({ timeout: TYPING_TIMEOUT }).then(() => true, () => false);
  check(green, 'and the test that passed as passed', await labels());
  check((await toast('1 passed').count()) === 0, 'without a message beside it');
  const failure = page.locator('.test-message-inline-content');
  const marked = await failure.first().waitFor({ timeout: TYPING_TIMEOUT }).then(() => true, () => false);
  check(marked, 'the failure stands at its line', await failure.allInnerTexts());
  await shot('explorer-run');

  // Only one, with the button of its row.
  const line = await row('says hello').first().boundingBox();
  await page.mouse.move(line.x + line.width / 2, line.y + line.height / 2);
  await row('says hello').first().locator('.action-label[class*="testing-run"]').first().click({ timeout: TYPING_TIMEOUT });
  const output = page.locator('.monaco-workbench .part.panel');
  const alone = async () => {
    const [text = ''] = await output.allInnerTexts();
    return /^1 passed/m.test(text.replaceAll('\u00a0', ' ')) && !text.includes('waits in vain');
  };
  check(await comes(alone, RUN_TIMEOUT), 'one test is run alone, and its output shown', await output.allInnerTexts());
  await shot('explorer-one');
  await probe('command', { name: 'workbench.action.closePanel' });

  writeFileSync(file, PASSING.join('\n'));
  const fewer = await comes(async () => (await row('waits in vain').count()) === 0, SERVER_TIMEOUT);
  check(fewer, 'a test that is gone leaves the explorer', await row('').allInnerTexts());
  await probe('command', { name: 'workbench.action.closeActiveEditor' });
  rmSync(file);
  // One that was never open: the editor keeps documents for a while after their tab is closed.
  const other = inSuite('relux/tests/closed.relux');
  writeFileSync(other, PASSING.join('\n'));
  check(await comes(async () => (await row('closed.relux').count()) === 1, SERVER_TIMEOUT), 'a new file comes', await labels());
  rmSync(other);
  check(await comes(async () => (await row('closed.relux').count()) === 0, SERVER_TIMEOUT), 'and goes', await labels());
  await probe('command', { name: 'workbench.view.explorer' });
}

function labels() {
  return page.locator('.test-explorer .monaco-list-row').evaluateAll((rows) => rows.map((it) => it.getAttribute('aria-label')));
}

// The test ----------------------------------------------------------------------------------------------------------

mkdirSync(RELUX_SHOTS, { recursive: true });
const mistakes = JSON.parse(readFileSync(RELUX_MISTAKES, 'utf8'));
try {
  const started = await tryMissingExecutable('relux/tests/tasks/smoke.relux');
  if (started) {
    check((await probe('diagnostics')).length === 0, 'nothing is wrong before the first mistake', await probe('diagnostics'));
    await shot('suite');
    for (const mistake of mistakes) {
      await tryMistake(mistake);
    }
    await tryManifest();
    await tryHover();
    await tryDefinition();
    await tryCompletion();
    await tryGraph();
    await tryWalkthrough();
    await tryFormatOnSave();
    await tryRename();
    await tryRuns();
    await tryExplorer();
  }
} catch (error) {
  check(false, 'the test runs to its end', String(error?.stack ?? error));
  await shot('broken');
} finally {
  await stop();
}
check(mistakes.length > 0, 'there were mistakes to make');
console.log(failures === 0 ? 'vscode: all expectations hold' : `vscode: ${failures} expectations do not hold`);
process.exitCode = failures === 0 ? 0 : 1;
