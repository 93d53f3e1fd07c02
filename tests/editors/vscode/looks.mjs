// How things look: walkthrough, settings, details, and the pictures for documents in a light and a dark theme.
// Pictures are for people; what is checked here is that there is something to see.

import { rmSync, writeFileSync } from 'node:fs';
import { FAILING, PASSING } from './runs.mjs';
import { RUN_TIMEOUT, SERVER_TIMEOUT, SMOKE, appears, check, comes, command, cursorAt, inSuite, open, page, probe, shot } from './session.mjs';

const THEMES = { light: undefined, dark: 'Default Dark Modern' };

async function tryWalkthrough() {
  await command('workbench.action.openWalkthrough', 'relux.relux#start', false);
  // Pages in the editor come and go with their frames, so all are asked.
  const visible = (frame, words) => frame.getByText(words).first().isVisible().catch(() => false);
  const text = (words) => async () => (await Promise.all(page.frames().map((frame) => visible(frame, words)))).includes(true);
  const picture = (name) => () => page.locator(`.gettingStartedContainer img[srcset*="${name}"]`).first().isVisible();
  const steps = {
    'Find the relux program': text('status bar'),
    'Write a test': text('types a line'),
    'Run it': picture('run-'),
    'See what starts what': picture('graph-'),
  };
  for (const [title, media] of Object.entries(steps)) {
    const step = page.locator('.getting-started-step', { hasText: title });
    check(await appears(step, SERVER_TIMEOUT), `the walkthrough has the step ${title}`, await page.locator('.gettingStartedContainer').allInnerTexts());
    await step.first().click();
    check(await comes(media, SERVER_TIMEOUT), 'with something to see beside it', await pictures());
    await shot(`walkthrough-${title.split(' ')[0].toLowerCase()}`);
  }
  // The editor overlooks what has been so before it has read the walkthrough, so the button must do.
  const first = page.locator('.getting-started-step', { hasText: 'Find the relux program' });
  await first.click();
  await page.locator('.getting-started-step .monaco-button', { hasText: 'Check the server' }).click();
  check(await appears(status()), 'the button to check the server shows its status');
  await shot('status');
  await command('workbench.action.openWalkthrough', 'relux.relux#start', false);
  check(await appears(first.locator('.codicon.complete')), 'and its step is done', await page.locator('.getting-started-step').allInnerTexts());
  await shot('walkthrough-done');
  await command('workbench.action.closeAllEditors');
}

const status = () => page.frameLocator('iframe.webview').last().frameLocator('iframe').getByRole('heading', { name: 'Suites' });

const pictures = () => page.locator('.gettingStartedContainer img').evaluateAll((all) => all.map((it) => it.outerHTML));

async function trySettings() {
  await command('workbench.action.openSettings', '@ext:relux.relux');
  const shown = await appears(page.locator('.settings-editor .setting-item-label', { hasText: 'Save Before' }), SERVER_TIMEOUT);
  check(shown, 'the settings are described', await page.locator('.settings-editor').allInnerTexts());
  await shot('settings');
  await command('workbench.action.closeActiveEditor');
}

async function tryDetails() {
  await command('extension.open', 'relux.relux');
  check(await appears('.extension-editor .icon-container img, .extension-editor img.icon', SERVER_TIMEOUT), 'the extension has an icon');
  const readme = page.frameLocator('iframe.webview').last().frameLocator('iframe').getByText('Set up');
  check(await appears(readme, SERVER_TIMEOUT), 'and a page about it');
  await shot('details');
  await command('workbench.action.closeActiveEditor');
}

async function takePicturesIn(theme) {
  const file = inSuite('relux/tests/echo.relux');
  writeFileSync(file, `${PASSING.join('\n')}\n${FAILING.join('\n')}`);
  await open('relux/tests/echo.relux');
  await command('workbench.view.testing.focus');
  await appears(page.locator('.test-explorer .monaco-list-row', { hasText: 'echo.relux' }), SERVER_TIMEOUT);
  await command('testing.clearTestResults');
  await command('relux.runFile');
  const red = page.locator('.test-explorer .monaco-list-row[aria-label*="echo.relux"][aria-label*="Failed"]');
  check(await appears(red, RUN_TIMEOUT), `a picture of a run, ${theme}`);
  await red.first().click();
  await page.keyboard.press('ArrowRight');
  await appears(page.locator('.codelens-decoration', { hasText: 'failed in' }));
  await page.mouse.move(700, 600);
  await shot(`picture-run-${theme}`, { x: 48, y: 36, width: 790, height: 336 });
  // What others look for must not be found here.
  await page.keyboard.press('ArrowLeft');
  await command('workbench.action.closeActiveEditor');
  rmSync(file);

  await open(SMOKE);
  await cursorAt('start Tasks {', 'Tasks');
  await command('relux.openEffectGraph');
  const view = page.frameLocator('iframe.webview').last().frameLocator('iframe');
  check(await appears(view.locator('[data-effect="Store"]:visible'), SERVER_TIMEOUT), `a picture of the graph, ${theme}`);
  await shot(`picture-graph-${theme}`, { x: 815, y: 68, width: 458, height: 490 });
  await command('workbench.action.closeEditorsInOtherGroups');
}

/** Takes the pictures that documents show. */
export async function takePictures() {
  for (const [theme, name] of Object.entries(THEMES)) {
    await probe('setting', { name: 'workbench.colorTheme', value: name });
    await takePicturesIn(theme);
    await open(SMOKE);
    await shot(`suite-${theme}`);
    await command('workbench.action.closeAllEditors');
  }
  await probe('setting', { name: 'workbench.colorTheme', value: undefined });
  await command('workbench.view.explorer');
}

export async function tryLooks() {
  await command('workbench.action.closeAllEditors');
  await command('notifications.clearAll');
  await command('workbench.action.closeSidebar');
  await tryWalkthrough();
  await trySettings();
  await tryDetails();
  await command('workbench.view.explorer');
}
