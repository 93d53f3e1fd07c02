// What the language server gives to the editor, asked for through the commands that the editor has for it.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { SERVICE, SMOKE, at, codes, extension, inSuite, open, replace, until, write } from './support';

const execute = vscode.commands.executeCommand;

describe('editing', () => {
  let smoke: vscode.TextDocument;

  before(async () => {
    await extension();
    smoke = (await open(inSuite(SMOKE))).document;
    await until('lenses', async () => (await execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', smoke.uri)).length > 0);
  });

  afterEach(async () => {
    await open(smoke.uri);
    await execute('workbench.action.files.revert');
    await until('the file as it was', () => !smoke.isDirty);
  });

  it('has no finding in a suite without mistakes', () => {
    const found = vscode.languages.getDiagnostics().filter(([, list]) => list.some(({ severity }) => severity === 0));
    assert.deepEqual(found.map(([uri]) => uri.path), []);
  });

  it('marks a mistake before it is saved, and takes the mark away', async () => {
    await replace(smoke, ', TASKS_PORT = tasks_port', '');
    await until('missing-expect', () => codes(smoke.uri).includes('missing-expect'));
    const [found] = vscode.languages.getDiagnostics(smoke.uri);
    assert.equal(found && smoke.getText(found.range), 'Tasks');
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Error);
    assert.ok((found?.relatedInformation?.length ?? 0) > 0, 'it says where the name is expected');
    await execute('undo');
    await until('no finding', () => codes(smoke.uri).length === 0);
  });

  it('marks mistakes in files that are not open', async () => {
    const uri = await write('relux/tests/broken.relux', 'test "x" {\n    start Nobody\n}\n');
    await until('unresolved-effect', () => codes(uri).includes('unresolved-effect'));
    await vscode.workspace.fs.delete(uri);
    await until('no finding', () => codes(uri).length === 0);
  });

  it('completes the key that an overlay lacks, and offers no templates there', async () => {
    await replace(smoke, ', TASKS_PORT = tasks_port', ', ');
    const place = at(smoke, 'AUTH_PORT = auth_port, ').translate(0, 'AUTH_PORT = auth_port, '.length);
    const { items } = await execute<vscode.CompletionList>('vscode.executeCompletionItemProvider', smoke.uri, place);
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.deepEqual(labels, ['TASKS_PORT']);
  });

  it('shows what an effect gets in its hover', async () => {
    const hovers = await execute<vscode.Hover[]>('vscode.executeHoverProvider', smoke.uri, at(smoke, 'start Tasks {', 'Tasks'));
    const text = hovers.flatMap(({ contents }) => contents.map((it) => (it as vscode.MarkdownString).value)).join('\n');
    assert.match(text, /STORE_PORT/);
  });

  it('goes to the definition of an effect in another file', async () => {
    const place = at(smoke, 'start Tasks {', 'Tasks');
    const [found] = await execute<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', smoke.uri, place);
    assert.ok(found);
    const uri = 'targetUri' in found ? found.targetUri : found.uri;
    assert.equal(uri.toString(), inSuite(SERVICE).toString());
  });

  it('renames an effect over all files', async () => {
    const place = at(smoke, 'start Tasks {', 'Tasks');
    const edit = await execute<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', smoke.uri, place, 'Board');
    const paths = edit.entries().map(([uri]) => vscode.workspace.asRelativePath(uri));
    assert.ok(paths.includes(SMOKE) && paths.includes(SERVICE), paths.join(' '));
    assert.ok(edit.entries().every(([, edits]) => edits.every(({ newText }) => newText === 'Board')));
  });

  it('refuses a rename to a name that is taken, and says why', async () => {
    const place = at(smoke, 'start Tasks {', 'Tasks');
    const refused = execute('vscode.executeDocumentRenameProvider', smoke.uri, place, 'TasksWithBacklog');
    await assert.rejects(async () => refused, /TasksWithBacklog/);
  });

  it('has no words from elsewhere among what it completes: they would change what a test sends', () => {
    const settings = vscode.workspace.getConfiguration('editor', smoke);
    assert.equal(settings.get('wordBasedSuggestions'), 'off');
  });

  it('puts lenses to run on tests and on the file, and none that it has no means for', async () => {
    const lenses = await execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', smoke.uri, 100);
    const titles = lenses.map(({ command }) => command?.title ?? '');
    const tests = smoke.getText().match(/^test /gm)?.length;
    assert.equal(titles.filter((title) => title.includes('Run test')).length, tests);
    assert.equal(titles.filter((title) => title.includes('Run file')).length, 1);
    assert.ok(!titles.some((title) => /debug/i.test(title)), titles.join(' | '));
  });

  it('leaves out what a setting turns off, at once', async () => {
    const settings = vscode.workspace.getConfiguration('relux');
    const lenses = () => execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', smoke.uri);
    await settings.update('lenses.run', false, vscode.ConfigurationTarget.Global);
    await until('no lens', async () => (await lenses()).length === 0);
    await settings.update('lenses.run', undefined, vscode.ConfigurationTarget.Global);
    await until('the lenses', async () => (await lenses()).length > 0);
  });

  it('formats a document and nothing but blanks', async () => {
    const uri = await write('relux/tests/format.relux', 'test "a" {\n  shell  x {\n> true  \n  }\n}\n');
    const { document } = await open(uri);
    const format = (): Thenable<vscode.TextEdit[] | undefined> =>
      execute<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', uri, { tabSize: 4, insertSpaces: true });
    const edits = await until('edits', format);
    const change = new vscode.WorkspaceEdit();
    change.set(uri, edits);
    await vscode.workspace.applyEdit(change);
    assert.equal(document.getText(), 'test "a" {\n    shell x {\n        > true  \n    }\n}\n');
    await execute('workbench.action.files.revert');
    await execute('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(uri);
  });

  it('has an outline, folding, colours by meaning, inlay hints and links', async () => {
    const symbols = await execute<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', smoke.uri);
    assert.ok(symbols.some(({ name }) => name.includes('the life of a task')));
    const folds = await execute<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', smoke.uri);
    assert.ok(folds.length > 3);
    const tokens = await execute<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', smoke.uri);
    assert.ok(tokens.data.length > 0);
    const all = new vscode.Range(0, 0, smoke.lineCount, 0);
    const hints = await execute<vscode.InlayHint[]>('vscode.executeInlayHintProvider', smoke.uri, all);
    assert.ok(hints.length > 0);
    const links = await execute<vscode.DocumentLink[]>('vscode.executeLinkProvider', smoke.uri);
    assert.ok(links.length > 0);
  });

  it('moves imports along with a module', async () => {
    const edit = new vscode.WorkspaceEdit();
    const [from, to] = [inSuite('relux/lib/jq.relux'), inSuite('relux/lib/json.relux')];
    edit.renameFile(from, to);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('the new path', () => smoke.getText().includes('import json {'));
    await vscode.workspace.saveAll();
    // A file that the server has not heard of yet cannot be moved with its imports.
    await until('the module at its new place', async () => {
      const place = at(smoke, 'import json {', 'json');
      const [found] = await execute<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', smoke.uri, place);
      return found && ('targetUri' in found ? found.targetUri : found.uri).toString() === to.toString();
    });
    await until('no finding', () => codes(smoke.uri).length === 0);
    const back = new vscode.WorkspaceEdit();
    back.renameFile(to, from);
    assert.ok(await vscode.workspace.applyEdit(back));
    await until('the old path', () => smoke.getText().includes('import jq {'));
    await vscode.workspace.saveAll();
    await until('no finding', () => codes(smoke.uri).length === 0);
  });

  it('offers templates for an empty file, and they are free of mistakes', async () => {
    for (const [number, name] of ['A test', 'A service and its test'].entries()) {
      // A file of its own for each: the editor may keep what was in one that is deleted.
      const uri = await write(`relux/tests/template-${number}.relux`, '');
      const { document } = await open(uri);
      await execute('editor.action.insertSnippet', { langId: 'relux', name });
      await until('the template', () => document.getText().includes('shell'));
      await document.save();
      await until('its lens', async () => (await execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).length > 0);
      // A mistake of our own tells when the findings are those of the present text: then it is the only one.
      const mistake = new vscode.WorkspaceEdit();
      mistake.insert(uri, document.lineAt(document.lineCount - 1).range.end, '\nnonsense\n');
      assert.ok(await vscode.workspace.applyEdit(mistake));
      await until('the mistake', () => codes(uri).includes('unknown-word'));
      const errors = vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.deepEqual(errors.map(({ code }) => (typeof code === 'object' ? code.value : code)), ['unknown-word']);
      await document.save();
      await execute('workbench.action.closeActiveEditor');
      await vscode.workspace.fs.delete(uri);
    }
  });
});
