// A real VS Code for the tests: code-server with a fresh profile, and the browser that shows it.
//
// Must not know anything about Relux.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

/** Typing is taken literally, nothing pops up by itself, and nothing is saved behind the test's back. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.acceptSuggestionOnCommitCharacter': false,
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'editor.formatOnType': false,
  'editor.minimap.enabled': false,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'git.enabled': false,
  // Messages about ports that other programs of this machine have opened hide what is looked at.
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

const BROWSER_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing but this machine can be reached, so a test cannot come to depend on anything else.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Asks `holds` again and again until it resolves to true or `timeout` ms are over; processes that start send no event. */
async function eventually(holds, timeout) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const ok = await holds().catch(() => false);
    if (ok || Date.now() > deadline) {
      return ok;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Starts the server of an editor. `vsix` are the extensions to install, `settings` are those of the machine (paths of
 * programs are), `install` is the directory that install.sh filled, `scratch` an empty one. With `smokeTests` it takes
 * commands from its page (see {@link runInHost}), and shows no notifications.
 */
export async function startEditor({ install, scratch, vsix, settings, smokeTests = false }) {
  const modules = (name) => path.join(install, name, 'node_modules');
  const node = path.join(modules('node'), '.bin/node');
  const entry = path.join(modules('code-server'), 'code-server/out/node/entry.js');
  const profile = ['--config', `${scratch}/config.yaml`, '--user-data-dir', scratch, '--extensions-dir', `${scratch}/extensions`];
  for (const [scope, values] of [['User', SETTINGS], ['Machine', settings]]) {
    mkdirSync(path.join(scratch, scope), { recursive: true });
    writeFileSync(path.join(scratch, scope, 'settings.json'), JSON.stringify(values));
  }

  const probePort = await freePort();
  const env = { ...process.env, RELUX_PROBE_PORT: String(probePort), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  for (const file of vsix) {
    execFileSync(node, [entry, ...profile, '--install-extension', file], { env, stdio: 'pipe' });
  }

  const port = await freePort();
  const log = openSync(path.join(scratch, 'code-server.log'), 'w');
  const server = spawn(
    node,
    [
      entry,
      ...profile,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override'],
      ...(smokeTests ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env, stdio: ['ignore', log, log] },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let browser;
  const editor = {
    address: `127.0.0.1:${port}`,
    probePort,
    pid: server.pid,
    /** A page that is still empty. */
    newPage: () => browser.newPage(),
    async stop() {
      await browser?.close();
      server.kill('SIGTERM');
      await ended;
    },
  };
  try {
    const healthy = async () => (await fetch(`http://${editor.address}/healthz`)).ok;
    if (!(await eventually(healthy, 60_000))) {
      throw new Error(`code-server does not start, see ${scratch}/code-server.log`);
    }
    const { chromium } = createRequire(path.join(modules('playwright'), 'index.js'))('playwright-core');
    browser = await chromium.launchPersistentContext(path.join(scratch, 'browser'), {
      executablePath: process.env.RELUX_CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: BROWSER_ARGUMENTS,
    });
    return editor;
  } catch (error) {
    await editor.stop();
    throw error;
  }
}

/** Opens a window on a folder, and answers with its page and a way to ask the probe in it. */
export async function openWindow(editor, folder) {
  const page = await editor.newPage();
  await page.goto(`http://${editor.address}/?folder=${encodeURIComponent(folder)}`);
  await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row', { timeout: 90_000 });
  const probe = async (call, parameters = {}) => {
    const body = JSON.stringify({ call, ...parameters });
    const response = await fetch(`http://127.0.0.1:${editor.probePort}`, { method: 'POST', body });
    const { result, error } = await response.json();
    if (error !== undefined) {
      throw new Error(`${call}: ${error}`);
    }
    return result;
  };
  if (!(await eventually(async () => (await probe('ready')) === true, 60_000))) {
    throw new Error('the extension host does not start');
  }
  return { page, probe };
}

/**
 * Opens a window in which the extension in the directory `extension` runs, and the module `tests` in its host; `on` is
 * `folder` or `workspace` with a path. Resolves to whether the tests passed; what they print goes to `print`.
 */
export async function runInHost(editor, { extension, tests, on, print, timeout }) {
  const page = await editor.newPage();
  const exit = new Promise((resolve) => {
    page.exposeFunction('codeAutomationExit', resolve);
    setTimeout(() => resolve('timeout'), timeout).unref();
  });
  await page.exposeFunction('codeAutomationLog', (type, args) => print(type, args));
  const remote = (file) => `vscode-remote://${editor.address}${file}`;
  const payload = [['extensionDevelopmentPath', remote(extension)], ['extensionTestsPath', remote(tests)]];
  const [[kind, place]] = Object.entries(on);
  const query = new URLSearchParams({ [kind]: place, payload: JSON.stringify(payload) });
  await page.goto(`http://${editor.address}/?${query}`, { waitUntil: 'domcontentloaded' });
  const code = await exit;
  await page.close();
  return code === 0;
}
