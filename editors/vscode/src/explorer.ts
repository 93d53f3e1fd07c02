// The test explorer: a tree of suites, files and tests that the server knows, and the runs of them.
//
// Must not know what a test is: the tree, the results and the places come from the server. Runs that a lens has
// started show here too.

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { FileNode, RunTests, SuiteNode, TestEvent, TestNode, TestsChanged, Tree } from './protocol';

/** Edits come in bursts; the tree may lag behind by so many ms. */
const CALM = 200;

/** What an item of the tree stands for. */
interface Meaning {
  suite: string;
  /** Missing for suites. */
  file?: string;
  /** Missing for suites and files. */
  id?: string;
}

/** One run of the editor; the server may have several for it, one per suite. */
interface Run {
  run: vscode.TestRun;
  /** Ids of the server's runs that go on. */
  open: Set<string>;
}

export class Explorer implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('relux', 'Relux');
  private readonly meanings = new WeakMap<vscode.TestItem, Meaning>();
  /** Items of tests by file and id, as events name them. */
  private readonly tests = new Map<string, vscode.TestItem>();
  private readonly files = new Map<string, vscode.TestItem>();
  private readonly runs = new Map<string, Run>();
  /** Events wait for the answer to `relux.runTests`, which says whose they are. */
  private queue: Promise<void> = Promise.resolve();
  /** The suite whose files are at the top, because it is the only one. */
  private alone: string | undefined;
  private stale: Set<string> | 'all' | undefined;
  private timer: NodeJS.Timeout | undefined;
  private client: LanguageClient | undefined;

  constructor(private readonly output: vscode.LogOutputChannel) {
    const profile = (name: string, isDefault: boolean, jobs: () => RunTests['jobs']): void => {
      this.controller.createRunProfile(
        name,
        vscode.TestRunProfileKind.Run,
        (request, token) => this.run(request, token, jobs()),
        isDefault,
      );
    };
    profile('Run', true, configuredJobs);
    profile('Run in Parallel', false, () => 'num-cpus');
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

  /** There is no server any more: nothing can be run, and what ran has no end of its own. */
  detach(): void {
    this.client = undefined;
    clearTimeout(this.timer);
    this.stale = undefined;
    for (const { run } of new Set(this.runs.values())) {
      run.end();
    }
    this.runs.clear();
    this.replaceAll([]);
  }

  /** Runs the tests of a file, or all tests. */
  async start(file?: vscode.Uri): Promise<void> {
    const item = file && this.files.get(file.toString());
    if (file !== undefined && item === undefined) {
      void vscode.window.showInformationMessage('Relux: there are no tests in this file.');
      return;
    }
    const source = new vscode.CancellationTokenSource();
    await this.run(new vscode.TestRunRequest(item && [item]), source.token, configuredJobs());
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
      const tree: Tree = await this.client.sendRequest('relux/tests', { files });
      if (files === undefined) {
        this.replaceAll(tree.suites);
      } else {
        this.replaceSome(files, tree.suites);
      }
    } catch (error) {
      this.output.warn(`relux/tests: ${String(error)}`);
    }
  }

  private replaceAll(suites: SuiteNode[]): void {
    this.tests.clear();
    this.files.clear();
    const withTests = suites.filter((suite) => suite.files.length > 0);
    const [only] = withTests;
    this.alone = withTests.length === 1 ? only?.uri : undefined;
    this.controller.items.replace(
      only !== undefined && this.alone !== undefined
        ? only.files.map((file) => this.fileItem(only, file))
        : withTests.map((suite) => this.suiteItem(suite)),
    );
  }

  private replaceSome(files: string[], suites: SuiteNode[]): void {
    for (const uri of files) {
      this.forget(uri);
    }
    for (const suite of suites) {
      const place = suite.uri === this.alone ? this.controller.items : this.controller.items.get(suite.uri)?.children;
      if (place === undefined) {
        // Another suite has its first test: the tree gets another shape.
        void this.reload();
        return;
      }
      suite.files.forEach((file) => place.add(this.fileItem(suite, file)));
    }
    for (const [id, item] of [...this.controller.items]) {
      if (item.children.size === 0) {
        this.controller.items.delete(id);
      }
    }
  }

  private forget(uri: string): void {
    const file = vscode.Uri.parse(uri).toString();
    const item = this.files.get(file);
    if (item !== undefined) {
      (item.parent?.children ?? this.controller.items).delete(item.id);
      item.children.forEach((test) => this.tests.delete(key(file, this.meanings.get(test)?.id)));
      this.files.delete(file);
    }
  }

  private suiteItem(suite: SuiteNode): vscode.TestItem {
    const item = this.controller.createTestItem(suite.uri, suite.name, vscode.Uri.parse(suite.uri));
    this.meanings.set(item, { suite: suite.uri });
    item.children.replace(suite.files.map((file) => this.fileItem(suite, file)));
    return item;
  }

  private fileItem(suite: SuiteNode, file: FileNode): vscode.TestItem {
    const uri = vscode.Uri.parse(file.uri);
    const label = file.path.replace(/^relux\/tests\//, '') || suite.name;
    const item = this.controller.createTestItem(uri.toString(), label, uri);
    this.meanings.set(item, { suite: suite.uri, file: file.uri });
    item.children.replace(file.tests.map((test, index) => this.testItem(suite, file, uri, test, index)));
    // The editor's own spelling of a URI is what commands come with.
    this.files.set(uri.toString(), item);
    return item;
  }

  private testItem(suite: SuiteNode, file: FileNode, uri: vscode.Uri, test: TestNode, index: number): vscode.TestItem {
    const item = this.controller.createTestItem(test.id, test.name || '(without a name)', uri);
    this.meanings.set(item, { suite: suite.uri, file: file.uri, id: test.id });
    const { start, end } = test.range;
    item.range = new vscode.Range(start.line, start.character, end.line, end.character);
    item.description = test.markers.join('  ');
    item.sortText = String(index).padStart(6, '0');
    this.tests.set(key(uri.toString(), test.id), item);
    return item;
  }

  // Runs ------------------------------------------------------------------------------------------------------------

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken, jobs: RunTests['jobs']): Promise<void> {
    const client = this.client;
    if (client === undefined) {
      return;
    }
    await saveAll();
    const run = this.controller.createTestRun(request);
    const ours: Run = { run, open: new Set() };
    await this.enqueue(async () => {
      for (const wanted of this.wanted(request, run)) {
        const answer = await runTests(client, { ...wanted, jobs, quiet: true });
        ours.open.add(answer.run);
        this.runs.set(answer.run, ours);
      }
    });
    if (ours.open.size === 0) {
      run.end();
      return;
    }
    const cancel = (): void => {
      for (const id of ours.open) {
        void client.sendRequest('workspace/executeCommand', { command: 'relux.cancelRun', arguments: [{ run: id }] });
      }
    };
    // `run.token` is the one of the button in the results, `token` that of the tree.
    run.token.onCancellationRequested(cancel);
    token.onCancellationRequested(cancel);
  }

  /** What to ask the server for, one request per suite; marks the tests as waiting. */
  private wanted(request: vscode.TestRunRequest, run: vscode.TestRun): RunTests[] {
    const excluded = new Set(request.exclude);
    const bySuite = new Map<string, { whole: boolean; ids: string[] }>();
    const collect = (item: vscode.TestItem): boolean => {
      if (excluded.has(item)) {
        return false;
      }
      const meaning = this.meanings.get(item);
      if (meaning?.id !== undefined) {
        const suite = bySuite.get(meaning.suite) ?? { whole: false, ids: [] };
        suite.ids.push(meaning.id);
        bySuite.set(meaning.suite, suite);
        run.enqueued(item);
        return true;
      }
      const children = [...item.children].map(([, child]) => collect(child));
      const whole = children.every(Boolean);
      const suite = meaning && bySuite.get(meaning.suite);
      if (suite !== undefined && meaning?.file === undefined) {
        // The suite itself was asked for: a shorter question with the same answer.
        suite.whole = whole;
      }
      return whole;
    };
    (request.include ?? [...this.controller.items].map(([, item]) => item)).forEach(collect);
    const everything = request.include === undefined && excluded.size === 0;
    return [...bySuite].map(([uri, { whole, ids }]) => (whole || everything ? { uri } : { uri, ids: [...new Set(ids)] }));
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
      const request = new vscode.TestRunRequest();
      ours = { run: this.controller.createTestRun(request), open: new Set([event.run]) };
      this.runs.set(event.run, ours);
      const cancel = { command: 'relux.cancelRun', arguments: [{ run: event.run }] };
      ours.run.token.onCancellationRequested(() => void this.client?.sendRequest('workspace/executeCommand', cancel));
    }
    const { run, open } = ours;
    const item = event.uri && this.tests.get(key(vscode.Uri.parse(event.uri).toString(), event.id));
    if (event.kind === 'finished') {
      run.appendOutput(lines(`${event.message ?? ''}\n`));
      open.delete(event.run);
      this.runs.delete(event.run);
      if (open.size === 0) {
        run.end();
      }
    } else if (item) {
      show(run, item, event);
    } else if (event.kind === 'testFinished') {
      run.appendOutput(lines(`${event.test}: ${event.outcome} ${event.message ?? ''}\n`));
    }
  }
}

