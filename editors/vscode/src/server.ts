// The life of the language server: start, stop, restart, and what the status item says about it.
//
// Must not interpret what the server says: the client library does that, driven by the server's capabilities.

import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State, type Location, type Position } from 'vscode-languageclient/node';
import { ExecutableError, find, probe } from './executable';
import { saveAll, type Explorer } from './explorer';
import { COMMAND as SHOW_GRAPH } from './graph';

/** The command behind lenses that show places; the server sends them only to clients that have it. */
const SHOW_REFERENCES = 'relux.showReferences';
const OPEN_SETTINGS = 'Open Settings';
const SHOW_OUTPUT = 'Show Output';

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private command = '';
  /** Starts and stops, one after the other: a restart during a start would leave two servers. */
  private queue: Promise<void> = Promise.resolve();
  private readonly status: vscode.LanguageStatusItem;

  constructor(
    private readonly output: vscode.LogOutputChannel,
    private readonly explorer: Explorer,
    private readonly extension: string,
  ) {
    this.status = vscode.languages.createLanguageStatusItem('relux.server', { language: 'relux' });
    this.status.name = 'Relux';
    this.status.command = { title: SHOW_OUTPUT, command: 'relux.showOutput' };
  }

  /** The client of the server that runs now. */
  get running(): LanguageClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** Shows places that a lens has counted, in the editor's own view. */
  async showReferences(uri: string, position: Position, locations: Location[]): Promise<void> {
    const convert = this.client?.protocol2CodeConverter;
    if (convert !== undefined) {
      const places = locations.map((location) => convert.asLocation(location));
      const at = convert.asPosition(position);
      await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), at, places);
    }
  }

  /** Shows what the server says about itself. */
  async showStatus(): Promise<void> {
    const client = this.running;
    if (client === undefined) {
      void vscode.window.showWarningMessage('Relux: the language server does not run.', SHOW_OUTPUT).then((button) => {
        if (button === SHOW_OUTPUT) {
          this.output.show();
        }
      });
      return;
    }
    // A server of another age may know less about itself.
    const known = { server: client.initializeResult?.serverInfo, path: this.command };
    const status: object = await client.sendRequest<object>('relux/status').catch(() => ({}));
    const content = JSON.stringify({ ...known, ...status }, null, 2);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'json', content }));
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
    const setting = vscode.workspace.getConfiguration('relux').get('path', '');
    const command = find(setting, this.extension, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
    this.command = command;
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
        middleware: {
          executeCommand: async (name, args, next) => {
            if (name === 'relux.runTests') {
              await saveAll();
            }
            return (await next(name, args)) as unknown;
          },
        },
      },
    );
    this.client = client;
    client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        capabilities.experimental = { commands: { commands: [SHOW_REFERENCES] }, reluxTests: true };
      },
      initialize: () => undefined,
      getState: () => ({ kind: 'static' }),
      clear: () => undefined,
    });
    client.onDidChangeState((change) => this.show(change.newState));
    this.explorer.attach(client);
    await client.start();
    const commands = client.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
    await vscode.commands.executeCommand('setContext', 'relux.hasGraph', commands.includes(SHOW_GRAPH));
  }

  private async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.explorer.detach();
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
