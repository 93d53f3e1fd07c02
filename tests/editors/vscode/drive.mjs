// Drives the packaged extension in a real VS Code, through its keyboard and mouse.
//
// Environment: RELUX_BIN, RELUX_SUITE (scratch copy of examples/tasks), RELUX_MISTAKES (JSON), RELUX_VSIX and
// RELUX_PROBE_VSIX (extensions), RELUX_SCRATCH (empty directory), RELUX_SHOTS (where pictures go),
// RELUX_EDITORS_DIR (what install.sh filled). Exits 1 when an expectation does not hold.

import { readFileSync } from 'node:fs';
import { tryColours } from './colours.mjs';
import * as features from './features.mjs';
import { takePictures, tryLooks } from './looks.mjs';
import { tryManifest, tryMistake } from './mistakes.mjs';
import * as runs from './runs.mjs';
import { SERVER_TIMEOUT, SMOKE, appears, check, command, editor, failed, open, page, probe, shot, toast } from './session.mjs';

const { RELUX_BIN, RELUX_MISTAKES } = process.env;

async function tryMissingExecutable(file) {
  check((await open(file)) === 'relux', 'the language is relux');
  const message = toast("'/nowhere/relux' was not found");
  const shown = await message.waitFor({ timeout: SERVER_TIMEOUT }).then(() => true, () => false);
  check(shown, 'a missing executable is reported', await page.locator('.notification-toast').allInnerTexts());
  check((await message.locator('.monaco-button', { hasText: 'Open Settings' }).count()) === 1, 'with a button to the setting');
  await shot('missing-executable');
  await command('notifications.clearAll');
  await probe('setting', { name: 'relux.path', value: RELUX_BIN });
  const started = await appears('.codelens-decoration a', SERVER_TIMEOUT);
  check(started, 'the server starts when the setting is mended');
  return started;
}

const mistakes = JSON.parse(readFileSync(RELUX_MISTAKES, 'utf8'));
try {
  if (await tryMissingExecutable(SMOKE)) {
    check((await probe('diagnostics')).length === 0, 'nothing is wrong before the first mistake', await probe('diagnostics'));
    await shot('suite');
    await takePictures();
    for (const mistake of mistakes) {
      await tryMistake(mistake);
    }
    await tryManifest();
    await features.tryHover();
    await features.tryDefinition();
    await features.tryCompletion();
    await features.tryGraph();
    await features.tryLargeGraph();
    await features.tryGraphOfAnotherServer();
    await features.tryFormatOnSave();
    await features.tryRename();
    await runs.tryRuns();
    await runs.tryExplorer();
    await runs.tryRunOnSave();
    await tryLooks();
    await tryColours();
    // The last one: it closes the window.
    await runs.tryClosing();
  }
} catch (error) {
  check(false, 'the test runs to its end', String(error?.stack ?? error));
  await shot('broken');
} finally {
  await editor.stop();
}
check(mistakes.length > 0, 'there were mistakes to make');
console.log(failed() === 0 ? 'vscode: all expectations hold' : `vscode: ${failed()} expectations do not hold`);
process.exitCode = failed() === 0 ? 0 : 1;
