// Runs the tests that live inside of the extension host of a real VS Code: `editors/vscode/test/host`, bundled. Once in
// a window with one folder, once in one with two.
//
// Environment: as for drive.mjs, and RELUX_EXTENSION (directory of the extension, built). Exits 1 when a test fails.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runInHost, startEditor } from './editor.mjs';

const { RELUX_BIN, RELUX_SUITE, RELUX_SCRATCH, RELUX_EXTENSION } = process.env;
const TIMEOUT = 300_000; // ms for all tests of a window

/** Lines of the tests; the rest is what the editor says about itself. */
function print(_type, [text]) {
  if (/^(ok|NOT ok|skipped) /.test(text)) {
    counts[text.slice(0, 2)] = (counts[text.slice(0, 2)] ?? 0) + 1;
    console.log(text);
  }
}
const counts = {};

/** A second suite, and a workspace file that names both. */
function workspace() {
  const other = path.join(RELUX_SCRATCH, 'other');
  mkdirSync(path.join(other, 'relux/tests'), { recursive: true });
  writeFileSync(path.join(other, 'Relux.toml'), 'name = "other"\n');
  writeFileSync(path.join(other, 'relux/tests/hello.relux'), 'test "says hello" {\n    shell a {\n        > echo hello\n        <? ^hello$\n    }\n}\n');
  const tasks = path.join(RELUX_SCRATCH, 'tasks');
  cpSync(RELUX_SUITE, tasks, { recursive: true });
  const file = path.join(RELUX_SCRATCH, 'both.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: tasks }, { path: other }] }));
  return file;
}

const both = workspace();
const editor = await startEditor({
  install: process.env.RELUX_EDITORS_DIR,
  scratch: RELUX_SCRATCH,
  vsix: [],
  settings: { 'relux.path': RELUX_BIN },
  smokeTests: true,
});
let passed = true;
try {
  for (const on of [{ folder: RELUX_SUITE }, { workspace: both }]) {
    const tests = path.join(RELUX_EXTENSION, 'dist/test/index.js');
    passed = (await runInHost(editor, { extension: RELUX_EXTENSION, tests, on, print, timeout: TIMEOUT })) && passed;
  }
} finally {
  await editor.stop();
}
console.log(`vscode, inside: ${counts.ok ?? 0} passed, ${counts.NO ?? 0} failed${passed ? '' : ', NOT well'}`);
process.exitCode = passed ? 0 : 1;
