// Colours stay as they are when the server's tokens arrive, except those of names whose meaning the grammar cannot know.

import { rmSync, writeFileSync } from 'node:fs';
import { SERVER_TIMEOUT, appears, check, comes, command, inSuite, lens, open, page, probe, shot } from './session.mjs';

const TEXT = `// About it.
import service/tasks { Tasks as Board }

effect Service {
    expect PORT
    expose shell service

    shell service {
        > [ -f ./service ] && ./service --port \${PORT} "it's \\"here\\"" 'a' $HOME 2>&1 | tee -a log; if true; then echo 1; fi
        <~10s? ^listening \\w+ [a-z]{2,3} (?:on|at) (\\d+)\\.$
        <= as it \${1} is
        !? error|fatal
    }

    cleanup {
        > rm -rf \${__RELUX_TEST_ARTIFACTS}
    }
}

fn ask(what) {
    > echo \${what}
    what
}

# skip unless which("curl")
# flaky
test "says hello" ~5s {
    """
    What it is for.
    """
    let a = "one \\"two\\" \\n \${USER}"
    let port = available_port()
    start Service as One { PORT = port }

    shell One.service {
        => partly
        ask("x", 17)
        a = $1
        match_ok()
    }
}
`;
/** Names whose value comes from outside, and commands that the shell's grammar misses where a line is not all its own. */
const MEANINGFUL = ['PORT', 'USER', '__RELUX_TEST_ARTIFACTS', '[', 'echo', 'rm'];

/** The colour of every character on the screen, by the line's place. */
function colours() {
  return page.locator('.monaco-editor .view-line').evaluateAll((lines) =>
    lines
      .map((line) => ({
        top: line.offsetTop,
        text: line.textContent.replaceAll('\u00a0', ' '),
        // The innermost spans hold the text.
        colours: [...line.querySelectorAll(':scope > span > span')].flatMap((it) => [...it.textContent].map(() => getComputedStyle(it).color)),
      }))
      .sort((a, b) => a.top - b.top),
  );
}

/** The words whose colour is another one, with both. */
function changed(before, after) {
  const words = new Map();
  for (const [index, { text, colours: old }] of before.entries()) {
    for (const { 0: word, index: at } of text.matchAll(/\w+|[^\w\s]/g)) {
      if (old[at] !== after[index]?.colours[at]) {
        words.set(`${word} of "${text.trim()}"`, [word, old[at], after[index]?.colours[at]]);
      }
    }
  }
  return words;
}

export async function tryColours() {
  const file = inSuite('relux/tests/colours.relux');
  writeFileSync(file, TEXT);
  await command('workbench.action.closeSidebar');
  for (const theme of ['Default Dark Modern', 'Default Light Modern']) {
    await probe('setting', { name: 'workbench.colorTheme', value: theme });
    await probe('setting', { name: 'editor.semanticHighlighting.enabled', value: false });
    await open('relux/tests/colours.relux');
    check(await appears(lens('Run test'), SERVER_TIMEOUT), 'a file with all colours', await lens('').allInnerTexts());
    const name = theme.split(' ')[1].toLowerCase();
    await shot(`colours-${name}-grammar`);
    const before = await colours();
    await probe('setting', { name: 'editor.semanticHighlighting.enabled', value: true });
    const came = await comes(async () => changed(before, await colours()).size > 0, SERVER_TIMEOUT);
    check(came, `the server's colours come, ${name}`, before);
    await shot(`colours-${name}-server`);
    const others = [...changed(before, await colours())].filter(([, [word]]) => !MEANINGFUL.includes(word));
    check(others.length === 0, 'and what is no name looks as before', others);
    await command('workbench.action.closeActiveEditor');
  }
  for (const setting of ['workbench.colorTheme', 'editor.semanticHighlighting.enabled']) {
    await probe('setting', { name: setting, value: undefined });
  }
  rmSync(file);
  await command('workbench.view.explorer');
}
