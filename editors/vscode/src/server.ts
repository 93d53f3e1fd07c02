// The life of the language server: start, stop, restart, and what the status item says about it.
//
// Must not interpret what the server says: the client library does that, driven by the server's capabilities.

import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import { ExecutableError, expand, probe } from './executable';

const OPEN_SETTINGS = 'Open Settings';
const SHOW_OUTPUT = 'Show Output';

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  /** Starts and stops, one after the other: a restart during a start would leave two servers. */
  private queue: Promise<void> = Promise.resolve();
  private readonly status: vscode.LanguageStatusItem;

  constructor(private readonly output: vscode.LogOutputChannel) {
    this.status = vscode.languages.createLanguageStatusItem('relux.server', { language: 'relux' });
    this.status.name = 'Relux';
    this.status.command = { title: SHOW_OUTPUT, command: 'relux.showOutput' };
  }

  /** Starts the server, after stopping the one that runs. Never rejects: a failure is shown to the user. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.close();
      await this.open();
    });
  }

  /** Stops the server if there is one. Never rejects. */
  stop(): Promise<void> {
    return this.enqueue(() => this.close());
  }

  dispose(): void {
    void this.stop();
    this.status.dispose();
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error: unknown) => this.failed(error));
    return this.queue;
  }

  private async open(): Promise<void> {
    const setting = vscode.workspace.getConfiguration('relux').get('path', 'relux');
    const command = expand(setting, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
    this.show(State.Starting);
    await probe(command);
    const client = new LanguageClient(
      'relux',
      'Relux',
      { command, args: ['lsp'] },
      {
        documentSelector: [
          { scheme: 'file', language: 'relux' },
          { scheme: 'file', pattern: '**/Relux.toml' },
        ],
        outputChannel: this.output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
      },
    );
    this.client = client;
    client.onDidChangeState((change) => this.show(change.newState));
    await client.start();
  }

  private async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A client whose server never came up, or is gone, cannot be stopped politely.
    await client?.dispose().catch((error: unknown) => this.output.warn(String(error)));
  }

  private show(state: State): void {
    const info = this.client?.initializeResult?.serverInfo;
    this.status.busy = state === State.Starting;
    this.status.text = ['Relux', info?.version].filter(Boolean).join(' ');
    this.status.detail = {
      [State.Starting]: 'starting',
      [State.StartFailed]: 'did not start',
      [State.Running]: 'running',
      [State.Stopped]: 'stopped',
    }[state];
    const well = state === State.Starting || state === State.Running;
    this.status.severity = well ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Error;
  }

  private failed(error: unknown): void {
    this.show(State.Stopped);
    this.output.error(error instanceof Error ? error : String(error));
    // The client library already shows the errors of its own making.
    if (error instanceof ExecutableError) {
      // Not awaited: the message may stay open for as long as the window, and a restart must not wait for it.
      void this.advise(error.message);
    }
  }

  private async advise(message: string): Promise<void> {
    const button = await vscode.window.showErrorMessage(`Relux: ${message}`, OPEN_SETTINGS, SHOW_OUTPUT);
    if (button === OPEN_SETTINGS) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'relux.path');
    } else if (button === SHOW_OUTPUT) {
      this.output.show();
    }
  }
}
