//! Watches the disk for clients that do not: one thread that sleeps until the system has something to tell.
//!
//! Only directories that a suite is made of are watched, each by itself and never a whole tree, so that nothing that is
//! built, fetched or written by runs wakes anybody. What happened is sorted out here; the state thread takes in a burst
//! as one write.

use std::fs::Metadata;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use relux_ide::discover::{DOT_ENV, MANIFEST};
use relux_ide::system::EntryKind;
use relux_ide::{DiskChange, System};
use rustc_hash::FxHashSet;

use crate::event::{Event, Queue};

/// How long nothing must happen before a burst of changes is over.
const QUIET: Duration = Duration::from_millis(40);
/// A burst that does not end is told in parts.
const LONGEST_BURST: Duration = Duration::from_millis(400);
/// How far the times of files are behind the clock at most.
const CLOCK: Duration = Duration::from_millis(50);
/// How far above a file a manifest is waited for.
const DEPTH: usize = 6;
/// Directories that are watched at most.
const MOST_DIRECTORIES: usize = 20_000;
/// The directories below the root of a suite that hold its files.
const OF_A_SUITE: [&str; 2] = ["relux/tests", "relux/lib"];

/// What is to be watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Roots of suites.
    pub(crate) roots: Vec<Utf8PathBuf>,
    /// Directories in which a manifest may appear.
    pub(crate) directories: Vec<Utf8PathBuf>,
}

/// The directories in which a manifest may appear that makes a file part of a suite: some above it, but none in which many
/// others write.
pub(crate) fn where_a_manifest_may_appear(path: &Utf8Path) -> impl Iterator<Item = Utf8PathBuf> + use<'_> {
    let own = |it: &&Utf8Path| it.components().count() > 2;
    let above = path.ancestors().skip(1).take(DEPTH).filter(own);
    above.map(Utf8Path::to_owned)
}

enum Message {
    Watch(Wanted),
    Happened(notify::Result<notify::Event>),
}

/// The state thread's end. The watching ends when it is dropped.
pub(crate) struct Watcher {
    sender: Sender<Message>,
    told: Wanted,
}

impl Watcher {
    /// Starts to watch nothing yet.
    pub(crate) fn start(system: Arc<dyn System>, queue: Queue) -> notify::Result<Self> {
        let (sender, messages) = channel();
        let events = sender.clone();
        // The system's own thread only passes on; it must not hold the channel open for ever.
        let inner = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.as_ref().map_or(true, is_news) {
                let _ = events.send(Message::Happened(event));
            }
        })?;
        let watching = Watching {
            system,
            queue,
            inner,
            wanted: Wanted::default(),
            watched: FxHashSet::default(),
            begin: SystemTime::now() - CLOCK,
        };
        thread::Builder::new()
            .name("relux-watch".to_owned())
            .spawn(move || watching.run(&messages))
            .map_err(notify::Error::io)?;
        let told = Wanted::default();
        Ok(Self { sender, told })
    }

    /// From now on watches these.
    pub(crate) fn watch(&mut self, wanted: Wanted) {
        if wanted != self.told {
            self.told = wanted.clone();
            // Without the thread nothing is watched, which it has said.
            let _ = self.sender.send(Message::Watch(wanted));
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Nothing is wanted any more, and that ends the thread.
        let _ = self.sender.send(Message::Watch(Wanted {
            roots: vec![Utf8PathBuf::new()],
            directories: Vec::new(),
        }));
    }
}

struct Watching {
    system: Arc<dyn System>,
    queue: Queue,
    inner: RecommendedWatcher,
    wanted: Wanted,
    watched: FxHashSet<Utf8PathBuf>,
    /// What is younger may have changed after it was read.
    begin: SystemTime,
}

/// What a burst came to.
#[derive(Default)]
struct Burst {
    changes: Vec<DiskChange>,
    /// The system could not keep up: anything may have changed.
    lost: bool,
}

