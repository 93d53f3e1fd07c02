//! Finding a suite and its files: `Relux.toml` upwards, then `relux/tests` and `relux/lib` downwards.
//!
//! Names are fixed and nothing is configurable. A directory below with a `Relux.toml` of its own is another suite.

use camino::{Utf8Path, Utf8PathBuf};

use crate::db::{Db, HostEnv, SourceFile, Suite};
use crate::problem::FileProblem;
use crate::system::{EntryKind, LoadedText, System, SystemError, read_text};

/// Name of the manifest.
pub const MANIFEST: &str = "Relux.toml";
/// Name of the files with environment variables.
pub const DOT_ENV: &str = ".env";

/// Deeper directories are not searched; a bound against endless trees.
const MAX_DEPTH: usize = 128;
/// Directories behind a link that are searched for modules to warn of.
const LOOKS: usize = 64;
/// Directories that are searched for suites, nearest first.
const MOST_DIRECTORIES: usize = 20_000;
/// Where no suite of one's own is.
const NOT_SEARCHED: [&str; 3] = ["node_modules", "target", "vendor"];

/// The directory of the nearest `Relux.toml`, from `start` (a directory or a file) upwards.
pub fn find_root(system: &dyn System, start: &Utf8Path) -> Option<Utf8PathBuf> {
    start
        .ancestors()
        .find(|directory| matches!(system.kind(&directory.join(MANIFEST)), Ok(EntryKind::File { .. })))
        .map(Utf8Path::to_owned)
}

/// The roots of all suites at and below a directory, sorted. Hidden directories and those that hold what was built or
/// fetched are not searched, links are not followed, and after so many directories the search ends.
pub fn roots_below(system: &dyn System, directory: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut roots = Vec::new();
    let mut pending = std::collections::VecDeque::from([directory.to_owned()]);
    for _ in 0..MOST_DIRECTORIES {
        let Some(directory) = pending.pop_front() else {
            break;
        };
        for entry in system.read_dir(&directory).unwrap_or_default() {
            let searched =
                !entry.link && !entry.name.starts_with('.') && !NOT_SEARCHED.contains(&&*entry.name);
            match entry.kind {
                EntryKind::File { .. } if entry.name == MANIFEST => roots.push(directory.clone()),
                EntryKind::Directory if searched => pending.push_back(directory.join(entry.name)),
                _ => {}
            }
        }
    }
    roots.sort();
    roots
}

/// What belongs to a suite, by path below its root, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Modules.
    pub modules: Vec<String>,
    /// `.env` files.
    pub dot_envs: Vec<String>,
    /// What may hold tests and is not read, with the reason.
    pub unreadable: Vec<(String, String)>,
}

/// Lists the files of the suite at `root` without reading them.
pub fn list(system: &dyn System, root: &Utf8Path) -> Listing {
    let mut listing = Listing::default();
    for directory in ["", "relux"] {
        let path = join(directory, DOT_ENV);
        if matches!(system.kind(&root.join(&path)), Ok(EntryKind::File { .. })) {
            listing.dot_envs.push(path);
        }
    }
    for top in ["relux/lib", "relux/tests"] {
        search(system, root, top, &mut listing);
    }
    listing.modules.sort();
    listing.dot_envs.sort();
    listing
}

fn search(system: &dyn System, root: &Utf8Path, top: &str, listing: &mut Listing) {
    let mut pending = vec![(top.to_owned(), 0)];
    while let Some((directory, depth)) = pending.pop() {
        let entries = match system.read_dir(&root.join(&directory)) {
            Ok(entries) => entries,
            Err(SystemError::NotFound) => continue,
            Err(error) => {
                let reason = format!("the directory cannot be searched: {error}");
                listing.unreadable.push((directory, reason));
                continue;
            }
        };
        let other_suite = entries
            .iter()
            .any(|entry| entry.name == MANIFEST && matches!(entry.kind, EntryKind::File { .. }));
        if other_suite {
            continue;
        }
        for entry in entries {
            let path = join(&directory, &entry.name);
            let module = Utf8Path::new(&entry.name).extension() == Some("relux");
            match entry.kind {
                // A linked directory may lead back up; files behind links are taken.
                EntryKind::Directory if entry.link => {
                    if holds_modules(system, &root.join(&path)) {
                        let reason = "links to directories are not followed; link its modules instead";
                        listing.unreadable.push((path, reason.to_owned()));
                    }
                }
                EntryKind::Directory if depth < MAX_DEPTH => pending.push((path, depth + 1)),
                EntryKind::Directory => {
                    let reason = format!("directories more than {MAX_DEPTH} levels deep are not searched");
                    listing.unreadable.push((path, reason));
                }
                EntryKind::File { .. } if module => listing.modules.push(path),
                EntryKind::File { .. } if entry.name == DOT_ENV && top == "relux/tests" => {
                    listing.dot_envs.push(path);
                }
                EntryKind::Other if module => {
                    let reason = if entry.link {
                        "the link leads to no file"
                    } else {
                        "it is not a regular file"
                    };
                    listing.unreadable.push((path, reason.to_owned()));
                }
                EntryKind::File { .. } | EntryKind::Other => {}
            }
        }
    }
}

