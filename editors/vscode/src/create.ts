// Where there is nothing yet: a new suite, and a file for a new test in a suite.
//
// Must not know how a suite is laid out beyond where its tests are: `relux init` makes it.

import * as vscode from 'vscode';
import { init } from './executable';

const NEW_SUITE = 'New Suite Here';
const OPEN_FOLDER = 'Open Folder';
/** Of the suite's directory. */
const TESTS = 'relux/tests';
/** Where suites are looked for in vain, as the server has it. */
const ELSEWHERE = '**/{node_modules,target,vendor,.*}/**';

/** Makes a suite in a directory and opens its first test; without a directory, somebody is asked for one. */
export async function newSuite(program: () => string, directory?: vscode.Uri): Promise<void> {
  directory ??= await folder();
  if (directory === undefined) {
    return;
  }
  try {
    await init(program(), directory.fsPath);
  } catch (error) {
    void vscode.window.showWarningMessage(`Relux: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const [test] = await vscode.workspace.findFiles(new vscode.RelativePattern(directory, `${TESTS}/*.relux`), null, 1);
  await vscode.window.showTextDocument(test ?? vscode.Uri.joinPath(directory, 'Relux.toml'));
}

/** Makes a file for a test in a suite of the window, and offers to make a suite if there is none. */
export async function newTest(program: () => string): Promise<void> {
  const suites = await findSuites();
  if (suites.length === 0) {
    const offer = 'Relux: tests belong to a suite, and there is none in this window.';
    if ((await vscode.window.showInformationMessage(offer, NEW_SUITE)) === NEW_SUITE) {
      await newSuite(program);
    }
    return;
  }
  const suite = await choose(suites);
  const name = suite && (await askForName(suite));
  const place = fileOf(name ?? '');
  if (suite === undefined || name === undefined || place === undefined) {
    return;
  }
  const file = vscode.Uri.joinPath(suite, place);
  await vscode.workspace.fs.writeFile(file, new Uint8Array());
  const editor = await vscode.window.showTextDocument(file);
  await editor.insertSnippet(template(name));
  await editor.document.save();
}

/** The directory of the window; of several, the one that somebody picks. */
async function folder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    const button = await vscode.window.showInformationMessage('Relux: open the folder first that shall have the suite.', OPEN_FOLDER);
    if (button === OPEN_FOLDER) {
      await vscode.commands.executeCommand('vscode.openFolder');
    }
    return undefined;
  }
  return folders.length === 1 ? folders[0]?.uri : (await vscode.window.showWorkspaceFolderPick())?.uri;
}

async function findSuites(): Promise<vscode.Uri[]> {
  const manifests = await vscode.workspace.findFiles('**/Relux.toml', ELSEWHERE);
  return manifests.map((manifest) => vscode.Uri.joinPath(manifest, '..')).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The suite of the active editor, the innermost one; the only one; or what somebody picks. */
async function choose(suites: vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri.toString() ?? '';
  const around = suites.filter((suite) => active.startsWith(`${suite.toString()}/`));
  const near = around.sort((a, b) => b.path.length - a.path.length)[0];
  if (near !== undefined || suites.length === 1) {
    return near ?? suites[0];
  }
  const picks = suites.map((suite) => ({ label: vscode.workspace.asRelativePath(suite, true), suite }));
  return (await vscode.window.showQuickPick(picks, { title: 'Suite of the New Test' }))?.suite;
}

function askForName(suite: vscode.Uri): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'New Test',
    prompt: 'What the test shows. Its file is named after it.',
    placeHolder: 'echo says what it is told',
    validateInput: async (name) => {
      const file = fileOf(name);
      if (file === undefined) {
        return 'A name has letters or digits.';
      }
      return (await exists(vscode.Uri.joinPath(suite, file))) ? `${file} exists already.` : undefined;
    },
  });
}

/** Where a test of this name goes, below the suite's directory; nowhere if nothing in it can be a name of a file. */
function fileOf(name: string): string | undefined {
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words === null ? undefined : `${TESTS}/${words.join('-')}.relux`;
}

async function exists(file: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(file)).then(() => true, () => false);
}

function template(name: string): vscode.SnippetString {
  const quoted = name.trim().replace(/["\\]/g, '\\$&');
  return new vscode.SnippetString()
    .appendText(`test "${quoted}" {\n    shell `)
    .appendPlaceholder('client')
    .appendText(' {\n        > ')
    .appendPlaceholder('echo hello')
    .appendText('\n        <? ')
    .appendPlaceholder('^hello$')
    .appendText('\n        match_ok()\n    }\n}\n');
}