/** Shows a step of a test. */
function show(run: vscode.TestRun, item: vscode.TestItem, event: TestEvent): void {
  if (event.kind === 'testStarted') {
    run.started(item);
    return;
  }
  if (event.kind === 'output') {
    run.appendOutput(lines(`  ${event.text ?? ''}`), undefined, item);
    return;
  }
  const result = event.flaky ? 'passed, but not at the first attempt' : event.outcome;
  const took = event.durationMs === undefined ? '' : ` in ${(event.durationMs / 1000).toFixed(2)} s`;
  run.appendOutput(lines(`${event.test}: ${result}${took}${event.message ? `: ${event.message}` : ''}\n`), place(event), item);
  if (event.log !== undefined) {
    run.appendOutput(lines(`  log: ${vscode.Uri.parse(event.log).fsPath}\n`), undefined, item);
  }
  switch (event.outcome) {
    case 'passed':
      run.passed(item, event.durationMs);
      break;
    case 'failed':
      run.failed(item, message(item, event), event.durationMs);
      break;
    case 'invalid':
      run.errored(item, message(item, event), event.durationMs);
      break;
    default:
      run.skipped(item);
  }
}

function place({ location }: TestEvent): vscode.Location | undefined {
  if (location === undefined) {
    return undefined;
  }
  const { start, end } = location.range;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  return new vscode.Location(vscode.Uri.parse(location.uri), range);
}

function message(item: vscode.TestItem, event: TestEvent): vscode.TestMessage {
  const found = new vscode.TestMessage(event.message ?? event.outcome ?? '');
  found.location = place(event) ?? (item.uri && item.range && new vscode.Location(item.uri, item.range));
  return found;
}

/** A terminal shows it, which wants both characters. */
function lines(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

function key(file: string, id: string | undefined): string {
  return `${file}\n${id ?? ''}`;
}

function configuredJobs(): RunTests['jobs'] {
  const jobs = vscode.workspace.getConfiguration('relux').get('run.jobs', '').trim();
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
