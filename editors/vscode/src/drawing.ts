// Draws an effect graph as SVG: rows or columns by distance from what starts everything, boxes with their variables,
// arrows with the alias of the start. What an overlay gives is shown when the pointer rests on its arrow.
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

/** Level of each node: after all that start it. What is part of a circle stays where it was met first. */
function levels({ nodes, edges }: Graph): Map<string, number> {
  const level = new Map<string, number>();
  const after = new Map<string, string[]>();
  edges.forEach(({ from, to }) => after.set(from, [...(after.get(from) ?? []), to]));
  const targets = new Set(edges.map(({ to }) => to));
  const visit = (id: string, at: number, path: Set<string>): void => {
    if (path.has(id) || at <= (level.get(id) ?? -1)) {
      return;
    }
    level.set(id, at);
    const inside = new Set(path).add(id);
    after.get(id)?.forEach((next) => visit(next, at + 1, inside));
  };
  nodes.filter(({ id }) => !targets.has(id)).forEach(({ id }) => visit(id, 0, new Set()));
  nodes.filter(({ id }) => !level.has(id)).forEach(({ id }) => visit(id, 0, new Set()));
  return level;
}

interface Box extends Node {
  level: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where arrows go: the other direction may fit better into a narrow view. */
export type Direction = 'right' | 'down';

const CHARACTER = 7.4;
const LINE = 17;
const PADDING = 10;
const LEVEL_GAP = { right: 90, down: 56 };
const NEIGHBOUR_GAP = 24;
/** Arrows that go around others begin and end so far beside the middle. */
const BESIDE = 24;

function measure(node: Node, level: number): Box {
  const width = Math.max(...node.lines.map((line) => line.length)) * CHARACTER + 2 * PADDING;
  return { ...node, level, x: 0, y: 0, width, height: node.lines.length * LINE + PADDING };
}

/** Places boxes level by level, in the order of what starts them, each level in the middle of the longest one. */
function place(graph: Graph, direction: Direction): Map<string, Box> {
  const [along, across, depth, breadth] =
    direction === 'right' ? (['x', 'y', 'width', 'height'] as const) : (['y', 'x', 'height', 'width'] as const);
  const known = levels(graph);
  const boxes = new Map(graph.nodes.map((node) => [node.id, measure(node, known.get(node.id) ?? 0)]));
  const last = Math.max(0, ...known.values());
  const members = Array.from({ length: last + 1 }, (_, at) => [...boxes.values()].filter(({ level }) => level === at));
  const extent = (row: Box[]): number => row.reduce((sum, box) => sum + box[breadth] + NEIGHBOUR_GAP, -NEIGHBOUR_GAP);
  const longest = Math.max(0, ...members.map(extent));
  let front = PADDING;
  for (const row of members) {
    const wish = (id: string): number => {
      const from = graph.edges.filter((edge) => edge.to === id).flatMap((edge) => boxes.get(edge.from) ?? []);
      return from.reduce((sum, box) => sum + box[across] + box[breadth] / 2, 0) / (from.length || 1);
    };
    let next = PADDING + (longest - extent(row)) / 2;
    for (const { box } of row.map((box) => ({ box, wish: wish(box.id) })).sort((a, b) => a.wish - b.wish)) {
      box[along] = front;
      box[across] = next;
      next += box[breadth] + NEIGHBOUR_GAP;
    }
    front += Math.max(0, ...row.map((box) => box[depth])) + LEVEL_GAP[direction];
  }
  return boxes;
}

/** The picture. Boxes carry the name of their effect in `data-effect`; colours are those of the editor. */
export function draw(graph: Graph, direction: Direction = 'right'): string {
  const boxes = place(graph, direction);
  const all = [...boxes.values()];
  const around = detours(graph, boxes, direction);
  const [right, down] = direction === 'right' ? [0, Math.max(0, ...around.values())] : [Math.max(0, ...around.values()), 0];
  const width = Math.ceil(Math.max(right, ...all.map((box) => box.x + box.width)) + PADDING);
  const height = Math.ceil(Math.max(down, ...all.map((box) => box.y + box.height)) + PADDING);
  const edges = graph.edges.map((edge) => arrow(edge, boxes, direction, around.get(edge))).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
    `<defs><marker id="tip-${direction}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">` +
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

/** How far out arrows must go to get around what stands between their ends; those that can go straight are missing. */
function detours({ edges }: Graph, boxes: Map<string, Box>, direction: Direction): Map<Edge, number> {
  const found = new Map<Edge, number>();
  for (const edge of edges) {
    const [first, last] = [boxes.get(edge.from)?.level ?? 0, boxes.get(edge.to)?.level ?? 0];
    const between = [...boxes.values()].filter(({ level }) => first < level && level < last);
    const ends = between.map((box) => (direction === 'right' ? box.y + box.height : box.x + box.width));
    if (ends.length > 0) {
      found.set(edge, Math.max(...ends) + 12 + 10 * found.size);
    }
  }
  return found;
}

interface Point {
  x: number;
  y: number;
}

/** An arrow, drawn in the direction `right`; `turn` gives it the other one. */
function arrow(edge: Edge, boxes: Map<string, Box>, direction: Direction, around: number | undefined): string {
  const [start, end] = [boxes.get(edge.from), boxes.get(edge.to)];
  if (start === undefined || end === undefined) {
    return '';
  }
  const right = direction === 'right';
  const turn = (along: number, across: number): Point => (right ? { x: along, y: across } : { x: across, y: along });
  const [begin, beginAcross] = right
    ? [start.x + start.width, middle(start.y, start.height)]
    : [start.y + start.height, middle(start.x, start.width)];
  const [finish, finishAcross] = right ? [end.x, middle(end.y, end.height)] : [end.y, middle(end.x, end.width)];
  let path: string;
  if (around === undefined) {
    const bend = Math.max(30, (finish - begin) / 2);
    const points = [turn(begin + bend, beginAcross), turn(finish - bend, finishAcross), turn(finish, finishAcross)];
    path = `M${pair(turn(begin, beginAcross))}C${points.map(pair).join(' ')}`;
  } else {
    const next = [...boxes.values()].find(({ level }) => level === start.level + 1) ?? end;
    const out = (right ? next.x : next.y) - LEVEL_GAP[direction] + 12;
    const [from, to] = [beginAcross + BESIDE, finishAcross + BESIDE];
    const corners = [[begin, from], [out, from], [out, around], [finish - 20, around], [finish - 20, to], [finish, to]] as const;
    path = rounded(corners.map(([along, across]) => turn(along, across)));
  }
  const alias = edge.label.find((line) => line.startsWith('as '));
  // Near the end, where arrows that begin together have parted.
  const across = finishAcross + (around === undefined ? (beginAcross - finishAcross) / 8 : BESIDE);
  const label = right ? { x: finish - 64, y: across - 6 } : { x: across + 6, y: finish - 16 };
  const text = alias === undefined ? '' : `<text class="label" x="${round(label.x)}" y="${round(label.y)}">${escape(alias)}</text>`;
  const title = edge.label.length === 0 ? '' : `<title>${escape(edge.label.join('\n'))}</title>`;
  // The wide one without colour is for the pointer.
  const reach = `<path class="reach" d="${path}">${title}</path>`;
  return `<path class="start" marker-end="url(#tip-${direction})" d="${path}"/>${reach}${text}`;
}

/** A line through points, with round corners. */
function rounded(points: Point[]): string {
  const radius = 7;
  const towards = (from: Point, to: Point): Point => {
    const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const part = Math.min(radius, far / 2) / far;
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  };
  return points
    .map((point, at) => {
      const [before, after] = [points[at - 1], points[at + 1]];
      if (before === undefined || after === undefined) {
        return `${before === undefined ? 'M' : 'L'}${pair(point)}`;
      }
      return `L${pair(towards(point, before))}Q${pair(point)} ${pair(towards(point, after))}`;
    })
    .join('');
}

function pair({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function middle(start: number, size: number): number {
  return start + size / 2;
}

function round(number: number): string {
  return number.toFixed(1).replace(/\.0$/, '');
}

/** Text that may stand in a page. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