impl Watching {
    fn run(mut self, messages: &Receiver<Message>) {
        while let Ok(first) = messages.recv() {
            let mut burst = Burst::default();
            let begin = Instant::now();
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Watch(wanted) if wanted.roots == [""] => return,
                    Message::Watch(wanted) => {
                        self.wanted = wanted;
                        self.watch_what_is_wanted(&mut burst.changes);
                    }
                    Message::Happened(Ok(event)) => self.sort(&event, &mut burst),
                    Message::Happened(Err(error)) => {
                        self.queue.log(format!("watching files: {error}"));
                        burst.lost = true;
                    }
                }
                next = match messages.recv_timeout(QUIET) {
                    Ok(message) if begin.elapsed() < LONGEST_BURST => Some(message),
                    Ok(message) => {
                        self.tell(std::mem::take(&mut burst));
                        Some(message)
                    }
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                };
            }
            self.tell(burst);
        }
    }

    /// Watches what there is now, and only then lets it be looked at: what comes later is told by itself.
    fn tell(&mut self, mut burst: Burst) {
        self.watch_what_is_wanted(&mut burst.changes);
        let roots = self.wanted.roots.iter();
        let gone = roots
            .map(|root| root.join(MANIFEST))
            .filter(|it| !is_file(&*self.system, it));
        burst.changes.extend(gone.map(DiskChange::Deleted));
        if !burst.changes.is_empty() || burst.lost {
            let Burst { changes, lost } = burst;
            self.queue.send(Event::Disk { changes, lost });
        }
    }

    fn sort(&mut self, event: &notify::Event, burst: &mut Burst) {
        burst.lost |= event.need_rescan();
        for path in event.paths.iter().filter_map(|it| Utf8Path::from_path(it)) {
            let was_directory = self.watched.contains(path)
                || matches!(
                    event.kind,
                    EventKind::Remove(RemoveKind::Folder) | EventKind::Create(CreateKind::Folder)
                );
            if was_directory && !matches!(event.kind, EventKind::Modify(ModifyKind::Data(_))) {
                // Another directory may stand in its place by now, so what was watched is watched anew.
                self.forget_below(path);
            } else if !of_a_suite(path) && !is_directory(&*self.system, path) {
                continue;
            }
            let path = path.to_owned();
            let change = match event.kind {
                EventKind::Modify(ModifyKind::Data(_)) => DiskChange::Changed(path),
                _ if is_file(&*self.system, &path) || is_directory(&*self.system, &path) => {
                    DiskChange::Created(path)
                }
                _ => DiskChange::Deleted(path),
            };
            if !burst.changes.contains(&change) {
                burst.changes.push(change);
            }
        }
    }

    fn forget_below(&mut self, path: &Utf8Path) {
        let below: Vec<Utf8PathBuf> = self
            .watched
            .iter()
            .filter(|it| it.starts_with(path))
            .cloned()
            .collect();
        for path in below {
            // A directory that is gone is no longer watched anyway.
            let _ = self.inner.unwatch(path.as_std_path());
            self.watched.remove(&path);
        }
    }

    /// Adds what has changed in directories before they were watched: all that is in those that have just appeared.
    fn watch_what_is_wanted(&mut self, changes: &mut Vec<DiskChange>) {
        let appeared: Vec<Utf8PathBuf> = changes
            .iter()
            .filter_map(|it| match it {
                DiskChange::Created(path) if is_directory(&*self.system, path) => Some(path.clone()),
                _ => None,
            })
            .collect();
        let wanted = directories(&*self.system, &self.wanted);
        let surplus: Vec<Utf8PathBuf> = self.watched.difference(&wanted).cloned().collect();
        for path in surplus {
            let _ = self.inner.unwatch(path.as_std_path());
            self.watched.remove(&path);
        }
        for path in wanted {
            if self.watched.contains(&path) {
                continue;
            }
            match self.inner.watch(path.as_std_path(), RecursiveMode::NonRecursive) {
                Ok(()) => {
                    let is_new = appeared.iter().any(|it| path.starts_with(it));
                    let since = if is_new {
                        SystemTime::UNIX_EPOCH
                    } else {
                        self.begin
                    };
                    changed_since(since, &path, changes);
                    self.watched.insert(path);
                }
                Err(error) if is_directory(&*self.system, &path) => {
                    self.queue.log(format!("{path} cannot be watched: {error}"));
                }
                // Gone since it was listed.
                Err(_) => {}
            }
        }
    }
}

/// Whether anybody need be woken. Looking at a directory is told, too: whoever looks at all of them because of that wakes
/// himself for ever. And others write beside a suite what is none of our business.
fn is_news(event: &notify::Event) -> bool {
    let of_files = matches!(
        event.kind,
        EventKind::Create(CreateKind::File)
            | EventKind::Remove(RemoveKind::File)
            | EventKind::Modify(ModifyKind::Data(_))
    );
    let mut paths = event.paths.iter().filter_map(|it| Utf8Path::from_path(it));
    match event.kind {
        _ if event.need_rescan() => true,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        _ => !of_files || paths.any(of_a_suite),
    }
}

fn is_file(system: &dyn System, path: &Utf8Path) -> bool {
    matches!(system.kind(path), Ok(EntryKind::File { .. }))
}

fn is_directory(system: &dyn System, path: &Utf8Path) -> bool {
    matches!(system.kind(path), Ok(EntryKind::Directory))
}