/// Whether there is a module at or below a directory, as far as a short look tells: a link may lead to the whole disk.
fn holds_modules(system: &dyn System, directory: &Utf8Path) -> bool {
    let mut pending = vec![directory.to_owned()];
    for _ in 0..LOOKS {
        let Some(directory) = pending.pop() else {
            return false;
        };
        for entry in system.read_dir(&directory).unwrap_or_default() {
            let path = directory.join(&entry.name);
            match entry.kind {
                EntryKind::File { .. } if path.extension() == Some("relux") => return true,
                EntryKind::Directory if !entry.link => pending.push(path),
                _ => {}
            }
        }
    }
    false
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() {
        name.to_owned()
    } else {
        format!("{directory}/{name}")
    }
}

/// The files that a listing stands for, modules first, then `.env` files; `file` makes or finds one.
///
/// What cannot be searched may hold tests: it stands among the modules with its problem, so that nothing is lost
/// silently.
pub fn source_files(
    listing: &Listing,
    mut file: impl FnMut(&str, Option<FileProblem>) -> SourceFile,
) -> (Vec<SourceFile>, Vec<SourceFile>) {
    let mut modules: Vec<SourceFile> = listing.modules.iter().map(|path| file(path, None)).collect();
    modules.extend(listing.unreadable.iter().map(|(path, reason)| {
        let reason = reason.clone();
        file(path, Some(FileProblem::Unreadable { reason }))
    }));
    let dot_envs = listing.dot_envs.iter().map(|path| file(path, None));
    (modules, dot_envs.collect())
}

/// A file of the suite at `root`: as it is on disk, or with the problem that is known already.
pub fn new_file(
    db: &dyn Db,
    system: &dyn System,
    root: &Utf8Path,
    path: &str,
    problem: Option<FileProblem>,
) -> SourceFile {
    match problem {
        None => load_file(db, system, root, path),
        Some(_) => SourceFile::create_with_problem(db, path, "", problem),
    }
}

/// Reads the suite at `root` into the database.
pub fn load_suite(db: &dyn Db, system: &dyn System, root: &Utf8Path) -> Suite {
    let listing = list(system, root);
    let (modules, dot_envs) = source_files(&listing, |path, problem| {
        new_file(db, system, root, path, problem)
    });
    Suite::create(
        db,
        root.as_str(),
        modules,
        Some(load_file(db, system, root, MANIFEST)),
        dot_envs,
        HostEnv::new(system.environment()),
    )
}

/// Single-file mode: a suite of one file whose directory has no `Relux.toml` above it.
pub fn load_single_file(db: &dyn Db, system: &dyn System, path: &Utf8Path) -> Suite {
    let directory = path.parent().unwrap_or(Utf8Path::new(""));
    let name = path.file_name().unwrap_or_default();
    let file = load_file(db, system, directory, name);
    let env = HostEnv::new(system.environment());
    Suite::create(db, directory.as_str(), vec![file], None, Vec::new(), env)
}

/// Reads one file of the suite at `root`.
pub fn load_file(db: &dyn Db, system: &dyn System, root: &Utf8Path, path: &str) -> SourceFile {
    let LoadedText { text, problem } = read_text(system, &root.join(path));
    SourceFile::create_with_problem(db, path, text, problem)
}
