// The test explorer: its tree, and what runs say about tests.

import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';
import { FAILING, PASSING, SLOW, extension, inSuite, item, messages, open, recordRuns, replace, runners, sleeping, until, write } from './support';

const execute = vscode.commands.executeCommand;
/** Another file for each test: the editor keeps documents for a while after their tab is closed. */
let count = 0;
const label = (): string => `host-${count}.relux`;
const path = (): string => `relux/tests/${label()}`;

const SKIPPED = '# skip\ntest "is left out" {\n    shell a {\n        > true\n    }\n}\n';

describe('the test explorer', () => {
  let api: Api;
  let recorded: ReturnType<typeof recordRuns>;

  const tests = async (text: string): Promise<vscode.TestItem> => {
    await write(path(), text);
    const names = [...text.matchAll(/^test "(.*)"/gm)].map(([, name]) => name ?? '');
    return until('the file in the tree', () => {
      const file = item(api.tests.items, label());
      const labels = file && [...file.children].map(([, test]) => test.label);
      return labels?.length === names.length && names.every((name) => labels.includes(name)) ? file : undefined;
    });
  };
  const last = () => until('a run that has ended', () => recorded.runs.at(-1)?.ended && recorded.runs.at(-1));

  before(async () => (api = await extension()));
  beforeEach(() => {
    count += 1;
    recorded = recordRuns(api);
  });
  afterEach(async () => {
    recorded.stop();
    await execute('workbench.action.closeAllEditors');
    await Promise.resolve(vscode.workspace.fs.delete(inSuite(path()))).catch(() => undefined);
  });

  it('has all files of the suite, with their tests', async () => {
    await until('the tree', () => item(api.tests.items, 'tasks/smoke.relux'));
    const test = item(api.tests.items, 'the life of a task');
    assert.equal(test?.range?.start.line, 5);
    assert.equal(test?.uri?.toString(), inSuite('relux/tests/tasks/smoke.relux').toString());
  });

  it('says what passed and what failed, where and on which way', async () => {
    await tests(PASSING + FAILING);
    await execute('relux.runFile', inSuite(path()));
    const { results, messages: said, output } = await last();
    assert.deepEqual(Object.fromEntries(results), { 'says hello': 'passed', 'waits in vain': 'failed' });
    const message = said.get('waits in vain');
    assert.match(String(message?.message), /match timeout[^]*last output of shell a:[^]*hello/);
    assert.equal(message?.location?.range.start.line, 9);
    const frames = message?.stackTrace?.map(({ label, position }) => `${(position?.line ?? 0) + 1} ${label}`);
    assert.deepEqual(frames, ['10 match timeout in shell `a`', '8 shell a', '7 test "waits in vain"']);
    assert.match(output, /1 passed, failed: waits in vain/);
  });

  it('runs a folder', async () => {
    await tests(PASSING);
    const said = await messages(() => execute('relux.runFolder', inSuite('relux/lib')));
    assert.deepEqual(said, ['Relux: there are no tests here.']);
    await write('relux/tests/host/one.relux', PASSING);
    await write('relux/tests/host/two.relux', PASSING);
    await until('both files', () => item(api.tests.items, 'host/one.relux') && item(api.tests.items, 'host/two.relux'));
    await execute('relux.runFolder', inSuite('relux/tests/host'));
    assert.match((await last()).output, /^2 passed/m);
    await vscode.workspace.fs.delete(inSuite('relux/tests/host'), { recursive: true });
    await until('no such files', () => item(api.tests.items, 'host/one.relux') === undefined);
  });

  it('follows directories that are moved', async () => {
    await write('relux/tests/here/one.relux', PASSING);
    await until('the file', () => item(api.tests.items, 'here/one.relux'));
    await rename(inSuite('relux/tests/here').fsPath, inSuite('relux/tests/there').fsPath);
    await until('the other place', () => item(api.tests.items, 'there/one.relux') && !item(api.tests.items, 'here/one.relux'));
    await rm(inSuite('relux/tests/there').fsPath, { recursive: true });
    await until('no such file', () => item(api.tests.items, 'there/one.relux') === undefined);
  });

  it('keeps the items, and so their results, over edits', async () => {
    const file = await tests(PASSING + FAILING);
    const test = item(file.children, 'waits in vain');
    const { document } = await open(inSuite(path()));
    await replace(document, 'test "says hello"', '// A comment.\n\ntest "says hello"');
    await until('the new line', () => test?.range?.start.line === 8);
    assert.equal(item(file.children, 'waits in vain'), test);
    assert.equal(item(api.tests.items, label()), file);
    await replace(document, 'says hello', 'says good day');
    await until('the new name', () => item(file.children, 'says good day'));
    assert.equal(item(file.children, 'waits in vain'), test);
    await execute('workbench.action.files.revert');
  });

  it('saves what is edited before it runs it', async () => {
    await tests(FAILING);
    const { document } = await open(inSuite(path()));
    await replace(document, 'never-said', 'hello');
    await execute('relux.runFile', inSuite(path()));
    assert.equal((await last()).results.get('waits in vain'), 'passed');
    assert.ok(!document.isDirty);
  });

  it('marks what was skipped, with the reason beside it', async () => {
    const file = await tests(SKIPPED);
    await execute('relux.runFile', inSuite(path()));
    assert.equal((await last()).results.get('is left out'), 'skipped');
    await until('a word about it', () => item(file.children, 'is left out')?.description === 'skipped: # skip');
  });

  it('says which tests did not pass at the first attempt', async () => {
    const manifest = inSuite('Relux.toml');
    const before = await vscode.workspace.fs.readFile(manifest);
    await vscode.workspace.fs.writeFile(manifest, Buffer.from(`${Buffer.from(before).toString()}\n[flaky]\nmax_retries = 3\n`));
    const mark = inSuite('seen').fsPath;
    const file = await tests(
      `# flaky\ntest "works at last" {\n    shell a {\n        > ls ${mark} && echo yes; touch ${mark}\n        <~2s? ^yes$\n    }\n}\n`,
    );
    await execute('relux.runFile', inSuite(path()));
    const { results, output } = await last();
    assert.equal(results.get('works at last'), 'passed', output);
    assert.match(output, /not at the first attempt/);
    await until('a word about it', () => item(file.children, 'works at last')?.description?.startsWith('flaky'));
    await vscode.workspace.fs.writeFile(manifest, before);
    await vscode.workspace.fs.delete(vscode.Uri.file(mark));
  });

  it('ends a run that is cancelled, and leaves no process', async () => {
    await tests(SLOW);
    const running = execute('relux.runFile', inSuite(path()));
    await until('the test to run', () => sleeping().length > 0);
    await execute('testing.cancelRun');
    await running;
    assert.equal((await last()).results.get('takes its time'), 'skipped');
    await until('no process', () => sleeping().length === 0);
  });

  it('marks tests as errors when their run breaks off', async () => {
    await tests(PASSING + SLOW);
    await execute('relux.runFile', inSuite(path()));
    await until('the test to run', () => sleeping().length > 0);
    runners().forEach((id) => process.kill(id, 'SIGKILL'));
    const { results, messages: said } = await last();
    assert.equal(results.get('takes its time'), 'errored');
    assert.match(String(said.get('takes its time')?.message), /failed|killed|signal/);
    sleeping().forEach((id) => process.kill(id));
    await until('no process', () => sleeping().length === 0);
  });

  it('marks tests as errors when their run cannot begin, and says why once', async () => {
    const directory = vscode.Uri.file(await mkdtemp(join(tmpdir(), 'relux-broken-suite-')));
    const manifest = vscode.Uri.joinPath(directory, 'Relux.toml');
    await vscode.workspace.fs.writeFile(manifest, Buffer.from(''));
    for (const name of ['one', 'two']) {
      const file = vscode.Uri.joinPath(directory, 'relux', 'tests', `${name}.relux`);
      await vscode.workspace.fs.writeFile(file, Buffer.from(PASSING));
      await open(file);
    }
    await until('both', () => item(api.tests.items, 'one.relux') && item(api.tests.items, 'two.relux'));
    await vscode.workspace.fs.writeFile(manifest, Buffer.from('[run]\njobs = "lots"\n'));
    await execute('relux.runFolder', directory);
    const { results, messages: said, output } = await last();
    assert.deepEqual(Object.fromEntries(results), { 'says hello': 'errored' });
    const why = String(said.get('says hello')?.message);
    assert.match(why, /Relux\.toml/);
    const [reason = ''] = why.split('\n');
    assert.equal(output.split(reason).length, 2, output);
    await rm(directory.fsPath, { recursive: true });
  });

  it('stays sane when a file is deleted while its tests run', async () => {
    await tests(SLOW);
    const running = execute('relux.runFile', inSuite(path()));
    await until('the test to run', () => sleeping().length > 0);
    await vscode.workspace.fs.delete(inSuite(path()));
    await until('the item to go', () => item(api.tests.items, label()) === undefined);
    await execute('testing.cancelRun');
    await running;
    await last();
    await until('no process', () => sleeping().length === 0);
  });

  it('shows runs that a lens has started', async () => {
    await tests(PASSING);
    // Only documents that an editor shows have lenses.
    await open(inSuite(path()));
    const command = await until('a lens', async () => {
      const found = await execute<vscode.CodeLens[]>('vscode.executeCodeLensProvider', inSuite(path()), 10);
      return found.map((lens) => lens.command).find((it) => it?.title.includes('Run test'));
    });
    await execute(command.command, ...(command.arguments ?? []));
    assert.equal((await last()).results.get('says hello'), 'passed');
  });
});
