// The commands of the palette.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { SMOKE, at, codes, extension, inSuite, messages, open, until, write } from './support';

const execute = vscode.commands.executeCommand;
const tabs = (): string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));

describe('commands', () => {
  before(extension);
  afterEach(() => execute('workbench.action.closeAllEditors'));

  it('are all there that the manifest names', async () => {
    const root = vscode.extensions.getExtension('relux.relux')?.extensionPath ?? '';
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands());
    const missing = manifest.contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('show the status of the server', async () => {
    await execute('relux.showServerStatus');
    await until('its page', () => tabs().some((label) => label.includes('Relux status')));
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse('relux-status:/Relux status.md'));
    const text = page.getText();
    assert.match(text, /^# The Relux language server\n\nIt runs, for /);
    assert.ok(text.includes(`| \`${inSuite('').fsPath.replace(/\/$/, '')}\` | `), text);
    const json = JSON.parse(/```json\n([^]*)\n```/.exec(text)?.[1] ?? '') as { version: string; path: string; suites: unknown[] };
    assert.match(json.version, /^\d+\.\d+\.\d+/);
    assert.ok(path.isAbsolute(json.path), json.path);
    assert.equal(json.suites.length, 1);
  });

  it('draw the effect graph beside the file', async () => {
    const { document } = await open(inSuite(SMOKE));
    const place = at(document, 'start Tasks');
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
    await execute('relux.openEffectGraph');
    await until('its tab', () => tabs().includes('Effects of the life of a task'));
  });

  it('explain a finding, whose code leads there', async () => {
    const uri = await write('relux/tests/explained.relux', 'test "t" {\n    start Nothing\n}\n');
    const { document } = await open(uri);
    await until('the finding', () => codes(uri).includes('unresolved-effect'));
    const finding = vscode.languages.getDiagnostics(uri).find(({ code }) => typeof code === 'object' && code.value === 'unresolved-effect');
    assert.ok(typeof finding?.code === 'object');
    assert.equal(decodeURIComponent(finding.code.target.toString(true)), 'command:relux.explain?["unresolved-effect"]');
    await execute('relux.explain', 'unresolved-effect');
    await until('its page', () => tabs().some((label) => label.includes('unresolved-effect')));
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse('relux-explain:/unresolved-effect.md'));
    assert.match(page.getText(), /unresolved-effect/);
    assert.deepEqual(await messages(() => execute('relux.explain', 'nonsense')), ['Relux: there is no page about `nonsense`.']);
    await open(document.uri);
    await vscode.workspace.fs.delete(uri);
  });

  it('migrate a file, and say so when there is nothing to migrate', async () => {
    const before = 'test "t" {\n    let a = "1"\n\n    shell sh {\n        > echo ${a}\n        match_ok()\n    }\n}\n';
    const uri = await write('relux/tests/old.relux', before);
    const { document } = await open(uri);
    await until('its lens', async () => (await execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).length > 0);
    assert.deepEqual(await messages(() => execute('relux.migrateFile')), []);
    assert.equal(document.getText(), before.replace('let a =', 'let a :='));
    await execute('workbench.action.files.revert');
    await vscode.workspace.fs.delete(uri);
  });

  it('migrate a statement to the edition of its file', async () => {
    await write('newer/Relux.toml', 'edition = "2026-08"\n');
    const text = 'test "t" {\n    let a = "1"\n\n    shell sh {\n        > echo ${a}\n        match_ok()\n    }\n}\n';
    const uri = await write('newer/relux/tests/t.relux', text);
    const { document } = await open(uri);
    await until('its lens', async () => (await execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).length > 0);
    const place = at(document, 'a = "1"', '=');
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
    assert.deepEqual(await messages(() => execute('relux.migrateStatement')), []);
    assert.equal(document.getText(), text.replace('let a =', 'let a :='));
    const said = await messages(() => execute('relux.migrateStatement'));
    assert.deepEqual(said, ['Relux: the statement at the cursor already has the edition of its file.']);
    const file = await messages(() => execute('relux.migrateFile'));
    assert.deepEqual(file, ['Relux: this file already has the newest edition, or nothing to migrate.']);
    await execute('workbench.action.files.revert');
    await vscode.workspace.fs.delete(inSuite('newer'), { recursive: true });
  });

  it('say what they need when there is no file', async () => {
    for (const command of ['relux.runFile', 'relux.openEffectGraph', 'relux.migrateFile', 'relux.migrateStatement']) {
      const said = await messages(() => execute(command));
      assert.equal(said.length, 1, command);
      assert.match(said[0] ?? '', /^Relux: open a /);
    }
  });

  it('say so when a file has no tests', async () => {
    await open(inSuite('relux/lib/jq.relux'));
    assert.deepEqual(await messages(() => execute('relux.runFile')), ['Relux: there are no tests here.']);
  });
});
