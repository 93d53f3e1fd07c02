// Draws an effect graph as SVG: columns by distance from what starts everything, boxes with their variables, arrows
// with the alias of the start. What an overlay gives is shown when the pointer rests on its arrow.
//
// Must not use the editor or the network: text in, text out. The input is the graph as the server writes it for
// Graphviz.

export interface Node {
  id: string;
  /** The first one is the name. */
  lines: string[];
}

export interface Edge {
  from: string;
  to: string;
  /** An alias, and what the overlay gives. */
  label: string[];
}

export interface Graph {
  nodes: Node[];
  edges: Edge[];
}

const NODE = /^\s*(\w+) \[.*?label="((?:[^"\\]|\\.)*)".*\];?\s*$/;
const EDGE = /^\s*(\w+) -> (\w+)(?: \[.*?label="((?:[^"\\]|\\.)*)".*\])?(?: \[[^\]]*\])?;?\s*$/;

/** Reads nodes and edges; other lines are about the looks that Graphviz would give it. */
export function parse(dot: string): Graph {
  const graph: Graph = { nodes: [], edges: [] };
  for (const line of dot.split('\n')) {
    const edge = EDGE.exec(line);
    const node = NODE.exec(line);
    if (edge?.[1] !== undefined && edge[2] !== undefined) {
      graph.edges.push({ from: edge[1], to: edge[2], label: unquote(edge[3] ?? '').filter(Boolean) });
    } else if (node?.[1] !== undefined && !['node', 'edge', 'graph'].includes(node[1])) {
      graph.nodes.push({ id: node[1], lines: unquote(node[2] ?? '') });
    }
  }
  return graph;
}

function unquote(label: string): string[] {
  return label.split(/\\[nlr]/).map((line) => line.replace(/\\(.)/g, '$1'));
}

/** Column of each node: after all that start it. What is part of a circle stays where it was met first. */
function columns({ nodes, edges }: Graph): Map<string, number> {
  const column = new Map<string, number>();
  const after = new Map<string, string[]>();
  edges.forEach(({ from, to }) => after.set(from, [...(after.get(from) ?? []), to]));
  const targets = new Set(edges.map(({ to }) => to));
  const visit = (id: string, at: number, path: Set<string>): void => {
    if (path.has(id) || at <= (column.get(id) ?? -1)) {
      return;
    }
    column.set(id, at);
    const inside = new Set(path).add(id);
    after.get(id)?.forEach((next) => visit(next, at + 1, inside));
  };
  nodes.filter(({ id }) => !targets.has(id)).forEach(({ id }) => visit(id, 0, new Set()));
  nodes.filter(({ id }) => !column.has(id)).forEach(({ id }) => visit(id, 0, new Set()));
  return column;
}

interface Box extends Node {
  x: number;
  y: number;
  width: number;
  height: number;
}

const CHARACTER = 7.4;
const LINE = 17;
const PADDING = 10;
const COLUMN_GAP = 90;
const ROW_GAP = 24;

/** Places boxes column by column, each near the middle of what starts it. */
function place(graph: Graph): Map<string, Box> {
  const column = columns(graph);
  const boxes = new Map<string, Box>();
  const last = Math.max(0, ...column.values());
  let x = PADDING;
  for (let at = 0; at <= last; at += 1) {
    const members = graph.nodes.filter(({ id }) => column.get(id) === at);
    const wish = (id: string): number => {
      const from = graph.edges.filter((edge) => edge.to === id).flatMap((edge) => boxes.get(edge.from) ?? []);
      return from.reduce((sum, box) => sum + box.y + box.height / 2, 0) / (from.length || 1);
    };
    const sorted = members.map((node) => ({ node, y: wish(node.id) })).sort((a, b) => a.y - b.y);
    let y = PADDING;
    let widest = 0;
    for (const { node } of sorted) {
      const width = Math.max(...node.lines.map((line) => line.length)) * CHARACTER + 2 * PADDING;
      const height = node.lines.length * LINE + PADDING;
      boxes.set(node.id, { ...node, x, y, width, height });
      y += height + ROW_GAP;
      widest = Math.max(widest, width);
    }
    x += widest + COLUMN_GAP;
  }
  return boxes;
}

/** The picture. Boxes carry the name of their effect in `data-effect`; colours are those of the editor. */
export function draw(graph: Graph): string {
  const boxes = place(graph);
  const all = [...boxes.values()];
  const width = Math.max(0, ...all.map((box) => box.x + box.width)) + PADDING;
  const height = Math.max(0, ...all.map((box) => box.y + box.height)) + PADDING;
  const edges = graph.edges.map((edge) => arrow(edge, boxes)).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(height)}" role="img">` +
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
    `<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>${edges}${all.map(box).join('')}</svg>`
  );
}

function box({ lines, x, y, width, height }: Box): string {
  const [name = '', ...rest] = lines;
  const text = (line: string, at: number, kind: string): string =>
    `<text class="${kind}" x="${x + PADDING}" y="${y + PADDING / 2 + (at + 1) * LINE - 5}">${escape(line)}</text>`;
  return (
    `<g class="effect" tabindex="0" role="button" data-effect="${escape(name)}">` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>` +
    text(name, 0, 'name') +
    rest.map((line, at) => text(line, at + 1, 'detail')).join('') +
    '</g>'
  );
}

function arrow({ from, to, label }: Edge, boxes: Map<string, Box>): string {
  const [start, end] = [boxes.get(from), boxes.get(to)];
  if (start === undefined || end === undefined) {
    return '';
  }
  const [x1, y1] = [start.x + start.width, start.y + start.height / 2];
  const [x2, y2] = [end.x, end.y + end.height / 2];
  const bend = Math.max(30, (x2 - x1) / 2);
  const alias = label.find((line) => line.startsWith('as '));
  const text = alias === undefined ? '' : `<text class="label" x="${x1 + 8}" y="${(y1 + (y2 - y1) / 4 - 6).toFixed(1)}">${escape(alias)}</text>`;
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return `<path class="start" marker-end="url(#tip)" d="${path}"><title>${escape(label.join('\n'))}</title></path>${text}`;
}

/** Text that may stand in a page. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
