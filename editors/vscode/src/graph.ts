// The view of the effect graph: a panel beside the editor, drawn anew when a Relux file is saved.
//
// Must not compute the graph: the server does. Nothing is loaded from anywhere; a click on an effect goes to it.

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { draw, escape, parse } from './drawing';
import type { EffectGraph } from './protocol';

export const COMMAND = 'relux.showEffectGraph';

export class GraphView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: { uri: vscode.Uri; name: string | undefined } | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly client: () => LanguageClient | undefined,
    onDidStart: vscode.Event<void>,
  ) {
    const started = onDidStart(() => void this.update());
    const saved = vscode.workspace.onDidSaveTextDocument((document) => {
      if (this.panel?.visible && (document.languageId === 'relux' || document.fileName.endsWith('Relux.toml'))) {
        void this.update();
      }
    });
    this.subscriptions = [started, saved];
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.panel?.dispose();
  }

  /** Opens the graph of the test or effect at the cursor, or of the suite where there is none. */
  async open(uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
    if (uri === undefined) {
      void vscode.window.showInformationMessage('Relux: open a file of the suite first.');
      return;
    }
    if (this.client() === undefined) {
      void vscode.window.showWarningMessage('Relux: the effect graph needs the language server, which does not run.');
      return;
    }
    this.shown = { uri, name: await nameAtCursor(uri) };
    if (this.panel === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.panel = vscode.window.createWebviewPanel('relux.graph', 'Effect Graph', column, { enableScripts: true });
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.webview.onDidReceiveMessage(({ effect }: { effect: string }) => void this.go(effect));
    } else {
      this.panel.reveal(undefined, true);
    }
    await this.update();
  }

  private async update(): Promise<void> {
    const [panel, client, shown] = [this.panel, this.client(), this.shown];
    if (panel === undefined || client === undefined || shown === undefined) {
      return;
    }
    const { uri, name } = shown;
    const wanted = { uri: client.code2ProtocolConverter.asUri(uri), name, format: 'dot' };
    const params = { command: COMMAND, arguments: [wanted] };
    // A suite with a circle of effects has no graph; the server says so.
    const graph = await client
      .sendRequest<EffectGraph>('workspace/executeCommand', params)
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    panel.title = name === undefined ? 'Effects of the suite' : `Effects of ${name}`;
    panel.webview.html = page(graph);
  }

  /** Goes to an effect by its name, or to a test by what its box says. */
  private async go(box: string): Promise<void> {
    const effect = /^test "(.*)"$/.exec(box)?.[1] ?? box;
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      effect,
    );
    const symbol = found.find(({ name, location }) => name === effect && location.uri.path.endsWith('.relux'));
    if (symbol !== undefined) {
      const { uri, range } = symbol.location;
      await vscode.window.showTextDocument(uri, { selection: range, viewColumn: vscode.ViewColumn.One });
    }
  }
}

/** The name of the test or effect that the cursor is in, as the outline has it. */
async function nameAtCursor(uri: vscode.Uri): Promise<string | undefined> {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  if (editor === undefined) {
    return undefined;
  }
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    uri,
  );
  const { document, selection } = editor;
  const found = symbols?.find(({ range }) => range.contains(selection.active));
  // Functions start nothing by themselves.
  const line = found && document.lineAt(found.selectionRange.start.line).text;
  return line !== undefined && /^\s*(test|effect)\b/.test(line) ? found?.name : undefined;
}

const STYLE = `
  body { font-family: var(--vscode-font-family); color: var(--vscode-editor-foreground); padding: 0; }
  svg text { font: 12px var(--vscode-editor-font-family, monospace); fill: var(--vscode-editor-foreground); }
  svg .name { font-weight: bold; fill: var(--vscode-textLink-foreground, var(--vscode-editor-foreground)); }
  svg .detail, svg .label { fill: var(--vscode-descriptionForeground); }
  svg .label { font-size: 11px; }
  svg rect { fill: var(--vscode-editorWidget-background);
    stroke: var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-descriptionForeground) 55%, transparent)); }
  svg .effect { cursor: pointer; outline: none; }
  svg .effect:hover rect, svg .effect:focus-visible rect { stroke: var(--vscode-focusBorder); stroke-width: 2; }
  svg .start { fill: none; stroke: var(--vscode-descriptionForeground); }
  svg .reach { fill: none; stroke: transparent; stroke-width: 12; }
  svg .tip { fill: var(--vscode-descriptionForeground); }
  p { padding: 0 1em; }
  nav { position: fixed; right: 12px; bottom: 12px; display: flex; gap: 2px; }
  nav button { min-width: 28px; height: 26px; padding: 0 6px; border: 1px solid var(--vscode-editorWidget-border, #888); border-radius: 4px;
    color: var(--vscode-editor-foreground); background: var(--vscode-editorWidget-background); cursor: pointer; font: inherit; }
  nav button:hover { background: var(--vscode-toolbar-hoverBackground); }
`;

// Of the two drawings the one that fits better is shown: at first as large as fits and can be read, and then as
// somebody wants it.
const SCRIPT = `
  const editor = acquireVsCodeApi();
  const sizes = new Map([...document.querySelectorAll('svg')].map((svg) => [svg, svg.viewBox.baseVal]));
  // A number, 'fit', or nothing as long as nobody has said anything.
  let zoom = editor.getState()?.zoom;
  const fit = (svg) => {
    const { width, height } = sizes.get(svg);
    return Math.min(1, innerWidth / width, (innerHeight - 8) / height);
  };
  const scaleOf = (svg) => (zoom === 'fit' ? fit(svg) : (zoom ?? Math.max(0.4, fit(svg))));
  const show = () => {
    const best = [...sizes.keys()].sort((a, b) => fit(b) - fit(a))[0];
    for (const [svg, { width, height }] of sizes) {
      const scale = scaleOf(svg);
      svg.style.display = svg === best ? 'block' : 'none';
      svg.setAttribute('width', width * scale);
      svg.setAttribute('height', height * scale);
    }
    editor.setState({ zoom });
    return best;
  };
  const scaleBy = (factor) => {
    const best = show();
    if (best === undefined) return;
    zoom = factor ? Math.min(4, Math.max(0.1, scaleOf(best) * factor)) : 'fit';
    show();
  };
  const go = (target) => {
    const box = target.closest('[data-effect]');
    if (box) editor.postMessage({ effect: box.dataset.effect });
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-zoom]');
    if (button) scaleBy(Number(button.dataset.zoom));
    else go(event.target);
  });
  document.addEventListener('keydown', (event) => event.key === 'Enter' && go(event.target));
  document.addEventListener('wheel', (event) => {
    if (event.ctrlKey) {
      event.preventDefault();
      scaleBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    }
  }, { passive: false });
  addEventListener('resize', show);
  show();
`;

const BUTTONS =
  '<nav><button data-zoom="0.8" title="Smaller">−</button><button data-zoom="1.25" title="Larger">+</button>' +
  '<button data-zoom="" title="All of it">Fit</button></nav>';

function page(graph: EffectGraph | string): string {
  const nonce = randomBytes(16).toString('hex');
  const drawing = parse(typeof graph === 'string' ? '' : graph.text);
  const message = typeof graph === 'string' ? graph : 'There are no effects here.';
  const body =
    drawing.nodes.length === 0 ? `<p>${escape(message)}</p>` : draw(drawing, 'right') + draw(drawing, 'down') + BUTTONS;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<style nonce="${nonce}">${STYLE}</style></head>
<body>${body}<script nonce="${nonce}">${SCRIPT}</script></body></html>`;
}
