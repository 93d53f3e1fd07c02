// What a finding means: the page that `relux explain` prints, behind the code of each finding and as a command.
//
// Must not know any page: the server has them.

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

export const COMMAND = 'relux.explain';
/** The server puts it behind the codes of findings. */
export const ADDRESS = `command:${COMMAND}?%5B%22{code}%22%5D`;
const SCHEME = 'relux-explain';

/** Shows explanations; the pages are read-only documents. */
export class Explanations implements vscode.Disposable {
  private readonly pages: vscode.Disposable;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.pages = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: async ({ path }) => (await this.page(path.slice(1, -'.md'.length))) ?? '',
    });
  }

  /** Shows the page of a code; without one, that of the finding at the cursor. */
  async show(code?: string): Promise<void> {
    code ??= await choose();
    if (code === undefined) {
      return;
    }
    if (this.client() === undefined) {
      void vscode.window.showWarningMessage('Relux: the language server does not run.');
    } else if ((await this.page(code)) === undefined) {
      void vscode.window.showWarningMessage(`Relux: there is no page about \`${code}\`.`);
    } else {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', vscode.Uri.from({ scheme: SCHEME, path: `/${code}.md` }));
    }
  }

  dispose(): void {
    this.pages.dispose();
  }

  private async page(code: string): Promise<string | undefined> {
    const page = await this.client()?.sendRequest<{ markdown: string } | null>('relux/explain', { code });
    return page?.markdown;
  }
}

/** The code of the finding at the cursor; of several, the one that somebody picks. */
async function choose(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const findings = editor ? vscode.languages.getDiagnostics(editor.document.uri) : [];
  const ours = findings.filter(({ source }) => source === 'relux');
  const line = ours.filter(({ range }) => editor && range.start.line <= editor.selection.active.line && editor.selection.active.line <= range.end.line);
  const found = line.length > 0 ? line : ours;
  const codes = [...new Set(found.map(({ code }) => String(typeof code === 'object' ? code.value : code)))];
  if (codes.length === 0) {
    void vscode.window.showInformationMessage('Relux: this file has no findings.');
  }
  return codes.length > 1 ? vscode.window.showQuickPick(codes, { title: 'Explain a Finding' }) : codes[0];
}
