//! An editor with a few open documents: turns strokes into changes and waits for what they lead to.
//!
//! Generated suites are ASCII, so bytes are columns in any encoding.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::client::Client;
use super::trace::Stroke;

/// How the editor gets diagnostics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// It asks after every change.
    Pull,
    /// It is told.
    Push,
}

/// An open document.
pub(super) struct Document {
    pub(super) uri: String,
    text: String,
    version: i64,
    cursor: usize,
    result_id: Value,
}

/// The editor.
pub(super) struct Editor {
    pub(super) client: Client,
    mode: Mode,
    pub(super) open: Vec<Document>,
    /// What the server can do.
    pub(super) capabilities: Value,
    /// Pulls that the server stopped, to be asked again.
    pub(super) stopped: usize,
}

impl Editor {
    /// Starts a server in the suite's directory; gives also the time until `initialize` was answered.
    pub(super) fn start(relux: &Path, suite: &Path, mode: Mode) -> anyhow::Result<(Self, Duration)> {
        let mut client = Client::start(relux, suite)?;
        let diagnostic = match mode {
            Mode::Pull => json!({"dynamicRegistration": false, "relatedDocumentSupport": false}),
            Mode::Push => Value::Null,
        };
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8", "utf-16"]},
            "workspace": {"diagnostics": {"refreshSupport": mode == Mode::Pull}},
            "textDocument": {
                "diagnostic": diagnostic,
                "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
                "completion": {"completionItem": {"snippetSupport": true}},
                "hover": {"contentFormat": ["markdown"]},
            },
        });
        let root = uri(suite);
        let params = json!({
            "processId": std::process::id(),
            "rootUri": root,
            "workspaceFolders": [{"uri": root, "name": "suite"}],
            "capabilities": capabilities,
        });
        let id = client.request("initialize", &params)?;
        let (at, answer) = client.answer(id)?;
        let took = at - client.started;
        client.notify("initialized", &json!({}))?;
        let capabilities = answer["result"]["capabilities"].clone();
        Ok((
            Self {
                client,
                mode,
                open: Vec::new(),
                capabilities,
                stopped: 0,
            },
            took,
        ))
    }

    /// Whether the server can be asked for this.
    pub(super) fn offers(&self, capability: &str) -> bool {
        self.capabilities
            .pointer(capability)
            .is_some_and(|it| !matches!(it, Value::Null | Value::Bool(false)))
    }

    /// Opens a file, with something before its text; gives its number.
    pub(super) fn open(&mut self, path: &Path, before: &str) -> anyhow::Result<usize> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let document = Document {
            uri: uri(path),
            text: format!("{before}{text}"),
            version: 1,
            cursor: 0,
            result_id: Value::Null,
        };
        let item = json!({
            "uri": document.uri, "languageId": "relux", "version": 1, "text": document.text
        });
        self.open.push(document);
        self.client
            .notify("textDocument/didOpen", &json!({ "textDocument": item }))?;
        Ok(self.open.len() - 1)
    }

    /// Carries out a stroke; `false` if nothing was sent.
    pub(super) fn stroke(&mut self, document: usize, stroke: &Stroke) -> anyhow::Result<bool> {
        let it = &mut self.open[document];
        let (range, new) = match stroke {
            Stroke::End => {
                it.cursor = it.text.len();
                return Ok(false);
            }
            Stroke::Behind(words) => {
                let found = it
                    .text
                    .find(words)
                    .with_context(|| format!("no {words:?} in {}", it.uri))?;
                it.cursor = found + words.len();
                return Ok(false);
            }
            Stroke::Insert(new) => (it.cursor..it.cursor, new.as_str()),
            Stroke::Erase(bytes) => (it.cursor - bytes..it.cursor, ""),
        };
        let place = json!({"start": it.position(range.start), "end": it.position(range.end)});
        it.cursor = range.start + new.len();
        it.text.replace_range(range, new);
        it.version += 1;
        let params = json!({
            "textDocument": {"uri": it.uri, "version": it.version},
            "contentChanges": [{"range": place, "text": new}],
        });
        self.client.notify("textDocument/didChange", &params)?;
        Ok(true)
    }

    /// When the diagnostics of the present text of these documents were there. What is pushed is only waited for where
    /// it must come: `since` drops what was sent before the change.
    pub(super) fn diagnosed(&mut self, documents: &[usize]) -> anyhow::Result<Instant> {
        match self.mode {
            Mode::Pull => self.pulled(documents),
            Mode::Push => {
                let mut last = self.client.started;
                for &document in documents {
                    let (uri, version) = (self.open[document].uri.clone(), self.open[document].version);
                    let (at, _) = self.client.wait(|it| {
                        it["method"] == "textDocument/publishDiagnostics"
                            && it["params"]["uri"] == uri.as_str()
                            && it["params"]["version"] == version
                    })?;
                    last = last.max(at);
                }
                Ok(last)
            }
        }
    }

    fn pulled(&mut self, documents: &[usize]) -> anyhow::Result<Instant> {
        let mut asked = Vec::new();
        for &document in documents {
            asked.push((document, self.pull(document)?));
        }
        let mut last = self.client.started;
        while let Some((document, id)) = asked.pop() {
            let (at, answer) = self.client.answer(id)?;
            match answer["error"]["code"].as_i64() {
                None => {
                    last = last.max(at);
                    self.open[document].result_id = answer["result"]["resultId"].clone();
                }
                // Stopped by an edit: an editor asks again.
                Some(-32801 | -32802) => {
                    self.stopped += 1;
                    asked.push((document, self.pull(document)?));
                }
                Some(_) => bail!("no diagnostics: {answer}"),
            }
        }
        Ok(last)
    }

    fn pull(&mut self, document: usize) -> anyhow::Result<i64> {
        let it = &self.open[document];
        let mut params = json!({"textDocument": {"uri": it.uri}});
        if !it.result_id.is_null() {
            params["previousResultId"] = it.result_id.clone();
        }
        self.client.request("textDocument/diagnostic", &params)
    }

    /// Asks something about the cursor of a document.
    pub(super) fn ask_at_cursor(&mut self, method: &str, document: usize) -> anyhow::Result<i64> {
        self.ask_at_cursor_with(method, document, &json!({}))
    }

    /// The same with more parameters.
    pub(super) fn ask_at_cursor_with(
        &mut self,
        method: &str,
        document: usize,
        more: &Value,
    ) -> anyhow::Result<i64> {
        let it = &self.open[document];
        let mut params = more.clone();
        params["textDocument"] = json!({"uri": it.uri});
        params["position"] = it.position(it.cursor);
        self.client.request(method, &params)
    }
}

impl Document {
    fn position(&self, at: usize) -> Value {
        let before = &self.text[..at];
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let line = before.bytes().filter(|&it| it == b'\n').count();
        json!({"line": line, "character": at - start})
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
