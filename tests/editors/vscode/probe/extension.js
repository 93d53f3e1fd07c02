// An extension beside the one under test: answers what the driver asks about the editor, over loopback HTTP.
//
// Must not edit text: typing is the driver's, through the keyboard. Waits end with the event that they wait for.

const http = require('node:http');
const vscode = require('vscode');

const editor = () => vscode.window.activeTextEditor;

function diagnostics() {
  const document = editor().document;
  return vscode.languages.getDiagnostics(document.uri).map((diagnostic) => ({
    code: String(diagnostic.code?.value ?? diagnostic.code),
    line: diagnostic.range.start.line + 1,
    severity: diagnostic.severity,
    message: diagnostic.message,
    span: document.getText(diagnostic.range),
  }));
}

/** Resolves to whether `holds()` became true within `timeout` ms, asked again at every event of `subscribe`. */
function until(subscribe, holds, timeout) {
  return new Promise((resolve) => {
    if (holds()) {
      resolve(true);
      return;
    }
    const end = (result) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(result);
    };
    const timer = setTimeout(() => end(false), timeout);
    const subscription = subscribe(() => holds() && end(true));
  });
}

const calls = {
  async ready() {
    return true;
  },
  async open({ file }) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    await vscode.window.showTextDocument(document, { preview: false });
    return { language: document.languageId };
  },
  /** Opens a file in a second column. */
  async openBeside({ file }) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.Two });
  },
  /** Selects the text between two offsets in UTF-16 code units; resolves when the editor has done so. */
  async select({ start, end }) {
    const { document } = editor();
    const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
    await vscode.window.showTextDocument(document, { selection, preview: false });
  },
  async buffer() {
    const { document } = editor();
    return {
      file: document.uri.fsPath,
      text: document.getText(),
      modified: document.isDirty,
      selected: document.getText(editor().selection),
      line: document.lineAt(editor().selection.active.line).text,
    };
  },
  /** The text of a document that is open, edited or not. */
  async textOf({ file }) {
    return vscode.workspace.textDocuments.find((document) => document.uri.fsPath === file)?.getText() ?? null;
  },
  waitText: ({ text, timeout }) =>
    until(vscode.workspace.onDidChangeTextDocument, () => editor().document.getText() === text, timeout),
  async diagnostics() {
    return diagnostics();
  },
  /** Waits until a diagnostic with all that is given is there or, with `gone`, is not; `message` may be a part of it. */
  waitDiagnostic({ code, span, line, message = '', gone = false, timeout }) {
    const found = () =>
      diagnostics().some(
        (diagnostic) =>
          (code === undefined || diagnostic.code === code) &&
          (span === undefined || diagnostic.span === span) &&
          (line === undefined || diagnostic.line === line) &&
          diagnostic.message.includes(message),
      );
    return until(vscode.languages.onDidChangeDiagnostics, () => found() !== gone, timeout);
  },
  /** Scrolls to a diagnostic or a text, in case it is not at the cursor. */
  async reveal({ code, span, text }) {
    const { document } = editor();
    if (text !== undefined) {
      const at = document.positionAt(document.getText().indexOf(text));
      editor().revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
      return;
    }
    const shown = diagnostics().find((diagnostic) => diagnostic.code === code && diagnostic.span === span);
    if (shown !== undefined) {
      const { range } = document.lineAt(shown.line - 1);
      editor().revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  },
  async setting({ name, value }) {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
  },
  async command({ name, args = [] }) {
    return (await vscode.commands.executeCommand(name, ...args)) ?? null;
  },
};

exports.activate = (context) => {
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const { call, ...parameters } = JSON.parse(body);
    try {
      response.end(JSON.stringify({ result: (await calls[call](parameters)) ?? null }));
    } catch (error) {
      response.end(JSON.stringify({ error: String(error?.stack ?? error) }));
    }
  });
  // A connection that the driver means to use again must not be closed meanwhile.
  server.keepAliveTimeout = 0;
  server.listen(Number(process.env.RELUX_PROBE_PORT), '127.0.0.1');
  context.subscriptions.push({ dispose: () => server.close() });
};
