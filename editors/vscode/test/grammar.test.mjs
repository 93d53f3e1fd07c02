// The grammar against annotated files and against rules that hold for every file.
//
// In test/grammar/*.relux a line `//   ^^^^ scope` speaks about the line above it and is not part of the source: the
// marked columns must carry that scope. `RELUX_TEST_FILES` names further directories whose files must be understood.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const here = path.dirname(fileURLToPath(import.meta.url));
const extension = path.dirname(here);
const repository = path.resolve(extension, '../..');

// Stands for the shell grammar of VS Code: what matters here is that it opens a string and never closes it.
const SHELL = {
  scopeName: 'source.shell',
  patterns: [{ name: 'string.quoted.double.shell', begin: '"', end: '"' }],
  repository: {},
};

const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
await oniguruma.loadWASM(wasm);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => {
    if (scope === 'source.shell') {
      return SHELL;
    }
    const file = path.join(extension, 'syntaxes/relux.tmLanguage.json');
    return textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
  },
});
const grammar = await registry.loadGrammar('source.relux');

/** The tokens of each line, and the number of rules that are still open after the last one. */
function tokenize(lines) {
  let state = textmate.INITIAL;
  const tokens = lines.map((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens;
  });
  // A payload closes at the start of the line behind it.
  const { ruleStack } = grammar.tokenizeLine('', state);
  return { tokens, depth: ruleStack.depth };
}

function reluxFiles(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.relux'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function annotated(text) {
  const lines = [];
  const claims = [];
  for (const line of text.split('\n')) {
    const claim = /^\/\/ *(\^+) (\S+)$/.exec(line);
    if (claim === null) {
      lines.push(line);
    } else {
      const start = line.indexOf('^');
      claims.push({ line: lines.length - 1, start, end: start + claim[1].length, scope: claim[2] });
    }
  }
  return { lines, claims };
}

for (const file of reluxFiles(path.join(here, 'grammar'))) {
  test(`scopes of ${path.basename(file)}`, () => {
    const { lines, claims } = annotated(readFileSync(file, 'utf8'));
    const { tokens } = tokenize(lines);
    assert.notEqual(claims.length, 0);
    for (const { line, start, end, scope } of claims) {
      assert.ok(end <= lines[line].length, `the mark goes beyond the line: ${lines[line]}`);
      for (const token of tokens[line].filter((token) => token.startIndex < end && token.endIndex > start)) {
        const text = lines[line].slice(token.startIndex, token.endIndex);
        assert.ok(token.scopes.includes(scope), `'${text}' of '${lines[line]}' has ${token.scopes.join(' ')}, not ${scope}`);
      }
    }
  });
}

const further = (process.env.RELUX_TEST_FILES ?? `examples${path.delimiter}tests/fixtures`).split(path.delimiter).filter(Boolean);
// What is meant to be wrong has text that no rule knows.
const WRONG = /[/\\]fixtures[/\\](errors|fuzz)[/\\]/;
const files = further
  .flatMap((directory) => reluxFiles(path.resolve(repository, directory)))
  .filter((file) => process.env.RELUX_TEST_FILES !== undefined || !WRONG.test(file));

test('there are suites to read', () => assert.notEqual(files.length, 0));

for (const file of files) {
  test(`everything in ${path.relative(repository, file)} is known and closed`, () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const { tokens, depth } = tokenize(lines);
    assert.equal(depth, 1, 'a rule is still open at the end of the file');
    tokens.forEach((line, number) => {
      for (const { startIndex, endIndex, scopes } of line) {
        const text = lines[number].slice(startIndex, endIndex);
        const where = `line ${number + 1}: '${text}'`;
        assert.ok(text.trim() === '' || scopes.length > 1, `${where} has no scope`);
        assert.ok(!scopes.some((scope) => scope.startsWith('invalid.')), `${where} is called invalid`);
      }
    });
  });
}

// What stands on a line while somebody types, each of which once swallowed the rest of a file in some grammar.
const HALF_TYPED = [
  '> echo "',
  "> echo 'it",
  '=> "',
  '<? [a-z',
  '<? (?P<name',
  '<~5s? [',
  '<~5s',
  '<= "',
  '!? (',
  '!= ${',
  'let x = "abc',
  'let x := f("a',
  'x ? [',
  '# skip if "',
  '# skip if X ? [',
  'test "name',
  'fn f(a, b',
  'import a/b {',
  'start Db {',
  'expose db.',
  '}',
];

for (const half of HALF_TYPED) {
  test(`'${half}' does not reach the lines below it`, () => {
    const below = ['    > echo ok', '    <? ^ok$', '    let a = "b"', '}', 'effect Db {', '    expect DB_PORT', '}'];
    assert.deepEqual(tokenize([half, ...below]).tokens.slice(1), tokenize(below).tokens);
  });
}

test('the built-in functions are those of the model', () => {
  const source = readFileSync(path.join(repository, 'crates/relux-model/src/builtins.rs'), 'utf8');
  const names = new Set([...source.matchAll(/sig\(\s*Builtin::\w+,\s*"(\w+)"/g)].map((match) => match[1]));
  assert.notEqual(names.size, 0);
  for (const name of names) {
    const [token] = tokenize([`${name}()`]).tokens[0];
    assert.ok(token.scopes.includes('support.function.relux'), name);
  }
});

test('the lockfile names no registry', () => {
  const lock = readFileSync(path.join(extension, 'package-lock.json'), 'utf8');
  assert.doesNotMatch(lock, /"resolved"|registry\./);
});
