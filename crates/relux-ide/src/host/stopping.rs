//! Whoever no longer wants an answer stops its computation in the middle, whatever was asked.
//!
//! What is counted are salsa's looks at the flag, not time: the look that sees the flag must be the last one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use camino::Utf8Path;
use relux_model::RootDb;
use relux_model::system::MemorySystem;

use super::AnalysisHost;
use crate::analysis::{Analysis, CancelHandle, Cancellable};

const FILES: usize = 40;

fn path(number: usize) -> String {
    format!("/s/relux/tests/t{number}.relux")
}

/// A host whose `at`th look at the flag sets it first.
struct Watched {
    host: AnalysisHost,
    looks: Arc<AtomicUsize>,
    stop: Arc<Mutex<Option<(usize, CancelHandle)>>>,
}

impl Watched {
    fn new() -> Self {
        let mut disk = MemorySystem::default();
        disk.insert("/s/Relux.toml", "");
        disk.insert(
            "/s/relux/lib/db.relux",
            "effect Db {\n    expect PORT\n}\nfn f(x) {\n}\n",
        );
        for number in 0..FILES {
            let text = format!(
                "import db\ntest \"{number}\" {{\n    start Db\n    shell s {{\n        > ${{x}}\n        f(\"1\")\n        match_ok()\n    }}\n}}\n"
            );
            disk.insert(path(number), text);
        }
        let mut host = AnalysisHost::new(Arc::new(disk));
        let (looks, stop) = (
            Arc::default(),
            Arc::<Mutex<Option<(usize, CancelHandle)>>>::default(),
        );
        let (counted, stopping) = (Arc::<AtomicUsize>::clone(&looks), Arc::clone(&stop));
        host.db = RootDb::with_events(move |event| {
            if matches!(event.kind, salsa::EventKind::WillCheckCancellation) {
                let look = counted.fetch_add(1, Ordering::SeqCst) + 1;
                if let Some((at, handle)) = &*stopping.lock().expect("nobody panics with it")
                    && *at == look
                {
                    handle.cancel();
                }
            }
        });
        host.load_suite("/s".into());
        Self { host, looks, stop }
    }

    /// The number of looks that a question takes, which is stopped at the `at`th.
    fn looks(&self, at: Option<usize>, ask: fn(&Analysis) -> Cancellable<()>) -> (usize, Cancellable<()>) {
        let analysis = self.host.analysis();
        *self.stop.lock().expect("nobody panics with it") = at.map(|at| (at, analysis.cancel_handle()));
        self.looks.store(0, Ordering::SeqCst);
        let answer = ask(&analysis);
        (self.looks.load(Ordering::SeqCst), answer)
    }
}

fn test_file() -> &'static Utf8Path {
    "/s/relux/tests/t0.relux".into()
}

fn library() -> &'static Utf8Path {
    "/s/relux/lib/db.relux".into()
}

type Question = (&'static str, fn(&Analysis) -> Cancellable<()>);

/// Everything that looks at more than one file.
const QUESTIONS: [Question; 10] = [
    ("references", |it| it.references(library(), 8, true).map(drop)),
    ("implementation", |it| it.implementation(library(), 8).map(drop)),
    ("rename", |it| it.rename(library(), 8, "Other").map(drop)),
    ("workspace symbols", |it| it.workspace_symbols("d").map(drop)),
    ("diagnostics", |it| it.diagnostics(test_file()).map(drop)),
    ("completion", |it| it.completion(test_file(), 50, None).map(drop)),
    ("inlay hints", |it| {
        it.inlay_hints(test_file(), (0..100).into(), crate::WantedHints::default())
            .map(drop)
    }),
    ("effect graph", |it| {
        it.effect_graph(test_file(), None, crate::effect_graph::Picture::Dot)
            .map(drop)
    }),
    ("tests", |it| it.tests(None).map(drop)),
    ("status", |it| it.status().map(drop)),
];

#[test]
fn a_question_that_nobody_wants_answered_stops_at_the_next_look() {
    for (name, ask) in QUESTIONS {
        let (all, answer) = Watched::new().looks(None, ask);
        assert!(answer.is_ok() && all > 10, "{name}: {all}");
        for at in [1, all / 2, all] {
            let (looks, answer) = Watched::new().looks(Some(at), ask);
            assert!(answer.is_err(), "{name}: stopped at {at} of {all}");
            assert_eq!(looks, at, "{name}: goes on after it was stopped, of {all}");
        }
    }
}

/// Also where everything is known and only gathered.
#[test]
fn a_question_that_is_answered_from_memory_stops_too() {
    for (name, ask) in QUESTIONS {
        let watched = Watched::new();
        watched.looks(None, ask).1.expect("nothing stops it");
        let (all, _) = watched.looks(None, ask);
        let at = all.div_ceil(2);
        let (looks, answer) = watched.looks(Some(at), ask);
        assert!(
            answer.is_err() && looks == at,
            "{name}: {looks}, stopped at {at} of {all}"
        );
        // What was stopped leaves nothing behind: the next one gets its answer.
        assert!(watched.looks(None, ask).1.is_ok(), "{name}");
    }
}

/// Salsa forgets a cancellation when its outermost query ends, and most answers take several.
#[test]
fn a_snapshot_that_nobody_wants_stays_stopped() {
    let watched = Watched::new();
    let analysis = watched.host.analysis();
    let handle = analysis.cancel_handle();
    analysis.text(test_file()).expect("nothing stops it");
    handle.cancel();
    for (name, ask) in QUESTIONS {
        watched.looks.store(0, Ordering::SeqCst);
        assert!(ask(&analysis).is_err(), "{name}");
        assert_eq!(watched.looks.load(Ordering::SeqCst), 1, "{name}");
    }
    assert!(watched.host.analysis().text(test_file()).is_ok(), "others go on");
}
