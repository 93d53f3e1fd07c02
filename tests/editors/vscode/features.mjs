// What a person asks the editor for: hover, definition, completion, graph, formatting, rename.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  SERVER_TIMEOUT, SERVICE, SMOKE, TYPING_TIMEOUT, appears, check, comes, command, cursorAt, inSuite, open, page, probe, shot, toast,
} from './session.mjs';

export async function tryHover() {
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await command('editor.action.showHover', { focus: 'noAutoFocus' });
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'STORE_PORT' });
  const shown = await appears(hover, TYPING_TIMEOUT);
  check(shown, 'the hover of an effect says what it needs', await page.locator('.monaco-hover').allInnerTexts());
  await shot('hover');
  await page.keyboard.press('Escape');
}

export async function tryDefinition() {
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await command('editor.action.revealDefinition');
  const there = await comes(async () => {
    const { file, line } = await probe('buffer');
    return file === inSuite(SERVICE) && line.startsWith('effect Tasks');
  });
  check(there, 'the definition of an effect is in its module', await probe('buffer'));
  await shot('definition');

  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await command('editor.action.peekDefinition');
  const peek = page.locator('.peekview-widget .view-lines', { hasText: 'effect' });
  check(await appears(peek, SERVER_TIMEOUT), 'and can be looked at from afar', await page.locator('.peekview-widget').allInnerTexts());
  await shot('definition-peek');
  await page.keyboard.press('Escape');
}

export async function tryCompletion() {
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
  await command('workbench.action.files.revert');
  check(await comes(async () => (await probe('buffer')).text === text), 'the file is as before', await probe('buffer'));
}

function suggestions() {
  return page.locator('.suggest-widget.visible .monaco-list-row').evaluateAll((rows) => rows.map((it) => it.getAttribute('aria-label') ?? ''));
}

export async function tryGraph() {
  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await command('relux.openEffectGraph');
  const view = page.frameLocator('iframe.webview').last().frameLocator('iframe');
  // There are two drawings, of which the one that fits better is shown.
  const box = view.locator('[data-effect="Tasks"]:visible');
  const drawn = await appears(box, SERVER_TIMEOUT);
  check(drawn, 'the effect graph is drawn', await view.locator('body').allInnerTexts().catch(String));
  await shot('graph');
  await box.first().click();
  const there = await comes(async () => (await probe('buffer')).line.startsWith('effect Tasks'));
  check(there, 'a click on an effect goes to it', await probe('buffer'));
  await view.locator('[data-effect^="test"]:visible').first().click();
  const back = await comes(async () => (await probe('buffer')).line.startsWith('test "the life of a task"'));
  check(back, 'and one on the test to the test', await probe('buffer'));
  await command('workbench.action.closeEditorsInOtherGroups');
}

/** A graph outlives its server, and is drawn anew by the next one. */
export async function tryGraphOfAnotherServer() {
  const file = inSuite('relux/tests/alone.relux');
  const text = 'effect First {\n    shell a {\n        match_ok()\n    }\n}\n\ntest "starts" {\n    start First\n}\n';
  writeFileSync(file, text);
  await open('relux/tests/alone.relux');
  await cursorAt('test "starts"', 'starts');
  await command('relux.openEffectGraph');
  const view = page.frameLocator('iframe.webview').last().frameLocator('iframe');
  check(await appears(view.locator('[data-effect="First"]:visible'), SERVER_TIMEOUT), 'a graph');
  await probe('setting', { name: 'relux.path', value: '/bin/true' });
  check(await appears(toast("'/bin/true' is not relux"), SERVER_TIMEOUT), 'a program that is another one is named');
  check((await page.locator('.notification-toast').count()) === 1, 'in one message', await page.locator('.notification-toast').allInnerTexts());
  await shot('another-program');
  await command('notifications.clearAll');
  writeFileSync(file, text.replaceAll('First', 'Second'));
  await probe('setting', { name: 'relux.path', value: process.env.RELUX_BIN });
  check(await appears(view.locator('[data-effect="Second"]:visible'), SERVER_TIMEOUT), 'is drawn anew when a server is back');
  await command('workbench.action.closeEditorsInOtherGroups');
  await command('workbench.action.closeActiveEditor');
  rmSync(file);
}

/** A graph that cannot be read when all of it is shown. */
export async function tryLargeGraph() {
  const names = Array.from({ length: 60 }, (_, number) => `Service${number}`);
  const effects = names.map((name) => `effect ${name} {\n    shell a {\n        match_ok()\n    }\n}\n`);
  const test = `test "starts all" {\n${names.map((name) => `    start ${name}\n`).join('')}}\n`;
  writeFileSync(inSuite('relux/tests/large.relux'), [...effects, test].join('\n'));
  await open('relux/tests/large.relux');
  await cursorAt('test "starts all"', 'starts');
  await command('relux.openEffectGraph');
  const view = page.frameLocator('iframe.webview').last().frameLocator('iframe');
  check(await appears(view.locator('[data-effect="Service0"]:visible'), SERVER_TIMEOUT), 'a large graph is drawn');
  const overflows = () => view.locator('html').evaluate((it) => it.scrollHeight > it.clientHeight || it.scrollWidth > it.clientWidth);
  check(await overflows(), 'at first so that it can be read');
  await shot('graph-large');
  await view.getByText('Fit').click();
  check(await comes(async () => !(await overflows())), 'and all of it when that is asked for');
  await shot('graph-fit');
  await command('workbench.action.closeEditorsInOtherGroups');
  await command('workbench.action.closeActiveEditor');
  rmSync(inSuite('relux/tests/large.relux'));
}

export async function tryFormatOnSave() {
  const file = inSuite('relux/tests/format.relux');
  writeFileSync(file, 'test "a" {\n  shell  x {\n> true  \n  }\n}\n');
  await open('relux/tests/format.relux');
  await probe('setting', { name: 'editor.formatOnSave', value: true });
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('// c\n');
  await shot('format-before');
  await command('workbench.action.files.save');
  const want = '// c\ntest "a" {\n    shell x {\n        > true  \n    }\n}\n';
  check(await comes(() => readFileSync(file, 'utf8') === want), 'saving formats', readFileSync(file, 'utf8'));
  await shot('format-after');
  await probe('setting', { name: 'editor.formatOnSave', value: undefined });
  await command('workbench.action.closeActiveEditor');
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

export async function tryRename() {
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
  await probe('openBeside', { file: inSuite(SERVICE) });
  await probe('reveal', { text: 'effect Board' });
  await shot('rename-after');
  await command('workbench.action.closeEditorsInOtherGroups');
  await command('workbench.action.closeActiveEditor');
  await open(SMOKE);
  await cursorAt('start Board {', 'Board');
  await renameTo('Tasks');
  // The editor saves what a rename has changed.
  const same = (await comes(() => files.every(([file, text]) => readFileSync(file, 'utf8') === text)));
  check(same, 'another one takes it back, byte for byte', await probe('buffer'));
}
