//! A `relux lsp` process on a scratch suite with a scripted editor at its streams, and how it ends.

use std::fs;
use std::process::{Child, ExitStatus, Stdio};

use serde_json::{Value, json};

use crate::{LspClient, Scratch};

/// A running server and its editor.
pub struct LspSession {
    /// The editor.
    pub client: LspClient,
    server: Child,
    root: String,
}

impl LspSession {
    /// Starts the server for a suite; the client counts columns in UTF-8, and resolves code actions.
    pub fn start(scratch: &Scratch) -> Self {
        Self::start_for(scratch, None)
    }

    /// The same for a client that names its process.
    pub fn start_for(scratch: &Scratch, parent: Option<u32>) -> Self {
        let mut server = scratch
            .command(&["lsp"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let (input, output) = (server.stdin.take(), server.stdout.take());
        let mut client = LspClient::new(output.expect("a pipe"), input.expect("a pipe"));
        client.process = parent;
        client.initialize(&json!({
            "general": {"positionEncodings": ["utf-8"]},
            "textDocument": {
                "publishDiagnostics": {"relatedInformation": true},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
                "codeAction": {
                    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
                    "dataSupport": true, "resolveSupport": {"properties": ["edit"]},
                },
            },
        }));
        let root = scratch.path().to_str().expect("a path in UTF-8").to_owned();
        Self { client, server, root }
    }

    /// The URI of a file of the suite.
    pub fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root)
    }

    /// The path of a URI, below the suite.
    pub fn path_of<'a>(&self, uri: &'a str) -> &'a str {
        let below = uri
            .strip_prefix("file://")
            .and_then(|it| it.strip_prefix(&self.root));
        below
            .and_then(|it| it.strip_prefix('/'))
            .expect("a file of the suite")
    }

    /// Opens a file with its text on the disk; gives its URI and its diagnostics.
    pub fn open(&mut self, path: &str) -> (String, Vec<Value>) {
        let uri = self.uri(path);
        let text = fs::read_to_string(format!("{}/{path}", self.root)).expect("reading a file");
        self.client.open(&uri, &text);
        let found = self.client.diagnostics(&uri, 1);
        (uri, found)
    }

    /// The id of the server's process.
    pub fn server_id(&self) -> u32 {
        self.server.id()
    }

    /// Waits for the end of the server.
    pub fn wait(&mut self) -> ExitStatus {
        self.server.wait().expect("the server ends")
    }

    /// Ends the server as nothing can prevent.
    pub fn kill(&mut self) {
        self.server.kill().expect("the server can be killed");
        self.wait();
    }

    /// Says goodbye; the server must leave with status 0.
    pub fn finish(mut self) {
        self.client.shut_down();
        assert!(self.client.server_has_gone());
        let status = self.wait();
        assert!(status.success(), "{status}");
    }
}
