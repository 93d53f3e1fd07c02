// Finds the relux executable and asks it who it is: the one that the setting names, the one that comes with the
// extension, or the one in PATH.
//
// Must not start the server. The question is asked first because a missing executable, and one of another
// project of the same name, would otherwise only show as a connection that closes for no visible reason.

import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Why there is no server to talk to, in a sentence for the person in front of the editor. */
export class ExecutableError extends Error {}

/**
 * The executable to start. `setting` counts unless it is empty; then comes `bin/relux` in the directory of the
 * extension, where packages for one platform have it, and then whatever PATH gives.
 */
export function find(setting: string, extension: string, workspaceFolder: string | undefined): string {
  if (setting.trim() !== '') {
    return expand(setting.trim(), workspaceFolder);
  }
  const bundled = path.join(extension, 'bin', process.platform === 'win32' ? 'relux.exe' : 'relux');
  return existsSync(bundled) ? bundled : 'relux';
}

/**
 * The executable that `setting` means: `~/` is the home directory and `${workspaceFolder}/` the first folder of the
 * window. A bare name is left to the operating system, which looks it up in `PATH`.
 */
export function expand(setting: string, workspaceFolder: string | undefined): string {
  const [prefix, rest] = /^(~|\$\{workspaceFolder\})[/\\](.*)$/.exec(setting)?.slice(1) ?? [];
  if (prefix === undefined || rest === undefined) {
    return setting;
  }
  if (prefix === '~') {
    return path.join(os.homedir(), rest);
  }
  if (workspaceFolder === undefined) {
    throw new ExecutableError(`'relux.path' is '${setting}', but no folder is open`);
  }
  return path.join(workspaceFolder, rest);
}

/** Checks that `command` can run and has a language server; throws an {@link ExecutableError} that says what is wrong. */
export function probe(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, ['lsp', '--help'], { timeout: 10_000 }, (error) => {
      if (error === null) {
        resolve();
      } else {
        reject(new ExecutableError(explain(command, error)));
      }
    });
  });
}

function explain(command: string, error: ExecFileException): string {
  switch (error.code) {
    case 'ENOENT':
      return `'${command}' was not found: install relux, or set 'relux.path' to where it is`;
    case 'EACCES':
      return `'${command}' may not be executed: set 'relux.path' to the relux executable`;
    case 1:
    case 2:
      return `'${command}' has no language server: another relux comes first in PATH, set 'relux.path' to this one`;
    default:
      return `'${command}' does not run: ${error.message}`;
  }
}
