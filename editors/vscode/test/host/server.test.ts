// The life of the server: it is missing, it is restarted, it crashes.

import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';
import { SLOW, SMOKE, codes, extension, inSuite, item, messages, open, recordRuns, replace, servers, sleeping, until, write } from './support';

const execute = vscode.commands.executeCommand;
const setting = () => vscode.workspace.getConfiguration('relux');
const answers = async (): Promise<boolean> => {
  const lenses = await execute<vscode.CodeLens[] | undefined>('vscode.executeCodeLensProvider', inSuite(SMOKE));
  return (lenses?.length ?? 0) > 0;
};

const tabs = (): string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));

describe('the server', () => {
  let api: Api;
  before(async () => {
    api = await extension();
    await open(inSuite(SMOKE));
    await until('an answer', answers);
  });

  it('is one process, and another one after a restart', async () => {
    const [before, ...more] = servers();
    assert.deepEqual(more, []);
    await execute('relux.restartServer');
    const after = await until('one server', () => servers().length === 1 && servers());
    assert.notEqual(after[0], before);
    await until('an answer', answers);
  });

  it('is one process also when it is restarted many times at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => execute('relux.restartServer')));
    await until('one server', () => servers().length === 1);
    await until('an answer', answers);
  });

  it('starts again when it crashes, knows the edits, and ends the run that was lost', async () => {
    const recorded = recordRuns(api);
    const uri = await write('relux/tests/crash.relux', SLOW);
    await until('the test', () => item(api.tests.items, 'takes its time'));
    await execute('relux.runFile', uri);
    await until('the test to run', () => sleeping().length > 0);
    const { document } = await open(inSuite(SMOKE));
    await replace(document, ', TASKS_PORT = tasks_port', '');
    const [crashed = 0] = servers();
    process.kill(crashed, 'SIGKILL');
    const lost = await until('the end of the run', () => recorded.runs.at(-1)?.ended && recorded.runs.at(-1));
    assert.equal(lost.results.get('takes its time'), 'errored');
    await until('another server', () => servers().some((id) => id !== crashed));
    await until('the finding', () => codes(document.uri).includes('missing-expect'));
    await execute('workbench.action.files.revert');
    await until('no finding', () => codes(document.uri).length === 0);
    // The runner outlives a server that was killed like this, and ends with what it waits for.
    sleeping().forEach((id) => process.kill(id));
    recorded.stop();
    await vscode.workspace.fs.delete(uri);
  });

  it('stays off when it crashes again and again, and says so', async () => {
    const said = await messages(async () => {
      for (let crash = 0; crash < 4; crash += 1) {
        const [victim = 0] = await until('a server', async () => servers().length === 1 && (await answers()) && servers());
        process.kill(victim, 'SIGKILL');
        await until('its end', () => !servers().includes(victim));
      }
      await until('an empty tree', () => api.tests.items.size === 0);
    });
    assert.deepEqual(said, ['Relux: the language server has crashed 5 times within three minutes and stays off']);
    await execute('relux.restartServer');
    await until('an answer', answers);
  });

  it('says what is wrong when the setting names nothing, and comes back with the right one', async () => {
    const right = setting().get('path');
    const said = await messages(async () => {
      await setting().update('path', '/nowhere/relux', vscode.ConfigurationTarget.Global);
      await until('no server', () => servers().length === 0);
      // The command waits for its turn behind the restart that the setting has caused.
      await execute('relux.restartServer');
    });
    assert.ok(said.length > 0 && said.every((it) => it.includes("'/nowhere/relux' was not found")), said.join('\n'));
    await until('an empty tree', () => api.tests.items.size === 0);
    const status = await messages(() => execute('relux.showServerStatus'));
    assert.deepEqual(status, ['Relux: the language server does not run.']);
    for (const command of ['relux.runAll', 'relux.runFile']) {
      const run = await messages(() => execute(command, inSuite(SMOKE)));
      assert.deepEqual(run, ['Relux: tests need the language server, which does not run.'], command);
    }
    const graph = await messages(() => execute('relux.openEffectGraph', inSuite(SMOKE)));
    assert.deepEqual(graph, ['Relux: the effect graph needs the language server, which does not run.']);
    assert.deepEqual(tabs().filter((label) => /effect/i.test(label)), []);
    await setting().update('path', right, vscode.ConfigurationTarget.Global);
    await until('an answer', answers);
    await until('the tree', () => item(api.tests.items, 'tasks/smoke.relux'));
  });

  it('says once that the program is another one', async () => {
    const other = await write('other-relux', '#!/bin/sh\n[ "$1" = --version ] && echo relux 0.8.3 || exit 2\n');
    chmodSync(other.fsPath, 0o755);
    const right = setting().get('path');
    for (const [path, expected] of [
      ['${workspaceFolder}/other-relux', /other-relux' has no language server: 'relux.path' names another program/],
      ['/bin/true', /'\/bin\/true' is not relux: 'relux.path' names another program/],
    ] as const) {
      const said = await messages(async () => {
        await setting().update('path', path, vscode.ConfigurationTarget.Global);
        await until('no server', () => servers().length === 0);
        await until('an empty tree', () => api.tests.items.size === 0);
      });
      assert.equal(said.length, 1, said.join('\n'));
      assert.match(said[0] ?? '', expected);
      await setting().update('path', right, vscode.ConfigurationTarget.Global);
      await until('an answer', answers);
      await until('the tree', () => item(api.tests.items, 'tasks/smoke.relux'));
    }
    await vscode.workspace.fs.delete(other);
  });

  it('has its traffic in the log when it is traced, and without a restart', async () => {
    const [before] = servers();
    const log = async (): Promise<string> => readFile(path.join(api.logs, 'Relux.log'), 'utf8');
    assert.doesNotMatch(await log(), /textDocument\/codeLens/);
    await setting().update('trace.server', 'messages', vscode.ConfigurationTarget.Global);
    await until('a request in the log', async () => (await answers()) && (await log()).includes('textDocument/codeLens'));
    await setting().update('trace.server', undefined, vscode.ConfigurationTarget.Global);
    assert.deepEqual(servers(), [before]);
  });

  it('shows mistakes in files outside of any suite, and survives a manifest that is gone', async () => {
    const manifest = inSuite('Relux.toml');
    const text = await vscode.workspace.fs.readFile(manifest);
    await vscode.workspace.fs.delete(manifest);
    const uri = await write('stray.relux', 'test "x" {\n    start Nobody\n}\n');
    await open(uri);
    await until('a finding', () => codes(uri).length > 0);
    await execute('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(uri);
    await vscode.workspace.fs.writeFile(manifest, text);
    await until('the tree', () => item(api.tests.items, 'tasks/smoke.relux'));
    await until('no finding', () => codes(inSuite(SMOKE)).length === 0);
  });
});
