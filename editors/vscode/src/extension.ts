// The entry point: starts one language server for the window and offers to restart it and to show its output.
//
// Must not know anything about the language. What the editor shows comes from `relux lsp`, and so do the commands
// behind the lenses: the client registers whatever commands the server announces and sends them back to it.

import * as vscode from 'vscode';
import { Server } from './server';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Relux', { log: true });
  const current = new Server(output);
  server = current;
  context.subscriptions.push(
    output,
    current,
    vscode.commands.registerCommand('relux.restartServer', () => current.restart()),
    vscode.commands.registerCommand('relux.showOutput', () => output.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('relux.path')) {
        void current.restart();
      }
    }),
  );
  await current.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
