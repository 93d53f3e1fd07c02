// What the server says about itself, as a page for people; all of it stands below, for reports of mistakes.
//
// Must not ask anybody: facts in, Markdown out.

/** The answer to `relux/status`, as far as the page speaks about it. A server of another age may know less. */
export interface Status {
  uptimeMs?: number;
  residentKib?: number;
  documents?: number;
  suites?: Suite[];
  methods?: Record<string, { answers: number; meanMs: number; longestMs: number }>;
}

interface Suite {
  root: string;
  manifest: boolean;
  modules: number;
  editions: { edition: string; because: string; modules: number }[];
}

/** So many of the slowest requests are worth a line. */
const SLOWEST = 5;

export function page(version: string | undefined, path: string, status: Status): string {
  const all = JSON.stringify({ version, path, ...status }, null, 2);
  return [
    '# The Relux language server',
    `It runs${running(status)}.`,
    table(['', ''], [['Version', version ?? 'unknown'], ['Program', code(path)], ['Open documents', String(status.documents ?? 'unknown')]]),
    '## Suites',
    suites(status.suites ?? []),
    '## Slowest requests',
    slowest(status.methods ?? {}),
    '## Everything',
    `\`\`\`json\n${all}\n\`\`\``,
    '',
  ].join('\n\n');
}

function running({ uptimeMs, residentKib }: Status): string {
  const since = uptimeMs === undefined ? '' : `, for ${duration(uptimeMs / 1000)}`;
  return residentKib === undefined ? since : `${since}, in ${Math.round(residentKib / 1024)} MiB`;
}

function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const whole = Math.max(1, Math.round(amount));
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}

function suites(known: Suite[]): string {
  if (known.length === 0) {
    return 'None: there is no `Relux.toml` in this window, and no Relux file is open.';
  }
  const rows = known.map(({ root, manifest, modules, editions }) => [
    root === '' ? 'a file without a name' : manifest ? code(root) : `${code(root)}, without a \`Relux.toml\``,
    String(modules),
    editions.map(({ edition, because }) => `${edition}: ${because}`).join('<br>'),
  ]);
  return table(['directory', 'modules', 'edition'], rows);
}

function slowest(methods: NonNullable<Status['methods']>): string {
  const answered = Object.entries(methods).filter(([, { answers }]) => answers > 0);
  if (answered.length === 0) {
    return 'None yet.';
  }
  answered.sort(([, one], [, other]) => other.longestMs - one.longestMs);
  const time = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const rows = answered
    .slice(0, SLOWEST)
    .map(([method, it]) => [code(method), String(it.answers), time(it.meanMs), time(it.longestMs)]);
  return table(['request', 'answers', 'on average', 'longest'], rows);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
