// The commands that migrate a file or a statement: the server's code actions of that name, without the detour through
// the menu of all refactorings.
//
// Must not edit by itself: the edits, and the reason why there are none, come from the server.

import * as vscode from 'vscode';
import type { CodeAction, Command, LanguageClient } from 'vscode-languageclient/node';

export type Migration = 'file' | 'statement';

const NOTHING: Record<Migration, string> = {
  file: 'this file already has the newest edition, or nothing to migrate.',
  statement: 'the statement at the cursor already has the edition of its file.',
};

/** Does it to the file of the active editor, or to the statement at its cursor. */
export async function migrate(what: Migration, client: LanguageClient | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== 'relux') {
    void vscode.window.showInformationMessage('Relux: open a Relux file first.');
    return;
  }
  if (client === undefined) {
    void vscode.window.showWarningMessage('Relux: the language server does not run.');
    return;
  }
  try {
    await apply(what, client, editor);
  } catch (error) {
    // The server refuses with a reason.
    void vscode.window.showWarningMessage(`Relux: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function apply(what: Migration, client: LanguageClient, { document, selection }: vscode.TextEditor): Promise<void> {
  // The file as a whole is offered outside of its items only; nothing is before its first character.
  const at = what === 'file' ? new vscode.Position(0, 0) : selection.active;
  const actions = await client.sendRequest<(CodeAction | Command)[] | null>('textDocument/codeAction', {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
    range: client.code2ProtocolConverter.asRange(new vscode.Range(at, at)),
    context: { diagnostics: [], only: ['refactor.rewrite'] },
  });
  const found = actions?.find((action): action is CodeAction => action.title.startsWith(`Migrate the ${what} `));
  if (found === undefined) {
    void vscode.window.showInformationMessage(`Relux: ${NOTHING[what]}`);
    return;
  }
  const { edit } = found.edit ? found : await client.sendRequest<CodeAction>('codeAction/resolve', found);
  if (edit !== undefined) {
    await vscode.workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(edit));
  }
}
