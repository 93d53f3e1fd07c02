// The life of the language server: start, stop, restart, and what the status item says about it.
//
// Must not interpret what the server says: the client library does that, driven by the server's capabilities.

import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type CloseHandlerResult,
  type Location,
  type Position,
} from 'vscode-languageclient/node';
import { leaveToGrammar } from './colours';
import { ExecutableError, find, probe } from './executable';
import { ADDRESS as EXPLANATIONS } from './explain';
import { saveAll, type Explorer } from './explorer';
import { COMMAND as SHOW_GRAPH } from './graph';
import { page, type Status } from './status';
import { Trace } from './trace';

/** The command behind lenses that show places; the server sends them only to clients that have it. */
const SHOW_REFERENCES = 'relux.showReferences';
/** A page of its own rather than a new file, which would ask to be saved. */
const STATUS_PAGE = vscode.Uri.parse('relux-status:/Relux status.md');
const OPEN_SETTINGS = 'Open Settings';
const SHOW_OUTPUT = 'Show Log';
const RESTART = 'Restart';
/** So many crashes within so many ms are one too many: the next would not go better. */
const CRASHES = 5;
const CRASH_PERIOD = 180_000;

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private command = '';
  /** When the server has crashed, since somebody last started it by hand. */
  private crashes: number[] = [];
  /** Starts and stops, one after the other: a restart during a start would leave two servers. */
  private queue: Promise<void> = Promise.resolve();
  private readonly status: vscode.LanguageStatusItem;
  private readonly trace: Trace;
  private readonly statusChanged = new vscode.EventEmitter<vscode.Uri>();
  private readonly started = new vscode.EventEmitter<void>();
  /** A server answers again, or for the first time. */
  readonly onDidStart = this.started.event;
  private readonly pages: vscode.Disposable;

  constructor(
    private readonly output: vscode.LogOutputChannel,
    private readonly explorer: Explorer,
    private readonly extension: string,
  ) {
    this.trace = new Trace(output);
    this.pages = vscode.workspace.registerTextDocumentContentProvider(STATUS_PAGE.scheme, {
      onDidChange: this.statusChanged.event,
      provideTextDocumentContent: () => this.describe(),
    });
    this.status = vscode.languages.createLanguageStatusItem('relux.server', { language: 'relux' });
    this.status.name = 'Relux';
    this.status.command = { title: SHOW_OUTPUT, command: 'relux.showOutput' };
  }

  /** The client of the server that runs now. */
  get running(): LanguageClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** The program that the settings mean now. */
  program(): string {
    return find(pathSetting(), this.extension, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
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
    this.statusChanged.fire(STATUS_PAGE);
    await vscode.commands.executeCommand('markdown.showPreview', STATUS_PAGE);
  }

  private async describe(): Promise<string> {
    const client = this.running;
    if (client === undefined) {
      return 'The language server does not run.\n';
    }
    const status = await client.sendRequest<Status>('relux/status').catch(() => ({}));
    return page(client.initializeResult?.serverInfo?.version, this.command, status);
  }

  /** Starts the server, after stopping the one that runs. Never rejects: a failure is shown to the user. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.close();
      this.crashes = [];
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
    this.trace.dispose();
    this.pages.dispose();
    this.statusChanged.dispose();
    this.started.dispose();
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error: unknown) => this.failed(error));
    return this.queue;
  }

  private async open(): Promise<void> {
    const command = this.program();
    this.command = command;
    this.show(State.Starting);
    await probe(command, pathSetting() !== '');
    const client = new LanguageClient(
      'relux',
      'Relux',
      { command, args: ['lsp'] },
      {
        documentSelector: [
          { scheme: 'file', language: 'relux' },
          { scheme: 'untitled', language: 'relux' },
          { scheme: 'file', pattern: '**/Relux.toml' },
        ],
        outputChannel: this.output,
        traceOutputChannel: this.trace.channel,
        errorHandler: {
          // A connection that cannot be written to is about to close, and that says more.
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.crashed(),
        },
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
        capabilities.experimental = { commands: { commands: [SHOW_REFERENCES] }, reluxTests: true, reluxExplain: EXPLANATIONS };
      },
      preInitialize: leaveToGrammar,
      initialize: () => undefined,
      getState: () => ({ kind: 'static' }),
      clear: () => undefined,
    });
    client.onDidChangeState(({ oldState, newState }) => {
      this.show(newState);
      void vscode.commands.executeCommand('setContext', 'relux.serverRuns', newState === State.Running);
      if (newState === State.Running) {
        this.started.fire();
      }
      if (oldState === State.Running && newState !== State.Running) {
        // Also when it crashes: the library starts it again, but what ran is gone.
        this.explorer.abandon();
      }
    });
    this.explorer.attach(client);
    await client.start();
    const commands = client.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
    await vscode.commands.executeCommand('setContext', 'relux.hasGraph', commands.includes(SHOW_GRAPH));
  }

  /** The server has ended without being told to: another one is started, unless that has happened too often. */
  private crashed(): CloseHandlerResult {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((crash) => now - crash < CRASH_PERIOD), now];
    if (this.crashes.length < CRASHES) {
      return { action: CloseAction.Restart, handled: true, message: 'The server has ended unexpectedly and is started again.' };
    }
    void this.advise(`the language server has crashed ${CRASHES} times within three minutes and stays off`, RESTART, SHOW_OUTPUT);
    this.explorer.detach();
    this.explorer.clear();
    return { action: CloseAction.DoNotRestart, handled: true };
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
    this.explorer.detach();
    this.explorer.clear();
    this.output.error(error instanceof Error ? error : String(error));
    // The client library already shows the errors of its own making.
    if (error instanceof ExecutableError) {
      // Not awaited: the message may stay open for as long as the window, and a restart must not wait for it.
      void this.advise(error.message, OPEN_SETTINGS, SHOW_OUTPUT);
    }
  }

  private async advise(message: string, ...buttons: string[]): Promise<void> {
    switch (await vscode.window.showErrorMessage(`Relux: ${message}`, ...buttons)) {
      case OPEN_SETTINGS:
        await vscode.commands.executeCommand('workbench.action.openSettings', 'relux.path');
        break;
      case SHOW_OUTPUT:
        this.output.show();
        break;
      case RESTART:
        await this.restart();
    }
  }
}

function pathSetting(): string {
  return vscode.workspace.getConfiguration('relux').get('path', '').trim();
}
