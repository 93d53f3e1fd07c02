//! The errors of one file of a large suite before the suite is loaded: from the file, what it imports, and the effects
//! that those start.
//!
//! It reads tens of files instead of thousands, so people see their mistakes at once. It never says what the whole suite
//! would not: what depends on files that were not read is left out.

use camino::Utf8Path;
use relux_model::diagnostics::first_errors;
use relux_model::discover::{self, MANIFEST};
use relux_model::items::item_index;
use relux_model::system::System;
use relux_model::{HostEnv, RootDb, SourceFile, Suite};
use relux_syntax::Diagnostic;
use rustc_hash::FxHashSet;

/// Suites with fewer modules are loaded and checked as fast.
const LARGE: usize = 256;
/// More is not read.
const FILES: usize = 96;

/// The errors of a file with this text; `None` where looking at the whole suite takes no longer.
pub fn first_look(
    system: &dyn System,
    root: &Utf8Path,
    path: &Utf8Path,
    text: &str,
) -> Option<Vec<Diagnostic>> {
    let name = path.strip_prefix(root).ok()?.as_str();
    let listing = discover::list(system, root);
    let is_module = listing
        .modules
        .binary_search_by(|it| it.as_str().cmp(name))
        .is_ok();
    if listing.modules.len() < LARGE || !is_module {
        return None;
    }
    let db = RootDb::default();
    let file = SourceFile::create(&db, name, text);
    let mut files = vec![file];
    let mut known: FxHashSet<String> = [name.to_owned()].into_iter().collect();
    let mut next = 0;
    while let Some(&importer) = files.get(next) {
        next += 1;
        // Functions look the same whatever they call; effects need what those need that they start.
        if importer != file && !importer.text(&db).contains("effect ") {
            continue;
        }
        for import in &item_index(&db, importer).imports {
            let name = format!("relux/lib/{}.relux", import.path());
            if listing.modules.binary_search(&name).is_err() || !known.insert(name.clone()) {
                continue;
            }
            if files.len() == FILES {
                return None;
            }
            files.push(discover::load_file(&db, system, root, &name));
        }
    }
    let manifest = discover::load_file(&db, system, root, MANIFEST);
    let env = HostEnv::new(Vec::new());
    let suite = Suite::create(&db, root.as_str(), files, Some(manifest), Vec::new(), env);
    Some(first_errors(&db, suite, file))
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;
    use relux_model::system::MemorySystem;

    use super::*;

    const TEST: &str = "relux/tests/a.relux";
    const TEXT: &str = "import api { Api, ask }\nimport nothing\ntest \"a\" {\n    start Api as A\n    \
                        shell A.nowhere {\n        ask(\"1\")\n        > ${unset}\n    }\n}\n";

    fn suite(modules: usize) -> MemorySystem {
        let mut system = MemorySystem::default();
        let mut put = |path: &str, text: &str| system.insert(Utf8PathBuf::from("/s").join(path), text);
        put("Relux.toml", "edition = \"2026-08\"\n");
        put(TEST, TEXT);
        put(
            "relux/lib/api.relux",
            "import db { Db }\neffect Api {\n    start Db as D\n    expose D.server as server\n}\nfn ask(a, b) {\n}\n",
        );
        put(
            "relux/lib/db.relux",
            "effect Db {\n    expect DB_PORT\n    expose server\n    shell server {\n        > db\n    }\n}\n",
        );
        for number in 0..modules {
            put(&format!("relux/tests/many/{number}.relux"), "");
        }
        system
    }

    fn look(modules: usize) -> Option<Vec<&'static str>> {
        let system = suite(modules);
        let found = first_look(&system, "/s".into(), &Utf8Path::new("/s").join(TEST), TEXT);
        found.map(|found| found.iter().map(|it| it.code.as_str()).collect())
    }

    #[test]
    fn errors_come_from_what_the_file_leads_to() {
        let system = suite(LARGE);
        let mut host = crate::AnalysisHost::new(std::sync::Arc::new(system));
        let path = Utf8Path::new("/s").join(TEST);
        host.open(&path, &TEXT.into());
        let all = host.analysis().diagnostics(&path).expect("nobody writes");
        let errors = all
            .iter()
            .filter(|it| it.severity == relux_syntax::Severity::Error);
        let errors: Vec<&str> = errors.map(|it| it.code.as_str()).collect();
        assert_eq!(look(LARGE), Some(errors.clone()));
        assert!(
            errors.contains(&"missing-expect") && errors.contains(&"unresolved-import"),
            "{errors:?}"
        );
    }

    #[test]
    fn a_small_suite_needs_no_first_look() {
        assert_eq!(look(3), None);
    }
}
