// Mistakes are typed, one key at a time: each is marked while it is typed, before anything is saved, and the mark goes
// when it is undone.

import { TYPING_TIMEOUT, appears, check, command, lens, open, page, probe, shot, undo } from './session.mjs';

/** What has to be typed to turn `find` into `replace`: leading units to skip, units to remove, text to write. */
function difference(find, replace) {
  const shorter = Math.min(find.length, replace.length);
  let head = 0;
  while (head < shorter && find[head] === replace[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < shorter - head && find.at(-1 - tail) === replace.at(-1 - tail)) {
    tail += 1;
  }
  return { head, removed: find.length - head - tail, typed: replace.slice(head, replace.length - tail) };
}

async function typeMistake({ file, find, replace }) {
  const { text } = await probe('buffer');
  const found = text.indexOf(find);
  if (found < 0 || text.indexOf(find, found + 1) >= 0) {
    throw new Error(`${file} must have the text to replace exactly once: ${find}`);
  }
  const { head, removed, typed } = difference(find, replace);
  const start = found + head;
  await probe('select', { start, end: start + removed });
  if (removed > 0) {
    await page.keyboard.press('Delete');
  }
  await page.keyboard.type(typed);
  const expected = text.slice(0, found) + replace + text.slice(found + find.length);
  return { text, asMeant: await probe('waitText', { text: expected, timeout: TYPING_TIMEOUT }) };
}


export async function tryMistake(mistake) {
  const { name, file, code, span, message } = mistake;
  await open(file);
  const { text, asMeant } = await typeMistake(mistake);
  check(asMeant, `${name}: typed as meant`, await probe('buffer'));
  const came = await probe('waitDiagnostic', { code, span, message, timeout: TYPING_TIMEOUT });
  check(came, `${name}: ${code} at ${JSON.stringify(span)}`, await probe('diagnostics'));
  await probe('reveal', { code, span });
  const drawn = await appears('.squiggly-error', TYPING_TIMEOUT);
  check(drawn && (await probe('buffer')).modified, `${name}: underlined while typing, before saving`);
  // With its message, as F8 shows it.
  await command('editor.action.marker.next');
  check(await appears('.marker-widget', TYPING_TIMEOUT), `${name}: explained below the line`);
  await shot(`mistake-${name.replaceAll(/\W+/g, '-')}`);
  await command('closeMarkersNavigation');
  check(await undo(text), `${name}: undone`, await probe('buffer'));
  const gone = await probe('waitDiagnostic', { code, gone: true, timeout: TYPING_TIMEOUT });
  check(gone, `${name}: cleared by undoing`, await probe('diagnostics'));
}

export async function tryManifest() {
  check((await open('Relux.toml')) === 'toml', 'the manifest is TOML');
  const { text } = await probe('buffer');
  await probe('select', { start: 0, end: 0 });
  await page.keyboard.type('nmae = "x"\n');
  const want = { code: 'unknown-manifest-key', span: 'nmae', message: '`name`', timeout: TYPING_TIMEOUT };
  check(await probe('waitDiagnostic', want), 'an unknown key of the manifest is marked', await probe('diagnostics'));
  check((await lens('').count()) === 0, 'the manifest has no lenses', await lens('').allInnerTexts());
  check(await undo(text), 'the manifest is as before', await probe('buffer'));
}
