// The test explorer: keeps the tree in step with the server, and runs what is asked for.
//
// Must not know what a test is: the tree, the results and the places come from the server. Runs that a lens has
// started show here too.

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { RunTests, TestEvent, TestsChanged, Tree } from './protocol';
import { fail, lines, show } from './results';
import { TestTree } from './tree';

/** Edits come in bursts; the tree may lag behind by so many ms. */
const CALM = 200;

/** One run of the editor; the server may have several for it, one per suite. */
interface Run {
  run: vscode.TestRun;
  /** The server's runs that go on, by their ids, each with the tests that have no result yet. */
  open: Map<string, Set<vscode.TestItem>>;
  /** Why runs could not be: several suites may have the same reason. */
  reasons: Set<string>;
}

/** What to ask the server for, and the tests that this means. */
interface Wanted {
  request: RunTests;
  items: Set<vscode.TestItem>;
}

export class Explorer implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController('relux', 'Relux');
  private readonly tree = new TestTree(this.controller);
  private readonly runs = new Map<string, Run>();
  /** Events wait for the answer to `relux.runTests`, which says whose they are. */
  private queue: Promise<void> = Promise.resolve();
  private stale: Set<string> | 'all' | undefined;
  private timer: NodeJS.Timeout | undefined;
  private client: LanguageClient | undefined;

  constructor(private readonly output: vscode.LogOutputChannel) {
    const { Run } = vscode.TestRunProfileKind;
    const run = this.controller.createRunProfile(
      'Run',
      Run,
      (request, token) => (request.continuous ? this.runOnSave(request, token) : this.run(request, token)),
      true,
    );
    run.supportsContinuousRun = true;
    this.controller.createRunProfile('Run in Parallel', Run, (request, token) => this.run(request, token, 'num-cpus'));
    this.controller.refreshHandler = () => this.reload();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.controller.dispose();
  }

  /** Listens to a server that is about to start. */
  attach(client: LanguageClient): void {
    this.client = client;
    client.onNotification('relux/testsChanged', (params: TestsChanged) => this.changed(params));
    client.onNotification('relux/testEvent', (event: TestEvent) => this.enqueue(() => this.take(event)));
  }

  /** The server is gone, and with it the end of whatever ran. The tree stays for the next one. */
  abandon(): void {
    for (const ours of new Set(this.runs.values())) {
      ours.open.forEach((items) => giveUp(ours, items, 'The language server has ended, and the run with it.'));
      ours.run.end();
    }
    this.runs.clear();
  }

  /** There is no server, and none will come by itself: nothing can be run. */
  detach(): void {
    this.client = undefined;
    clearTimeout(this.timer);
    this.stale = undefined;
    this.abandon();
  }

  /** Forgets all tests. */
  clear(): void {
    this.tree.replaceAll([]);
  }

  /** Runs the tests of a file, those in a directory, or all tests. */
  async start(uri?: vscode.Uri): Promise<void> {
    if (this.client === undefined) {
      void vscode.window.showWarningMessage('Relux: tests need the language server, which does not run.');
      return;
    }
    if (uri?.scheme === 'untitled') {
      void vscode.window.showInformationMessage('Relux: save the file first, in the directory relux/tests of a suite.');
      return;
    }
    const file = uri && this.tree.file(uri);
    const include = uri && (file === undefined ? this.tree.filesBelow(uri) : [file]);
    if (include?.length === 0) {
      void vscode.window.showInformationMessage('Relux: there are no tests here.');
      return;
    }
    await this.run(new vscode.TestRunRequest(include), new vscode.CancellationTokenSource().token);
  }

  // The tree --------------------------------------------------------------------------------------------------------

  private changed({ files }: TestsChanged): void {
    if (files === undefined || this.stale === 'all') {
      this.stale = 'all';
    } else {
      this.stale = new Set([...(this.stale ?? []), ...files]);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), CALM);
  }

  private async reload(): Promise<void> {
    this.stale = 'all';
    await this.update();
  }

  private async update(): Promise<void> {
    const wanted = this.stale;
    this.stale = undefined;
    if (wanted === undefined || this.client === undefined) {
      return;
    }
    const files = wanted === 'all' ? undefined : [...wanted];
    try {
      const known: Tree = await this.client.sendRequest('relux/tests', { files });
      // What has no file yet cannot be run.
      const suites = known.suites.filter(({ uri }) => !uri.startsWith('untitled:'));
      if (files === undefined) {
        this.tree.replaceAll(suites);
      } else if (!this.tree.replaceSome(files, suites)) {
        await this.reload();
      }
    } catch (error) {
      this.output.warn(`relux/tests: ${String(error)}`);
    }
  }

  // Runs ------------------------------------------------------------------------------------------------------------

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken, jobs?: RunTests['jobs']): Promise<void> {
    const client = this.client;
    if (client === undefined) {
      return;
    }
    if (!request.continuous) {
      await saveAll();
    }
    const run = this.controller.createTestRun(request);
    const ours: Run = { run, open: new Map(), reasons: new Set() };
    await this.enqueue(async () => {
      for (const { request: wanted, items } of this.wanted(request, run)) {
        try {
          const answer = await runTests(client, { ...wanted, jobs: jobs ?? configuredJobs(wanted.uri), quiet: true });
          ours.open.set(answer.run, items);
          this.runs.set(answer.run, ours);
        } catch (error) {
          giveUp(ours, items, error instanceof Error ? error.message : String(error));
        }
      }
    });
    if (ours.open.size === 0) {
      run.end();
      return;
    }
    // `run.token` is the one of the button in the results, `token` that of the tree.
    for (const button of [run.token, token]) {
      if (button.isCancellationRequested) {
        this.cancel(ours);
      } else {
        button.onCancellationRequested(() => this.cancel(ours));
      }
    }
  }

  private cancel({ open }: Run): void {
    for (const run of open.keys()) {
      const cancel = { command: 'relux.cancelRun', arguments: [{ run }] };
      this.client?.sendRequest('workspace/executeCommand', cancel).catch((error: unknown) => this.output.warn(String(error)));
    }
  }

  /** Runs at every save, until `token` says that it is enough: the tests of saved files, or all for one without tests. */
  private runOnSave(request: vscode.TestRunRequest, token: vscode.CancellationToken): void {
    let last = new vscode.CancellationTokenSource();
    let saved = new Set<vscode.TestItem | undefined>();
    let timer: NodeJS.Timeout | undefined;
    const start = (): void => {
      const files = [...saved];
      saved = new Set();
      const asked = request.include ?? [...this.controller.items].map(([, item]) => item);
      const known = files.filter((file) => file !== undefined);
      const include = known.length < files.length ? asked : known.filter((file) => asked.some((item) => touches(item, file)));
      if (include.length > 0) {
        // What runs now would tell of the text before.
        last.cancel();
        last = new vscode.CancellationTokenSource();
        void this.run(new vscode.TestRunRequest(include, request.exclude, request.profile, true), last.token);
      }
    };
    const subscription = vscode.workspace.onDidSaveTextDocument((document) => {
      if (document.languageId === 'relux' || document.fileName.endsWith('Relux.toml')) {
        saved.add(this.tree.file(document.uri));
        clearTimeout(timer);
        // Several files are often saved at once, and the server hears of it now, too.
        timer = setTimeout(start, CALM);
      }
    });
    token.onCancellationRequested(() => {
      subscription.dispose();
      clearTimeout(timer);
      last.cancel();
    });
  }

  /** What to ask the server for, one request per suite; marks the tests as waiting. */
  private wanted(request: vscode.TestRunRequest, run: vscode.TestRun): Wanted[] {
    const excluded = new Set(request.exclude);
    const bySuite = new Map<string, { whole: boolean; ids: Set<string>; items: Set<vscode.TestItem> }>();
    const collect = (item: vscode.TestItem): boolean => {
      if (excluded.has(item)) {
        return false;
      }
      const meaning = this.tree.meaning(item);
      if (meaning?.id !== undefined) {
        const suite = bySuite.get(meaning.suite) ?? { whole: false, ids: new Set(), items: new Set() };
        suite.ids.add(meaning.id);
        suite.items.add(item);
        bySuite.set(meaning.suite, suite);
        run.enqueued(item);
        return true;
      }
      // Not `every`: all are to be collected, also behind one that is excluded.
      const whole = [...item.children].map(([, child]) => collect(child)).every(Boolean);
      const suite = meaning && bySuite.get(meaning.suite);
      if (suite !== undefined && meaning?.file === undefined) {
        // The suite itself was asked for: a shorter question with the same answer.
        suite.whole = whole;
      }
      return whole;
    };
    (request.include ?? [...this.controller.items].map(([, item]) => item)).forEach(collect);
    const everything = request.include === undefined && excluded.size === 0;
    return [...bySuite].map(([uri, { whole, ids, items }]) => ({
      request: whole || everything ? { uri } : { uri, ids: [...ids] },
      items,
    }));
  }

  private enqueue(step: () => void | Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error: unknown) => {
      this.output.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(`Relux: ${error instanceof Error ? error.message : String(error)}`);
    });
    return this.queue;
  }

  /** Takes in what the server says about a run. */
  private take(event: TestEvent): void {
    let ours = this.runs.get(event.run);
    if (ours === undefined) {
      // A lens has started it.
      const started: Run = {
        run: this.controller.createTestRun(new vscode.TestRunRequest()),
        open: new Map([[event.run, new Set()]]),
        reasons: new Set(),
      };
      started.run.token.onCancellationRequested(() => this.cancel(started));
      this.runs.set(event.run, started);
      ours = started;
    }
    const { run, open } = ours;
    const item = event.uri === undefined ? undefined : this.tree.test(event.uri, event.id);
    if (event.kind === 'finished') {
      const items = open.get(event.run);
      if (event.outcome === 'failed' && items !== undefined && items.size > 0) {
        giveUp(ours, items, event.message ?? 'The run has failed.');
      } else {
        run.appendOutput(lines(`${event.message ?? ''}\n`));
      }
      open.delete(event.run);
      this.runs.delete(event.run);
      if (open.size === 0) {
        run.end();
      }
    } else if (item !== undefined) {
      show(run, item, event);
      if (event.kind === 'testStarted') {
        open.get(event.run)?.add(item);
      } else if (event.kind === 'testFinished') {
        open.get(event.run)?.delete(item);
        this.tree.note(item, note(event));
      }
    } else if (event.kind === 'testFinished') {
      run.appendOutput(lines(`${event.test}: ${event.outcome} ${event.message ?? ''}\n`));
    }
  }
}

