// A window with several folders, each with a suite of its own.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';
import { PASSING, extension, inSuite, item, recordRuns, servers, until, write } from './support';

describe('several folders', () => {
  let api: Api;
  before(async () => (api = await extension()));

  it('have one server, and a suite each in the tree', async () => {
    await until('both suites', () => api.tests.items.size === 2);
    assert.equal(servers().length, 1);
    assert.deepEqual([...api.tests.items].map(([, { label }]) => label).sort(), ['other', 'tasks']);
  });

  it('are run together, and each by itself', async () => {
    const { runs, stop } = recordRuns(api);
    await vscode.commands.executeCommand('relux.runFolder', inSuite('relux', 1));
    await until('its end', () => runs.at(-1)?.ended);
    assert.deepEqual(Object.fromEntries(runs.at(-1)?.results ?? []), { 'says hello': 'passed' });
    stop();
  });

  it('lose the level of suites when only one has tests left', async () => {
    // The editor watches a folder some time after it has opened it, and what happens before goes unseen.
    const second = await until('a file that is seen', async () => {
      const written = await write('relux/tests/second.relux', PASSING, 1);
      return item(api.tests.items, 'second.relux') && written;
    });
    const uri = inSuite('relux/tests/hello.relux', 1);
    await vscode.workspace.fs.delete(second);
    await vscode.workspace.fs.delete(uri);
    await until('the files at the top', () => api.tests.items.get(inSuite('relux/tests/tasks/smoke.relux').toString()));
    await write('relux/tests/hello.relux', PASSING, 1);
    await until('both suites', () => api.tests.items.size === 2 && item(api.tests.items, 'hello.relux'));
  });

  it('take their suites along when they are removed', async () => {
    // The first folder must stay: without it the editor would start all extensions again.
    assert.ok(vscode.workspace.updateWorkspaceFolders(1, 1));
    await until('the files at the top', () => api.tests.items.get(inSuite('relux/tests/tasks/smoke.relux').toString()));
    assert.equal(servers().length, 1);
  });
});
