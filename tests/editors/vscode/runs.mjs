// Tests that are run: through their lenses, and in the test explorer.

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import {
  RUN_TIMEOUT, SERVER_TIMEOUT, TYPING_TIMEOUT, appears, check, comes, command, editor, inSuite, lens, open, page, probe, shot, toast,
} from './session.mjs';

export const PASSING = ['test "says hello" {', '    shell a {', '        > echo hello', '        <~5s? ^hello$', '    }', '}', ''];
export const FAILING = ['test "waits in vain" {', '    shell a {', '        > echo hello', '        <~1s? ^never-said$', '    }', '}', ''];

/** Clicks a lens and waits for a notification that says `result`. */
async function runLens(link, result) {
  await command('notifications.clearAll');
  await link.click();
  const shown = await appears(toast(result), RUN_TIMEOUT);
  return { shown, toasts: await page.locator('.notification-toast').allInnerTexts() };
}

export async function tryRuns() {
  const file = inSuite('relux/tests/editor.relux');
  writeFileSync(file, [...PASSING, ...FAILING].join('\n'));
  await open('relux/tests/editor.relux');
  const both = await appears(lens('Run test').nth(1), SERVER_TIMEOUT);
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
  await command('editor.action.marker.next');
  check(await appears('.marker-widget', TYPING_TIMEOUT), 'and explained below it');
  await shot('run-failed');
  await command('closeMarkersNavigation');

  const all = await runLens(lens('Run file').first(), '1 passed, failed: waits in vain');
  check(all.shown, 'the file is reported', all.toasts);

  await command('relux.restartServer');
  const again = await runLens(lens('Run test').first(), '1 passed');
  check(again.shown, 'a restarted server runs tests too', again.toasts);
  rmSync(file);
}

const row = (text) => page.locator('.test-explorer .monaco-list-row', { hasText: text });

export async function tryExplorer() {
  const file = inSuite('relux/tests/editor.relux');
  writeFileSync(file, [...PASSING, ...FAILING].join('\n'));
  await open('relux/tests/editor.relux');
  await command('workbench.view.testing.focus');
  const shown = await appears(row('smoke.relux'), SERVER_TIMEOUT);
  check(shown, 'the explorer has the files of the suite', await row('').allInnerTexts());
  const added = await appears(row('editor.relux'), SERVER_TIMEOUT);
  check(added, 'also one that is new', await row('').allInnerTexts());
  await shot('explorer');

  await page.locator('.monaco-editor .view-lines').last().click();
  await command('notifications.clearAll');
  await command('relux.runFile');
  const failed = page.locator('.test-explorer .monaco-list-row[aria-label*="editor.relux"][aria-label*="Failed"]');
  const red = await appears(failed, RUN_TIMEOUT);
  check(red, 'a run from the explorer marks the file as failed', await labels());
  await row('editor.relux').first().click();
  await page.keyboard.press('ArrowRight');
  const passed = page.locator('.test-explorer .monaco-list-row[aria-label*="says hello"][aria-label*="Passed"]');
  const green = await appears(passed, TYPING_TIMEOUT);
  check(green, 'and the test that passed as passed', await labels());
  check((await toast('1 passed').count()) === 0, 'without a message beside it');
  const failure = page.locator('.test-error-content-widget');
  const marked = await appears(failure, TYPING_TIMEOUT);
  check(marked, 'the failure stands at its line', await failure.allInnerTexts());
  await page.mouse.move(700, 600);
  await shot('explorer-run');

  // What is behind the mark: the message, and the way to the line.
  await failure.first().click();
  const peek = page.locator('.peekview-widget', { hasText: 'last output of shell a' });
  check(await appears(peek, TYPING_TIMEOUT), 'with the output of its shell', await page.locator('.peekview-widget').allInnerTexts());
  check(await appears(peek.getByText('test "waits in vain"'), TYPING_TIMEOUT), 'and the way to the line', await peek.allInnerTexts());
  await shot('explorer-failure');
  await page.keyboard.press('Escape');

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
  await command('workbench.action.closePanel');

  writeFileSync(file, PASSING.join('\n'));
  const fewer = await comes(async () => (await row('waits in vain').count()) === 0, SERVER_TIMEOUT);
  check(fewer, 'a test that is gone leaves the explorer', await row('').allInnerTexts());
  await command('workbench.action.closeActiveEditor');
  rmSync(file);
  // One that was never open: the editor keeps documents for a while after their tab is closed.
  const other = inSuite('relux/tests/closed.relux');
  writeFileSync(other, PASSING.join('\n'));
  check(await comes(async () => (await row('closed.relux').count()) === 1, SERVER_TIMEOUT), 'a new file comes', await labels());
  rmSync(other);
  check(await comes(async () => (await row('closed.relux').count()) === 0, SERVER_TIMEOUT), 'and goes', await labels());
  await command('workbench.view.explorer');
}

