// What the extension says about the executable that `relux.path` names.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const source = fileURLToPath(new URL('../src/executable.ts', import.meta.url));
const { outputFiles } = buildSync({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', write: false });
const bundled = Buffer.from(outputFiles[0].contents).toString('base64');
const { ExecutableError, expand, find, probe } = await import(`data:text/javascript;base64,${bundled}`);

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
  ['an executable with a server', program('good', 'test "$*" = "lsp --help"'), undefined],
  ['a missing one', path.join(scratch, 'missing'), /was not found/],
  ['one that may not be executed', program('plain', 'exit 0', 0o644), /may not be executed/],
  ['another program of that name', program('other', 'echo "unrecognized subcommand" >&2; exit 2'), /no language server/],
  ['one that ends badly', program('bad', 'kill -9 $$'), /does not run/],
];

for (const [what, command, expected] of ANSWERS) {
  test(what, async () => {
    const message = await probe(command).then(
      () => undefined,
      (error) => error instanceof ExecutableError && error.message,
    );
    if (expected === undefined) {
      assert.equal(message, undefined);
    } else {
      assert.match(message, expected);
    }
  });
}
