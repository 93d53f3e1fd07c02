// Tells the server of directories that come and go. The editor reports a removed or moved directory as one event, without
// the files in it, and so the server's own watchers for files do not see it.
//
// Must not look into directories: the server knows which of its files were in there.

import * as vscode from 'vscode';
import { FileChangeType, type FileEvent, type LanguageClient } from 'vscode-languageclient/node';

/** Events come in bursts; ms until they are sent together. */
const CALM = 100;

export class Directories implements vscode.Disposable {
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
  private changes: FileEvent[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.watcher.onDidDelete((uri) => this.add(uri, FileChangeType.Deleted));
    this.watcher.onDidCreate(async (uri) => {
      if (mayBeDirectory(uri) && (await isDirectory(uri))) {
        this.add(uri, FileChangeType.Created);
      }
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watcher.dispose();
  }

  private add(uri: vscode.Uri, type: FileChangeType): void {
    if (mayBeDirectory(uri)) {
      this.changes.push({ uri: uri.toString(), type });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.send(), CALM);
    }
  }

  private async send(): Promise<void> {
    const changes = this.changes;
    this.changes = [];
    await this.client()?.sendNotification('workspace/didChangeWatchedFiles', { changes });
  }
}

/** Of what is gone one cannot ask what it was. Nothing in what runs leave behind matters. */
function mayBeDirectory({ scheme, path }: vscode.Uri): boolean {
  return scheme === 'file' && !/\.\w+$/.test(path) && !path.includes('/relux/out/');
}

async function isDirectory(uri: vscode.Uri): Promise<boolean> {
  const stat = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
  return stat !== undefined && (stat.type & vscode.FileType.Directory) !== 0;
}
