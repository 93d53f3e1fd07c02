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

/** Runs `command` with arguments that only ask; answers with what it prints. */
function ask(command: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { timeout: 10_000 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(Object.assign(error, { stderr })),
    );
    // A program that reads what is typed into it would wait for ever.
    child.stdin?.end();
  });
}

/**
 * Checks that `command` is relux and has a language server; throws an {@link ExecutableError} that says what is wrong.
 * `chosen` says whether the setting names it.
 */
export async function probe(command: string, chosen: boolean): Promise<void> {
  const version = await ask(command, '--version').catch((error: ExecFileException) => {
    throw new ExecutableError(explain(command, chosen, error));
  });
  if (!/^relux \d+\.\d+\.\d+/.test(version)) {
    throw new ExecutableError(foreign(command, chosen, 'is not relux'));
  }
  await ask(command, 'lsp', '--help').catch((error: ExecFileException) => {
    throw new ExecutableError(explain(command, chosen, error));
  });
}

/** Makes a suite in a directory, as `relux init` does. */
export async function init(command: string, directory: string): Promise<void> {
  await ask(command, 'init', directory).catch((error: ExecFileException) => {
    throw new ExecutableError(error.stderr?.trim().replace(/^error: /, '') || explain(command, true, error));
  });
}

function explain(command: string, chosen: boolean, error: ExecFileException): string {
  switch (error.code) {
    case 'ENOENT':
      return `'${command}' was not found: install relux, or set 'relux.path' to where it is`;
    case 'EACCES':
      return `'${command}' may not be executed: set 'relux.path' to the relux executable`;
    case 1:
    case 2:
      return foreign(command, chosen, 'has no language server');
    default:
      return `'${command}' does not run: ${error.killed ? 'it does not answer' : error.message.trim()}`;
  }
}

function foreign(command: string, chosen: boolean, what: string): string {
  return chosen
    ? `'${command}' ${what}: 'relux.path' names another program, set it to this one`
    : `'${command}' ${what}: another relux comes first in PATH, set 'relux.path' to this one`;
}