export async function tryRunOnSave() {
  const file = inSuite('relux/tests/onsave.relux');
  writeFileSync(file, FAILING.join('\n'));
  await open('relux/tests/onsave.relux');
  await command('workbench.view.testing.focus');
  check(await appears(row('onsave.relux'), SERVER_TIMEOUT), 'a file to run at every save', await labels());
  await row('onsave.relux').first().hover();
  await row('onsave.relux').first().locator('[aria-label*="Turn on Continuous Run"]').first().click({ timeout: TYPING_TIMEOUT });
  const { text } = await probe('buffer');
  const at = text.indexOf('never-said');
  await probe('select', { start: at, end: at + 'never-said'.length });
  await command('workbench.action.focusActiveEditorGroup');
  await page.keyboard.type('hello');
  await command('workbench.action.files.save');
  const green = page.locator('.test-explorer .monaco-list-row[aria-label*="onsave.relux"][aria-label*="Passed"]');
  check(await appears(green, RUN_TIMEOUT), 'is run when it is saved', await labels());
  await shot('explorer-on-save');
  await row('onsave.relux').first().locator('[aria-label*="Turn off Continuous Run"]').first().click({ timeout: TYPING_TIMEOUT });
  check(await appears(row('onsave.relux').locator('[aria-label*="Turn on Continuous Run"]')), 'until that is turned off');
  await command('workbench.action.closeActiveEditor');
  rmSync(file);
}

/** Command lines of the processes that the editor has started, and those below them. */
function descendants() {
  const all = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
      all.set(id, { parent, line: readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() });
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (id) => id !== undefined && (id === String(editor.pid) || below(all.get(id)?.parent));
  return [...all].filter(([id, { line }]) => /relux/.test(line) && below(id)).map(([, { line }]) => line);
}

/** A window that is closed while tests run leaves nothing behind. */
export async function tryClosing() {
  const wait = `sleep 600.${process.pid}`;
  const waits = () =>
    readdirSync('/proc').some((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() === wait;
      } catch {
        return false;
      }
    });
  writeFileSync(inSuite('relux/tests/long.relux'), `test "takes its time" {\n    shell a {\n        > ${wait}\n        <~1h? ^never$\n    }\n}\n`);
  await open('relux/tests/long.relux');
  await command('workbench.view.testing.focus');
  check(await appears(row('long.relux'), SERVER_TIMEOUT), 'a test that takes long', await labels());
  // The command answers when the run has begun.
  await command('relux.runFile');
  check(await comes(waits, RUN_TIMEOUT), 'runs', await labels());
  await shot('explorer-running');
  await page.goto('about:blank');
  const gone = () => !waits() && !descendants().some((line) => / (lsp|run)( |$)/.test(line));
  check(await comes(gone, RUN_TIMEOUT), 'a closed window leaves no process', descendants());
}

function labels() {
  return page.locator('.test-explorer .monaco-list-row').evaluateAll((rows) => rows.map((it) => it.getAttribute('aria-label')));
}
