// What there is for somebody who has nothing yet: a new suite, a new test, and a file that is not saved.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, codes, extension, inSuite, item, messages, open, replace, until } from './support';

const execute = vscode.commands.executeCommand;
const text = (): string | undefined => vscode.window.activeTextEditor?.document.getText();

describe('beginners', () => {
  afterEach(async () => {
    await execute('workbench.action.revertAndCloseActiveEditor');
    await execute('workbench.action.closeAllEditors');
  });

  it('get a test by its name, in a file that the explorer has', async () => {
    const api = await extension();
    const file = inSuite('relux/tests/it-says-hello.relux');
    await answering({ showInputBox: 'It says "hello"!' }, () => execute('relux.newTest'));
    const [document] = [vscode.window.activeTextEditor?.document];
    assert.equal(document?.uri.toString(), file.toString());
    assert.match(text() ?? '', /^test "It says \\"hello\\"!" \{\n {4}shell client \{\n/);
    assert.equal(document.isDirty, false);
    await until('the test', () => item(api.tests.items, 'it-says-hello.relux')?.children.size === 1);
    assert.deepEqual(codes(file), []);
    await vscode.workspace.fs.delete(file);
  });

  it('are told of a name that is none, or is taken', async () => {
    const asked = await answering({ showInputBox: undefined }, () => execute('relux.newTest'));
    const { validateInput: check } = asked.showInputBox as vscode.InputBoxOptions;
    assert.equal(await check?.(' ! '), 'A name has letters or digits.');
    assert.equal(await check?.('crash course'), undefined);
    await vscode.workspace.fs.writeFile(inSuite('relux/tests/taken.relux'), new Uint8Array());
    assert.equal(await check?.('Taken'), 'relux/tests/taken.relux exists already.');
    await vscode.workspace.fs.delete(inSuite('relux/tests/taken.relux'));
  });

  it('get a suite in a folder, and are told when there is one', async () => {
    const api = await extension();
    const directory = inSuite('fresh');
    assert.deepEqual(await messages(() => execute('relux.newSuite', directory)), []);
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /\/fresh\/relux\/tests\/hello\.relux$/);
    await until('its test', () => item(api.tests.items, 'fresh'));
    const again = await messages(() => execute('relux.newSuite', directory));
    assert.equal(again.length, 1);
    assert.match(again[0] ?? '', /Relux\.toml exists already; nothing was changed$/);
    await vscode.workspace.fs.delete(directory, { recursive: true });
  });

  it('are helped in a file that is not saved', async () => {
    const api = await extension();
    const document = await vscode.workspace.openTextDocument({ language: 'relux', content: 'test "has no file" {\n    start Nothing\n    \n}\n' });
    await vscode.window.showTextDocument(document);
    await until('a finding', () => codes(document.uri).includes('unresolved-effect'));
    const place = new vscode.Position(2, 4);
    const { items } = await execute<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, place);
    assert.ok(items.some(({ label }) => label === 'shell' || (label as vscode.CompletionItemLabel).label === 'shell'));
    await replace(document, '    start Nothing\n', '');
    await until('no such finding', () => !codes(document.uri).includes('unresolved-effect'));
    assert.equal(item(api.tests.items, 'has no file'), undefined);
    const said = await messages(() => execute('relux.runFile'));
    assert.deepEqual(said, ['Relux: save the file first, in the directory relux/tests of a suite.']);
    await open(inSuite('Relux.toml'));
    await execute('workbench.action.closeActiveEditor');
  });
});
