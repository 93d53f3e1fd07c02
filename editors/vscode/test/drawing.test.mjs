// The effect graph as a picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const source = fileURLToPath(new URL('../src/drawing.ts', import.meta.url));
const { outputFiles } = buildSync({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', write: false });
const bundled = Buffer.from(outputFiles[0].contents).toString('base64');
const { draw, parse } = await import(`data:text/javascript;base64,${bundled}`);

const DOT = String.raw`digraph relux {
  rankdir=LR;
  node [shape=box, fontname="sans-serif"];
  n0 [label="test \"a <b>\"", style=rounded];
  n1 [label="Tasks\nPORT = 1"];
  n2 [label="Store"];
  n0 -> n1 [label="as tasks\nPORT = p"];
  n1 -> n2;
  n0 -> n2;
}
`;

test('nodes and edges are read', () => {
  const { nodes, edges } = parse(DOT);
  assert.deepEqual(nodes, [
    { id: 'n0', lines: ['test "a <b>"'] },
    { id: 'n1', lines: ['Tasks', 'PORT = 1'] },
    { id: 'n2', lines: ['Store'] },
  ]);
  assert.deepEqual(edges, [
    { from: 'n0', to: 'n1', label: ['as tasks', 'PORT = p'] },
    { from: 'n1', to: 'n2', label: [] },
    { from: 'n0', to: 'n2', label: [] },
  ]);
});

/** Left edges of the boxes by the name of their effect. */
function lefts(dot) {
  const boxes = draw(parse(dot)).matchAll(/data-effect="([^"]*)"><rect x="([\d.]+)"/g);
  return Object.fromEntries([...boxes].map(([, name, x]) => [name, Number(x)]));
}

test('what is started stands right of everything that starts it', () => {
  const { Tasks, Store, ...rest } = lefts(DOT);
  const [start] = Object.values(rest);
  assert.ok(start < Tasks && Tasks < Store);
});

test('the other direction puts it below', () => {
  const boxes = draw(parse(DOT), 'down').matchAll(/data-effect="(\w*)[^"]*"><rect x="[\d.]+" y="([\d.]+)"/g);
  const { test: start, Tasks, Store } = Object.fromEntries([...boxes].map(([, name, y]) => [name, Number(y)]));
  assert.ok(start < Tasks && Tasks < Store);
});

test('an arrow goes around what stands between its ends', () => {
  const svg = draw(parse(DOT), 'down');
  const [, x, width] = /data-effect="Tasks"><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg);
  const corners = [...svg.matchAll(/class="start"[^>]* d="(M[^C"]*Q[^"]*)"/g)];
  assert.equal(corners.length, 1);
  const furthest = Math.max(...[...corners[0][1].matchAll(/([\d.]+) [\d.]+/g)].map(([, at]) => Number(at)));
  assert.ok(furthest > Number(x) + Number(width));
  assert.ok(furthest < Number(/ width="(\d+)"/.exec(svg)[1]));
});

test('a circle is drawn too', () => {
  const { A, B } = lefts('n0 [label="A"];\nn1 [label="B"];\nn0 -> n1;\nn1 -> n0;\n');
  assert.ok(A < B);
});

test('text from the suite is no markup', () => {
  const svg = draw(parse(DOT));
  assert.ok(!svg.includes('<b>'));
  assert.ok(svg.includes('&#60;b&#62;'));
});

test('nothing makes an empty picture', () => {
  assert.match(draw(parse('')), /^<svg [^>]*width="10" height="10"/);
});
