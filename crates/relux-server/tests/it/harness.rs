//! A session with a server in this process, over a pair of sockets, on files in memory.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

use relux_ide::system::{DirEntry, EntryKind, MemorySystem, System, SystemError};
use relux_server::{Ending, Options};
use serde_json::{Value, json};

use crate::lsp_client::LspClient;

/// Where the suite of a test lies.
pub(crate) const ROOT: &str = "/suite";

/// Files in memory that a test can change while the server runs.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    root: String,
    system: Arc<Mutex<MemorySystem>>,
}

impl Default for Files {
    fn default() -> Self {
        Self::below(ROOT, "")
    }
}

impl Files {
    /// Files from one string: each starts at a line `//- <path below the root>`.
    pub(crate) fn new(fixture: &str) -> Self {
        Self::below(ROOT, fixture)
    }

    /// The same in another place.
    pub(crate) fn below(root: &str, fixture: &str) -> Self {
        let files = Self {
            root: root.to_owned(),
            system: Arc::default(),
        };
        let mut path: Option<&str> = None;
        let mut text = String::new();
        for line in fixture.split_inclusive('\n') {
            if let Some(next) = line.strip_prefix("//- ") {
                if let Some(path) = path {
                    files.write(path, &text);
                }
                path = Some(next.trim_end());
                text.clear();
            } else {
                text.push_str(line);
            }
        }
        if let Some(path) = path {
            files.write(path, &text);
        }
        files
    }

    fn lock(&self) -> MutexGuard<'_, MemorySystem> {
        self.system
            .lock()
            .expect("no test panics while it holds the files")
    }

    /// The URI of a file.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root)
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = format!("{}/{path}", self.root);
        self.lock().remove(path.as_str().into());
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        self.lock().insert(format!("{}/{path}", self.root), text);
    }
}

impl System for Files {
    fn read(&self, path: &camino::Utf8Path) -> Result<Vec<u8>, SystemError> {
        self.lock().read(path)
    }

    fn kind(&self, path: &camino::Utf8Path) -> Result<EntryKind, SystemError> {
        self.lock().kind(path)
    }

    fn read_dir(&self, path: &camino::Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        self.lock().read_dir(path)
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.lock().environment()
    }
}

/// A session; the editor's side is [`Session::client`].
pub(crate) struct Session {
    pub(crate) client: LspClient,
    server: JoinHandle<Ending>,
}

/// Stands for the finding that a file belongs to no suite, which has no code.
pub(crate) const OUTSIDE: &str = "outside";

/// The URI of a file of the suite.
pub(crate) fn uri(path: &str) -> String {
    format!("file://{ROOT}/{path}")
}

impl Session {
    /// A server that has not heard of anything yet.
    pub(crate) fn new(files: &Files) -> Self {
        Self::with_runner(files, PathBuf::from("/nonexistent/relux"))
    }

    /// The same with a program that stands for the runner.
    pub(crate) fn with_runner(files: &Files, runner: PathBuf) -> Self {
        Self::on(Arc::new(files.clone()), runner)
    }

    /// The same on any disk.
    pub(crate) fn on(system: Arc<dyn System>, runner: PathBuf) -> Self {
        let (editor, server) = UnixStream::pair().expect("a pair of sockets");
        let mut options = Options::new(system, "0.0.0-test");
        options.runner = Some(runner);
        let server = std::thread::spawn(move || serve(server, options));
        let reading = editor.try_clone().expect("a second handle");
        Self {
            client: LspClient::new(reading, Hangup(editor)),
            server,
        }
    }

    /// A session in which client and server know each other. The client offers UTF-16 only.
    pub(crate) fn started(files: &Files) -> Self {
        let mut session = Self::new(files);
        session.client.initialize(&json!({}));
        session
    }

    /// How the server ended.
    pub(crate) fn ending(self) -> Ending {
        self.server.join().expect("the server does not panic")
    }

    /// Ends the session as the protocol wants; it must end cleanly.
    pub(crate) fn finish(mut self) {
        self.client.shut_down();
        assert!(self.client.server_has_gone());
        assert_eq!(self.ending(), Ending::Clean);
    }
}

fn serve(stream: UnixStream, options: Options) -> Ending {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let ending = runtime.block_on(async {
        stream.set_nonblocking(true).expect("a socket that can wait");
        let stream = tokio::net::UnixStream::from_std(stream).expect("a socket");
        let (read, write) = stream.into_split();
        relux_server::serve(read, write, options)
            .await
            .expect("the server starts")
    });
    runtime.shutdown_background();
    ending
}

/// Dropping one handle of a socket closes nothing; an editor that goes closes its side.
struct Hangup(UnixStream);

impl std::io::Write for Hangup {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Hangup {
    fn drop(&mut self) {
        let _ = self.0.shutdown(std::net::Shutdown::Write);
    }
}

/// The names of the outermost symbols of a document.
pub(crate) fn symbols(client: &mut LspClient, uri: &str) -> Vec<String> {
    names(&client.ask_about("textDocument/documentSymbol", uri))
}

/// The names in an answer to `documentSymbol`.
pub(crate) fn names(symbols: &Value) -> Vec<String> {
    let symbols = symbols.as_array().map(Vec::as_slice).unwrap_or_default();
    symbols
        .iter()
        .filter_map(|it| it["name"].as_str().map(str::to_owned))
        .collect()
}
