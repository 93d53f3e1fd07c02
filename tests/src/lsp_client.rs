//! A scripted editor: speaks the language server protocol over any pair of byte streams, one step after another.
//!
//! It waits for messages, never for time; the only limit is the one after which a test is considered to hang. Requests
//! of the server are answered at once and kept for a look.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value, json};

/// No message for so long means that none will come.
const HANGS: Duration = Duration::from_secs(60);

/// The editor's side of a session.
pub struct LspClient {
    writer: Option<Box<dyn Write + Send>>,
    inbox: mpsc::Receiver<Value>,
    /// Notifications that nobody has asked for yet, in order.
    pub notifications: VecDeque<Value>,
    /// Requests of the server, in order.
    pub server_requests: Vec<Value>,
    responses: VecDeque<Value>,
    next_id: i64,
    /// The process that the client names as its own.
    pub process: Option<u32>,
    /// Requests of the server get no answer.
    pub silent: bool,
    /// The user's settings, for a server that asks.
    pub configuration: Value,
    reading: Arc<Gate>,
}

/// Lets the reader through, or not.
#[derive(Default)]
struct Gate {
    closed: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn pass(&self) {
        let closed = self.closed.lock().expect("nobody panics with it");
        drop(self.opened.wait_while(closed, |closed| *closed));
    }

    fn set(&self, closed: bool) {
        *self.closed.lock().expect("nobody panics with it") = closed;
        self.opened.notify_all();
    }
}

impl LspClient {
    /// A session over what the server writes and reads.
    pub fn new(from_server: impl Read + Send + 'static, to_server: impl Write + Send + 'static) -> Self {
        let (sender, inbox) = mpsc::channel();
        let reading = Arc::new(Gate::default());
        let gate = Arc::clone(&reading);
        std::thread::spawn(move || {
            let mut reader = BufReader::new(from_server);
            while let Some(message) = read_message(&mut reader) {
                gate.pass();
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            writer: Some(Box::new(to_server)),
            inbox,
            notifications: VecDeque::new(),
            server_requests: Vec::new(),
            responses: VecDeque::new(),
            next_id: 0,
            process: None,
            silent: false,
            configuration: Value::Null,
            reading,
        }
    }

    /// From now on nothing that the server writes is read.
    pub fn stop_reading(&self) {
        self.reading.set(true);
    }

    /// Everything is read again.
    pub fn read_again(&self) {
        self.reading.set(false);
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the session is open");
        writer.write_all(bytes).expect("the server reads");
        writer.flush().expect("the server reads");
    }

    /// Closes the editor's side, as a crash would.
    pub fn hang_up(&mut self) {
        self.writer = None;
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&message(method, params));
    }

    /// Sends a request; its answer is had with [`Self::answer`].
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let mut request = message(method, params);
        request["id"] = self.next_id.into();
        self.send(&request);
        self.next_id
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, id: impl Into<Value>) -> Value {
        let id = id.into();
        loop {
            if let Some(at) = self.responses.iter().position(|it| it["id"] == id) {
                return self.responses.remove(at).expect("just found");
            }
            self.receive();
        }
    }

    /// Asks and waits for the result; an error fails the test.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        let mut answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Asks and waits for the code of the error; a result fails the test.
    pub fn ask_error(&mut self, method: &str, params: Value) -> i64 {
        let id = self.request(method, params);
        let answer = self.answer(id);
        answer["error"]["code"]
            .as_i64()
            .unwrap_or_else(|| panic!("{method} has no error: {answer}"))
    }

    /// The parameters of the next notification of a method that satisfies `wanted`; earlier ones of that method are dropped.
    pub fn notification(&mut self, method: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        loop {
            while let Some(at) = self.notifications.iter().position(|it| it["method"] == method) {
                let mut found = self.notifications.remove(at).expect("just found");
                if wanted(&found["params"]) {
                    return found["params"].take();
                }
            }
            self.receive();
        }
    }

    /// The diagnostics that are published for a version of a document.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let found = self.notification("textDocument/publishDiagnostics", |it| {
            it["uri"] == uri && it["version"] == version
        });
        found["diagnostics"]
            .as_array()
            .expect("a list of diagnostics")
            .clone()
    }

    /// The next request of the server with this method.
    pub fn server_request(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.server_requests.iter().position(|it| it["method"] == method) {
                return self.server_requests.remove(at);
            }
            self.receive();
        }
    }

    /// Whether the server has closed its side; reads what comes before.
    pub fn server_has_gone(&mut self) -> bool {
        loop {
            match self.inbox.recv_timeout(HANGS) {
                Ok(message) => self.sort(message),
                Err(mpsc::RecvTimeoutError::Disconnected) => return true,
                Err(mpsc::RecvTimeoutError::Timeout) => return false,
            }
        }
    }

    /// Waits for another message of any kind.
    pub fn wait_for_message(&mut self) {
        self.receive();
    }

    fn receive(&mut self) {
        match self.inbox.recv_timeout(HANGS) {
            Ok(message) => self.sort(message),
            Err(error) => panic!(
                "nothing more comes from the server: {error}; so far {:?}",
                self.notifications
            ),
        }
    }

    fn sort(&mut self, message: Value) {
        match (message.get("method"), message.get("id")) {
            (Some(_), Some(id)) => {
                let result = if message["method"] == "workspace/configuration" {
                    json!([self.configuration])
                } else {
                    Value::Null
                };
                let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
                self.server_requests.push(message);
                if !self.silent {
                    self.send(&answer);
                }
            }
            (Some(_), None) => self.notifications.push_back(message),
            (None, _) => self.responses.push_back(message),
        }
    }
}

/// What editors do all the time.
impl LspClient {
    /// Begins the session with these capabilities of the client and gives the server's.
    pub fn initialize(&mut self, capabilities: &Value) -> Value {
        let params = json!({"processId": self.process, "rootUri": null, "capabilities": capabilities});
        let mut result = self.ask("initialize", params);
        self.notify("initialized", json!({}));
        result["capabilities"].take()
    }

    /// Ends the session as the protocol wants.
    pub fn shut_down(&mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
    }

    /// Opens a document as version 1.
    pub fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "relux", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the whole text.
    pub fn replace(&mut self, uri: &str, version: i64, text: &str) {
        self.change(uri, version, &json!([{ "text": text }]));
    }

    /// Inserts text at a 0-based line and column.
    pub fn insert(&mut self, uri: &str, version: i64, (line, column): (u32, u32), text: &str) {
        let at = json!({"line": line, "character": column});
        self.change(
            uri,
            version,
            &json!([{"range": {"start": at, "end": at}, "text": text}]),
        );
    }

    /// Sends changes as they are.
    pub fn change(&mut self, uri: &str, version: i64, changes: &Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    /// Closes a document.
    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }

    /// Asks about a whole document.
    pub fn ask_about(&mut self, method: &str, uri: &str) -> Value {
        self.ask(method, json!({"textDocument": {"uri": uri}}))
    }

    /// Asks about a 0-based line and column of a document.
    pub fn ask_at(&mut self, method: &str, uri: &str, (line, column): (u32, u32)) -> Value {
        let position = json!({"line": line, "character": column});
        self.ask(
            method,
            json!({"textDocument": {"uri": uri}, "position": position}),
        )
    }
}

fn message(method: &str, params: Value) -> Value {
    let mut message = json!({"jsonrpc": "2.0", "method": method});
    if !params.is_null() {
        message["params"] = params;
    }
    message
}

fn read_message(reader: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length:") {
            Some(number) => length = number.trim().parse().ok()?,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server writes JSON"))
}
