// What the extension says about the executable that `relux.path` names.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const source = fileURLToPath(new URL('../src/executable.ts', import.meta.url));
const { outputFiles } = buildSync({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', write: false });
const bundled = Buffer.from(outputFiles[0].contents).toString('base64');
const { ExecutableError, expand, find, init, probe } = await import(`data:text/javascript;base64,${bundled}`);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'relux-'));
after(() => rmSync(scratch, { recursive: true }));

function program(name, body, mode = 0o755) {
  const file = path.join(scratch, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, mode);
  return file;
}

test('a bare name and an absolute path stay as they are', () => {
  assert.equal(expand('relux', '/suite'), 'relux');
  assert.equal(expand('/opt/relux', '/suite'), '/opt/relux');
});

test('prefixes are replaced', () => {
  assert.equal(expand('~/bin/relux', '/suite'), path.join(os.homedir(), 'bin/relux'));
  assert.equal(expand('${workspaceFolder}/bin/relux', '/suite'), path.join('/suite', 'bin/relux'));
});

test('a workspace folder is needed where it is named', () => {
  assert.throws(() => expand('${workspaceFolder}/relux', undefined), ExecutableError);
});

test('the setting comes first, then the bundled one, then PATH', () => {
  mkdirSync(path.join(scratch, 'bundle/bin'), { recursive: true });
  assert.equal(find('', path.join(scratch, 'bundle'), undefined), 'relux');
  const bundled = program('bundle/bin/relux', 'exit 0');
  assert.equal(find('  ', path.join(scratch, 'bundle'), undefined), bundled);
  assert.equal(find('/opt/relux', path.join(scratch, 'bundle'), undefined), '/opt/relux');
});

const ANSWERS = [
  ['an executable with a server', program('good', 'case "$*" in --version) echo relux 1.2.3;; "lsp --help") ;; *) exit 1;; esac'), undefined],
  ['a missing one', path.join(scratch, 'missing'), /was not found/],
  ['one that may not be executed', program('plain', 'exit 0', 0o644), /may not be executed/],
  ['one that takes no question', program('other', 'echo "unrecognized option" >&2; exit 2'), /no language server: 'relux.path' names another program/],
  ['another program that says who it is', program('ls', 'echo "ls (GNU coreutils) 9.1"'), /is not relux: 'relux.path' names another program/],
  ['one that ends quietly', '/bin/true', /'\/bin\/true' is not relux/],
  ['another relux', program('older', 'test "$*" = --version && echo relux 0.8.3 || exit 2'), /no language server: 'relux.path' names another program/],
  ['one that ends badly', program('bad', 'kill -9 $$'), /does not run/],
  ['one that waits to be typed into', program('reads', 'cat'), /is not relux/],
];

for (const [what, command, expected] of ANSWERS) {
  test(what, async () => {
    const message = await answer(command, true);
    if (expected === undefined) {
      assert.equal(message, undefined);
    } else {
      assert.match(message, expected);
    }
  });
}

test('what nobody has named comes first in PATH', async () => {
  assert.match(await answer(program('first', 'exit 2'), false), /no language server: another relux comes first in PATH/);
  assert.match(await answer('/bin/true', false), /is not relux: another relux comes first in PATH/);
});

test('a suite is made, or it is said why not', async () => {
  const made = path.join(scratch, 'made');
  await init(program('makes', 'test "$1" = init && touch "$2"'), made);
  assert.ok(existsSync(made));
  const refuses = program('refuses', 'echo "error: Relux.toml exists already; nothing was changed" >&2; exit 2');
  await assert.rejects(init(refuses, made), { message: 'Relux.toml exists already; nothing was changed' });
});

/** What a probe complains of. */
function answer(command, chosen) {
  return probe(command, chosen).then(
    () => undefined,
    (error) => error instanceof ExecutableError && error.message,
  );
}