/** Marks tests that get no result any more. */
function giveUp({ run, reasons }: Run, items: Set<vscode.TestItem>, why: string): void {
  if (!reasons.has(why)) {
    reasons.add(why);
    run.appendOutput(lines(`${why}\n`));
  }
  items.forEach((item) => fail(run, item, why));
}

/** What the icon of a result does not say. */
function note({ outcome, flaky, message }: TestEvent): string | undefined {
  if (flaky) {
    return 'flaky';
  }
  return outcome === 'skipped' ? ['skipped', message?.split('\n')[0]].filter(Boolean).join(': ') : undefined;
}

/** Whether one holds the other, or both are the same. */
function touches(one: vscode.TestItem, other: vscode.TestItem): boolean {
  const holds = (outer: vscode.TestItem, item: vscode.TestItem | undefined): boolean =>
    item !== undefined && (item === outer || holds(outer, item.parent));
  return holds(one, other) || holds(other, one);
}

function configuredJobs(suite: string): RunTests['jobs'] {
  const jobs = vscode.workspace.getConfiguration('relux', vscode.Uri.parse(suite)).get('run.jobs', '').trim();
  return jobs === '' ? undefined : /^\d+$/.test(jobs) ? Number(jobs) : jobs;
}

/** The runner reads the disk, so what is edited is saved first, where the setting allows it. */
export async function saveAll(): Promise<void> {
  if (vscode.workspace.getConfiguration('relux').get('run.saveBefore', true)) {
    await vscode.workspace.saveAll(false);
  }
}

function runTests(client: LanguageClient, wanted: RunTests): Promise<{ run: string }> {
  return client.sendRequest('workspace/executeCommand', { command: 'relux.runTests', arguments: [wanted] });
}
