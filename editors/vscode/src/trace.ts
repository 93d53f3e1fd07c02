// The channel for the traffic with the server. The client library writes only where the level of the channel is `trace`,
// which people would have to set beside `relux.trace.server`; here the setting alone does.
//
// Must not write by itself.

import * as vscode from 'vscode';

const SETTING = 'relux.trace.server';

export class Trace implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.LogLevel>();
  private readonly subscriptions: vscode.Disposable[];
  /** The log, with the level that the setting asks for. */
  readonly channel: vscode.LogOutputChannel;

  constructor(private readonly output: vscode.LogOutputChannel) {
    const own: Partial<Record<string | symbol, () => unknown>> = {
      logLevel: () => this.level(),
      onDidChangeLogLevel: () => this.changed.event,
      // Under the level that the log has, because its own filter is still to come.
      trace: () => (this.wanted() ? output.info.bind(output) : output.trace.bind(output)),
    };
    this.channel = new Proxy(output, {
      get(target, name): unknown {
        const value: unknown = own[name] === undefined ? Reflect.get(target, name) : own[name]();
        return typeof value === 'function' && own[name] === undefined ? value.bind(target) : value;
      },
    });
    this.subscriptions = [
      this.changed,
      output.onDidChangeLogLevel(() => this.changed.fire(this.level())),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(SETTING)) {
          this.changed.fire(this.level());
        }
      }),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
  }

  private wanted(): boolean {
    return vscode.workspace.getConfiguration().get(SETTING, 'off') !== 'off';
  }

  private level(): vscode.LogLevel {
    return this.wanted() ? vscode.LogLevel.Trace : this.output.logLevel;
  }
}
