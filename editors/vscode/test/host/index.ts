// Tests that run inside of the extension host of a real editor, against the `vscode` API. The editor loads this
// module and calls `run`; one line per test goes to the console, which the one who started the editor reads.
//
// `RELUX_GREP` picks tests by a regular expression.
//
// Must not use keyboard or mouse: what is seen and clicked is tested from outside.

import Mocha from 'mocha';
import * as vscode from 'vscode';

/** Rejects when a test fails, which is how the editor learns of it. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base, grep: new RegExp(process.env.RELUX_GREP ?? '') });
  mocha.suite.emit('pre-require', globalThis, 'host', mocha);
  if ((vscode.workspace.workspaceFolders?.length ?? 0) > 1) {
    await import('./folders.test.js');
  } else {
    await import('./editing.test.js');
    await import('./commands.test.js');
    await import('./tests.test.js');
    await import('./server.test.js');
    // The last one: the editor keeps documents for a while, and the server so the suites that they have made.
    await import('./create.test.js');
  }
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => console.log(`ok      ${test.fullTitle()}`))
      .on('pending', (test) => console.log(`skipped ${test.fullTitle()}`))
      .on('fail', (test, error: Error) => console.log(`NOT ok  ${test.fullTitle()}\n${error.stack ?? error.message}`));
  });
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
}
