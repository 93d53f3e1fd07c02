//! A `relux lsp` process on a scratch suite, and how it ends.

use std::process::{Child, Stdio};

use relux_e2e::{LspClient, Scratch};
use serde_json::json;

/// A running server and its editor.
pub(crate) struct Session {
    pub(crate) client: LspClient,
    server: Child,
    root: String,
}

impl Session {
    /// Starts the server for a suite; the client counts columns in UTF-8.
    pub(crate) fn start(scratch: &Scratch) -> Self {
        Self::start_for(scratch, None)
    }

    /// The same for a client that names its process.
    pub(crate) fn start_for(scratch: &Scratch, parent: Option<u32>) -> Self {
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
            },
        }));
        let root = scratch.path().to_str().expect("a path in UTF-8").to_owned();
        Self { client, server, root }
    }

    /// The URI of a file of the suite.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root)
    }

    /// Opens a file with its text on the disk; gives its URI and its diagnostics.
    pub(crate) fn open(&mut self, path: &str) -> (String, Vec<serde_json::Value>) {
        let uri = self.uri(path);
        let text = std::fs::read_to_string(format!("{}/{path}", self.root)).expect("reading a file");
        self.client.open(&uri, &text);
        let found = self.client.diagnostics(&uri, 1);
        (uri, found)
    }

    /// The id of the server's process.
    pub(crate) fn server_id(&self) -> u32 {
        self.server.id()
    }

    /// Waits for the end of the server.
    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.server.wait().expect("the server ends")
    }

    /// Says goodbye; the server must leave with status 0.
    pub(crate) fn finish(mut self) {
        self.client.shut_down();
        assert!(self.client.server_has_gone());
        let status = self.server.wait().expect("the server ends");
        assert!(status.success(), "{status}");
    }
}

#[test]
fn the_exit_status_tells_how_the_session_ended() {
    let scratch = Scratch::new("");
    Session::start(&scratch).finish();

    let mut abrupt = Session::start(&scratch);
    abrupt.client.notify("exit", json!(null));
    assert_eq!(abrupt.server.wait().expect("the server ends").code(), Some(1));

    let mut crashed = Session::start(&scratch);
    crashed.client.hang_up();
    assert_eq!(crashed.server.wait().expect("the server ends").code(), Some(1));
}
