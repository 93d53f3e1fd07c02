// What the tests of the host share: files of the suite, waits that end with their event, and recorded runs.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';

/** ms until something that the server does must have happened; a bound, not an expectation. */
const PATIENCE = 30_000;

export const SMOKE = 'relux/tests/tasks/smoke.relux';
export const SERVICE = 'relux/lib/service/tasks.relux';

export const PASSING = 'test "says hello" {\n    shell a {\n        > echo hello\n        <~5s? ^hello$\n    }\n}\n';
export const FAILING = 'test "waits in vain" {\n    shell a {\n        > echo hello\n        <~1s? ^never-said$\n    }\n}\n';
/** A command that no other test on this machine runs. */
const SLEEP = `sleep 600.${process.pid}`;
export const SLOW = `test "takes its time" {\n    shell a {\n        > ${SLEEP}; echo done\n        <~1h? ^done$\n    }\n}\n`;

/** The extension, started. */
export async function extension(): Promise<Api> {
  const found = vscode.extensions.getExtension<Api>('relux.relux');
  assert.ok(found, 'the extension is installed');
  return found.activate();
}

export function inSuite(file: string, folder = 0): vscode.Uri {
  const root = vscode.workspace.workspaceFolders?.[folder];
  assert.ok(root, 'a folder is open');
  return vscode.Uri.joinPath(root.uri, file);
}

/** Writes a file to the disk behind the editor's back. */
export async function write(file: string, text: string, folder = 0): Promise<vscode.Uri> {
  const uri = inSuite(file, folder);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}

export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Where `word` begins in the first place that reads `context`. */
export function at(document: vscode.TextDocument, context: string, word = context): vscode.Position {
  const start = document.getText().indexOf(context);
  assert.ok(start >= 0, `no ${context} in ${document.uri.path}`);
  return document.positionAt(start + context.indexOf(word));
}

/** Replaces the first occurrence of some text, as an edit that can be undone. */
export async function replace(document: vscode.TextDocument, find: string, by: string): Promise<void> {
  const start = at(document, find);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(start, document.positionAt(document.offsetAt(start) + find.length)), by);
  assert.ok(await vscode.workspace.applyEdit(edit), 'the edit is taken');
}

/** Waits until `holds` answers with something; asks again every few ms, because not everything has an event. */
export async function until<T>(what: string, holds: () => T | PromiseLike<T>): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await holds();
    if (found !== undefined && found !== null && found !== false) {
      return found as Exclude<T, undefined | null | false>;
    }
    assert.ok(Date.now() < deadline, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function codes(uri: vscode.Uri): string[] {
  return vscode.languages.getDiagnostics(uri).map(({ code }) => String(typeof code === 'object' ? code.value : code));
}

/** What a run of the test explorer said about its tests. */
export interface Recorded {
  /** By the name of the test. */
  results: Map<string, string>;
  messages: Map<string, vscode.TestMessage>;
  output: string;
  ended: boolean;
}

/** Records all runs until `stop` is called. */
export function recordRuns({ tests }: Api): { runs: Recorded[]; stop: () => void } {
  const runs: Recorded[] = [];
  const create = tests.createTestRun;
  tests.createTestRun = (...args) => {
    const run = create.apply(tests, args);
    const recorded: Recorded = { results: new Map(), messages: new Map(), output: '', ended: false };
    runs.push(recorded);
    for (const state of ['passed', 'failed', 'errored', 'skipped'] as const) {
      const tell = run[state] as (item: vscode.TestItem, ...rest: unknown[]) => void;
      (run as Record<typeof state, typeof tell>)[state] = (item, ...rest) => {
        recorded.results.set(item.label, state);
        if (rest[0] instanceof vscode.TestMessage) {
          recorded.messages.set(item.label, rest[0]);
        }
        tell.call(run, item, ...rest);
      };
    }
    const { appendOutput, end } = run;
    run.appendOutput = (text, ...rest) => {
      recorded.output += text;
      appendOutput.call(run, text, ...rest);
    };
    run.end = () => {
      recorded.ended = true;
      end.call(run);
    };
    return run;
  };
  return { runs, stop: () => void (tests.createTestRun = create) };
}

/** Collects what the extension says in messages while `step` runs; all are dismissed at once. */
export async function messages(step: () => unknown): Promise<string[]> {
  const said: string[] = [];
  const window = vscode.window as unknown as Record<string, unknown>;
  const names = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'];
  const before = names.map((name) => window[name]);
  names.forEach((name) => (window[name] = (text: string) => Promise.resolve(void said.push(text))));
  try {
    await step();
  } finally {
    names.forEach((name, index) => (window[name] = before[index]));
  }
  return said;
}

/** Answers questions of the extension while `step` runs, by the function that asks; resolves to what was asked of each. */
export async function answering(answers: Record<string, unknown>, step: () => unknown): Promise<Record<string, unknown>> {
  const asked: Record<string, unknown> = {};
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = Object.keys(answers).map((name) => [name, window[name]] as const);
  before.forEach(([name]) => (window[name] = (question: unknown) => Promise.resolve(((asked[name] = question), answers[name]))));
  try {
    await step();
  } finally {
    before.forEach(([name, own]) => (window[name] = own));
  }
  return asked;
}

/** Finds an item of the tree by its label. */
export function item(items: vscode.TestItemCollection, label: string): vscode.TestItem | undefined {
  for (const [, it] of items) {
    const found = it.label === label ? it : item(it.children, label);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Ids of the processes `relux lsp` that this host has started, and that still run. */
export function servers(): number[] {
  return processes(({ parent, command }) => parent === process.pid && / lsp$/.test(command));
}

/** Ids of the processes `relux run` that a server has started: one that runs tests below one that watches over it. */
export function runners(): number[] {
  const below = (parents: number[]): number[] =>
    processes(({ parent, command }) => parents.includes(parent) && / run --message-format /.test(command));
  const outer = below(servers());
  return [...below(outer), ...outer];
}

/** Ids of the processes that {@link SLOW} runs. */
export function sleeping(): number[] {
  return processes(({ command }) => command === SLEEP);
}

/** Ids of processes that a predicate picks. */
function processes(picks: (it: { parent: number; command: string }) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim();
        return state !== 'Z' && picks({ parent: Number(parent), command });
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}
