// The entry point: starts one language server for the window and puts commands, the test explorer and the effect
// graph beside it.
//
// Must not know anything about the language. What the editor shows comes from `relux lsp`, and so do the commands
// behind the lenses: the client registers whatever commands the server announces and sends them back to it.

import * as vscode from 'vscode';
import type { Location, Position } from 'vscode-languageclient/node';
import { Explorer } from './explorer';
import { GraphView } from './graph';
import { Server } from './server';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Relux', { log: true });
  const explorer = new Explorer(output);
  const current = new Server(output, explorer, context.extensionPath);
  const graph = new GraphView(() => current.running);
  server = current;
  const command = (name: string, action: (uri?: vscode.Uri) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(name, action);
  context.subscriptions.push(
    output,
    explorer,
    current,
    graph,
    command('relux.restartServer', () => current.restart()),
    command('relux.showOutput', () => output.show()),
    command('relux.showServerStatus', () => current.showStatus()),
    command('relux.runAll', () => explorer.start()),
    command('relux.runFile', (uri) => explorer.start(uri ?? vscode.window.activeTextEditor?.document.uri)),
    vscode.commands.registerCommand('relux.showReferences', (uri: string, position: Position, places: Location[]) =>
      current.showReferences(uri, position, places),
    ),
    command('relux.openEffectGraph', (uri) => graph.open(uri)),
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
