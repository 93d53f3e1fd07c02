// The entry point: starts one language server for the window and puts commands, the test explorer and the effect
// graph beside it.
//
// Must not know anything about the language. What the editor shows comes from `relux lsp`, and so do the commands
// behind the lenses: the client registers whatever commands the server announces and sends them back to it.

import * as vscode from 'vscode';
import type { Location, Position } from 'vscode-languageclient/node';
import { newSuite, newTest } from './create';
import { Directories } from './directories';
import { COMMAND as EXPLAIN, Explanations } from './explain';
import { Explorer } from './explorer';
import { GraphView } from './graph';
import { migrate } from './migrate';
import { Server } from './server';

let server: Server | undefined;

/** What other extensions, and tests, get from this one. */
export interface Api {
  /** The tree of the test explorer and its runs. */
  readonly tests: vscode.TestController;
  /** Directory of the log. */
  readonly logs: string;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel('Relux', { log: true });
  const explorer = new Explorer(output);
  const current = new Server(output, explorer, context.extensionPath);
  const graph = new GraphView(() => current.running, current.onDidStart);
  const explanations = new Explanations(() => current.running);
  server = current;
  const command = (name: string, action: (uri?: vscode.Uri) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(name, action);
  context.subscriptions.push(
    output,
    explorer,
    current,
    graph,
    explanations,
    new Directories(() => current.running),
    command('relux.restartServer', () => current.restart()),
    command('relux.showOutput', () => output.show()),
    command('relux.showServerStatus', () => current.showStatus()),
    command('relux.runAll', () => explorer.start()),
    command('relux.runFile', (uri) => runFile(explorer, uri ?? vscode.window.activeTextEditor?.document.uri)),
    command('relux.runFolder', (uri) => explorer.start(uri)),
    command('relux.newSuite', (uri) => newSuite(() => current.program(), uri)),
    command('relux.newTest', () => newTest(() => current.program())),
    vscode.commands.registerCommand(EXPLAIN, (code?: string) => explanations.show(code)),
    command('relux.migrateFile', () => migrate('file', current.running)),
    command('relux.migrateStatement', () => migrate('statement', current.running)),
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
  await vscode.commands.executeCommand('setContext', 'relux.active', true);
  await current.restart();
  return { tests: explorer.controller, logs: context.logUri.fsPath };
}

async function runFile(explorer: Explorer, uri: vscode.Uri | undefined): Promise<void> {
  if (uri === undefined) {
    void vscode.window.showInformationMessage('Relux: open a Relux file first.');
    return;
  }
  await explorer.start(uri);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