/// All directories to watch: those of suites, but for hidden ones and what is behind links.
fn directories(system: &dyn System, wanted: &Wanted) -> FxHashSet<Utf8PathBuf> {
    let mut found: FxHashSet<Utf8PathBuf> = FxHashSet::default();
    let mut pending: Vec<Utf8PathBuf> = Vec::new();
    found.extend(
        wanted
            .directories
            .iter()
            .filter(|it| is_directory(system, it))
            .cloned(),
    );
    for root in &wanted.roots {
        // The one above tells when the root itself comes and goes.
        found.extend(
            root.parent()
                .filter(|it| is_directory(system, it))
                .map(Utf8Path::to_owned),
        );
        let around = [root.clone(), root.join("relux")];
        found.extend(around.into_iter().filter(|it| is_directory(system, it)));
        pending.extend(OF_A_SUITE.map(|it| root.join(it)));
    }
    while let Some(directory) = pending.pop() {
        if found.len() >= MOST_DIRECTORIES || !is_directory(system, &directory) {
            continue;
        }
        for entry in system.read_dir(&directory).unwrap_or_default() {
            let hidden = entry.name.starts_with('.');
            if entry.kind == EntryKind::Directory && !entry.link && !hidden {
                pending.push(directory.join(entry.name));
            }
        }
        found.insert(directory);
    }
    found
}

/// What is younger than `begin` in a directory.
fn changed_since(begin: SystemTime, directory: &Utf8Path, changes: &mut Vec<DiskChange>) {
    let is_young = |it: &Metadata| it.modified().is_ok_and(|it| it >= begin);
    let entries = directory.read_dir_utf8().into_iter().flatten().flatten();
    for entry in entries.filter(|it| of_a_suite(it.path())) {
        if entry.metadata().as_ref().is_ok_and(is_young) {
            let path = entry.path().to_owned();
            // A manifest that is new makes a suite; one that is known is read again either way.
            let is_manifest = path.file_name() == Some(MANIFEST);
            changes.push(if is_manifest {
                DiskChange::Created(path)
            } else {
                DiskChange::Changed(path)
            });
        }
    }
    if directory.metadata().as_ref().is_ok_and(is_young) {
        changes.push(DiskChange::Created(directory.to_owned()));
    }
}

/// Whether a suite may be made of such a file.
fn of_a_suite(path: &Utf8Path) -> bool {
    path.extension() == Some("relux") || [MANIFEST, DOT_ENV].contains(&path.file_name().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, DataChange, Flag, MetadataKind, RenameMode};
    use relux_ide::system::MemorySystem;

    use super::*;

    #[test]
    fn who_reads_wakes_nobody_and_who_writes_beside_a_suite_neither() {
        let is_news = |kind, path: &str| is_news(&notify::Event::new(kind).add_path(path.into()));
        let open = EventKind::Access(AccessKind::Open(AccessMode::Any));
        let close = EventKind::Access(AccessKind::Close(AccessMode::Read));
        let owner = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Ownership));
        for quiet in [open, close, owner] {
            assert!(!is_news(quiet, "/s/relux/tests"));
            assert!(!is_news(quiet, "/s/relux/tests/a.relux"));
        }
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let made = EventKind::Create(CreateKind::File);
        let gone = EventKind::Remove(RemoveKind::File);
        for of_a_file in [written, made, gone] {
            assert!(!is_news(of_a_file, "/s/notes.txt"));
            assert!(is_news(of_a_file, "/s/relux/tests/a.relux"));
            assert!(is_news(of_a_file, "/s/Relux.toml") && is_news(of_a_file, "/s/.env"));
        }
        let directory = EventKind::Create(CreateKind::Folder);
        let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::Any));
        assert!(is_news(directory, "/s/new") && is_news(renamed, "/s/new"));
        let lost = notify::Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(super::is_news(&lost));
    }

    #[test]
    fn nothing_is_watched_that_is_built_fetched_or_written_by_runs() {
        let mut system = MemorySystem::default();
        for path in [
            "/w/s/Relux.toml",
            "/w/s/relux/tests/a/b.relux",
            "/w/s/relux/tests/.hidden/x.relux",
            "/w/s/relux/lib/db.relux",
            "/w/s/relux/.out/run-1/index.html",
            "/w/s/.git/objects/00/x",
            "/w/s/target/debug/x",
            "/w/s/node_modules/x/y.relux",
            "/w/other/x.relux",
        ] {
            system.insert(path, "");
        }
        let wanted = Wanted {
            roots: vec!["/w/s".into(), "/w/gone".into()],
            directories: vec!["/w/other".into(), "/nowhere".into()],
        };
        let mut found: Vec<Utf8PathBuf> = directories(&system, &wanted).into_iter().collect();
        found.sort();
        let expected = [
            "/w",
            "/w/other",
            "/w/s",
            "/w/s/relux",
            "/w/s/relux/lib",
            "/w/s/relux/tests",
            "/w/s/relux/tests/a",
        ];
        assert_eq!(found, expected);
    }
}
