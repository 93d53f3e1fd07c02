//! Renaming everything that can be renamed, one thing after another: the plans stay the same but for the name, no finding
//! is new, and renaming back gives the same bytes. A name that something else has is refused, or breaks nothing.

use std::mem::{Discriminant, discriminant};

use camino::Utf8PathBuf;
use relux_ide::{FileEdits, Severity};
use relux_model::names::{Symbol, occurrences};

use crate::suites::{
    Editor, Findings, ROOT, Sandbox, Texts, absolute, apply, from_disk, from_fixture, load, plans, report,
};

/// A place to ask at, and the symbol there.
struct Place {
    path: String,
    offset: u32,
    symbol: &'static str,
    of: Discriminant<Symbol>,
    old: String,
}

/// The first place of every symbol.
fn places(texts: &Texts) -> Vec<Place> {
    let (db, suite) = load(texts);
    let mut seen = Vec::new();
    let mut places = Vec::new();
    for &file in suite.files(&db).iter() {
        for it in occurrences(&db, suite, file) {
            if !seen.contains(&it.symbol) {
                seen.push(it.symbol.clone());
                places.push(Place {
                    path: file.path(&db).to_string(),
                    offset: it.range.start,
                    symbol: kind(&it.symbol),
                    of: discriminant(&it.symbol),
                    old: it.range.slice(file.text(&db)).to_owned(),
                });
            }
        }
    }
    places
}

fn kind(symbol: &Symbol) -> &'static str {
    match symbol {
        Symbol::Effect(_) | Symbol::Alias { .. } => "camel",
        Symbol::Environment(_)
        | Symbol::Capture { .. }
        | Symbol::Builtin(_)
        | Symbol::Module(_)
        | Symbol::Test(_) => "fixed",
        _ => "snake",
    }
}

/// So many names of a suite are renamed, because each costs some checks of the whole suite; all of them where this variable
/// is set.
const ALL: &str = "RELUX_RENAME_ALL";
const NAMES: usize = 60;
/// The same in a suite of so many files, where a check takes its time.
const LARGE: usize = 30;
const NAMES_OF_LARGE: usize = 15;

/// What renaming everything came to.
#[derive(Default)]
struct Renamed {
    /// How many things had another name for a while.
    count: usize,
    /// Why others had not.
    refused: Vec<String>,
    /// How often a name that something else has was refused.
    clashes: usize,
    bad: Vec<String>,
}

/// A suite before anything is renamed, and what is used to look at it afterwards.
struct Trial<'a> {
    texts: &'a Texts,
    editor: Editor,
    sandbox: Sandbox,
    findings: Findings,
    plans: String,
    least: Severity,
}

impl<'a> Trial<'a> {
    fn new(texts: &'a Texts, least: Severity) -> Self {
        let mut sandbox = Sandbox::new(texts);
        Self {
            texts,
            editor: Editor::new(texts),
            findings: sandbox.findings(texts, least),
            plans: sandbox.plans(texts),
            sandbox,
            least,
        }
    }

    fn rename(&mut self, place: &Place, new: &str) -> Result<Vec<FileEdits>, String> {
        let path = absolute(&place.path);
        let answer = self
            .editor
            .ask(self.texts, |it| it.rename(&path, place.offset, new));
        answer.expect("nothing writes").map_err(|it| it.0)
    }

    /// What is wrong with the suite after a rename.
    fn wrong(&mut self, place: &Place, new: &str, after: &Texts) -> Option<String> {
        if self.sandbox.plans(after).replace(new, &place.old) != self.plans.replace(new, &place.old) {
            return Some("the plans differ".to_owned());
        }
        let found = self.sandbox.findings(after, self.least);
        let known = |it| self.findings.get(it).copied().unwrap_or_default();
        // Where a name was allowed in spite of what it is, another one needs no permission.
        let mut counted = found.iter().filter(|(it, _)| it.1 != "unused-allow");
        let new = counted.find(|(it, count)| **count > known(*it));
        new.map(|(it, _)| format!("{it:?} is new"))
    }

    /// What is wrong with the suite when the thing has its old name again.
    fn wrong_again(
        &mut self,
        place: &Place,
        new: &str,
        edits: &[FileEdits],
        after: &Texts,
    ) -> Option<String> {
        let (path, at) = first_edit(edits, after, new);
        let back = self.editor.ask(after, |it| it.rename(&path, at, &place.old));
        match back.expect("nothing writes") {
            Ok(back) => (plain(&apply(after, &back)) != plain(self.texts))
                .then(|| "renamed back it differs".to_owned()),
            // What could not be called so may have been called so already.
            Err(reason) if reason.0.ends_with("is a word of the language") => None,
            Err(reason) if reason.0.ends_with("is built in") => None,
            Err(reason) => Some(format!("not renamed back: {}", reason.0)),
        }
    }
}

/// Renames everything in a suite. Findings of less than `least` may change: mistakes that are about names are mistakes
/// about other names afterwards.
fn rename_all(name: &str, texts: &Texts, least: Severity) -> Renamed {
    let mut trial = Trial::new(texts, least);
    let mut result = Renamed::default();
    let all = places(texts);
    let everything = std::env::var_os(ALL).is_some();
    let wanted = match texts.len() {
        _ if everything => usize::MAX,
        LARGE.. => NAMES_OF_LARGE,
        _ => NAMES,
    };
    let step = (all.len() / wanted).max(1);
    for place in all.iter().step_by(step) {
        let about = format!("`{}` at {}:{} in {name}", place.old, place.path, place.offset);
        let new = if place.symbol == "camel" {
            "Zz9Renamed"
        } else {
            "zz9_renamed"
        };
        let edits = match trial.rename(place, new) {
            Err(reason) => {
                if place.symbol != "fixed" {
                    result.refused.push(format!("{}: {reason}", place.old));
                }
                continue;
            }
            Ok(edits) => edits,
        };
        result.count += 1;
        let after = apply(texts, &edits);
        let wrong = if place.symbol == "fixed" || edits.is_empty() {
            Some("should be refused".to_owned())
        } else {
            trial.wrong(place, new, &after)
        };
        let wrong = wrong.or_else(|| trial.wrong_again(place, new, &edits, &after));
        result.bad.extend(wrong.map(|it| format!("{about}: {it}")));
        if let Some(taken) = taken(&all, place) {
            match trial.rename(place, taken) {
                Err(reason) => {
                    assert!(!reason.is_empty(), "{about} to {taken}");
                    result.clashes += 1;
                }
                Ok(edits) => {
                    let wrong = trial.wrong(place, taken, &apply(texts, &edits));
                    result
                        .bad
                        .extend(wrong.map(|it| format!("{about} to {taken}: {it}")));
                }
            }
        }
    }
    if everything {
        let Renamed {
            count,
            clashes,
            refused,
            ..
        } = &result;
        report(&format!(
            "{name}: {count} renamed, {clashes} clashes refused, refused otherwise: {refused:?}"
        ));
    }
    assert!(result.bad.is_empty(), "{}", result.bad.join("\n"));
    result
}

/// The name of the next thing of the same kind in the file.
fn taken<'a>(all: &'a [Place], place: &Place) -> Option<&'a str> {
    // One in the other could not be told apart in plans.
    let is_apart = |it: &Place| !it.old.contains(&place.old) && !place.old.contains(&it.old);
    let mut others = all
        .iter()
        .filter(|it| it.path == place.path && it.of == place.of && is_apart(it));
    let next = others.clone().find(|it| it.offset > place.offset);
    next.or_else(|| others.next()).map(|it| it.old.as_str())
}

/// `expose db.url as url` says the same as `expose db.url`, which a rename takes apart and does not put together again.
fn plain(texts: &Texts) -> Texts {
    let line = |line: &str| {
        let Some((exposed, name)) = line.split_once(" as ") else {
            return line.to_owned();
        };
        let redundant =
            line.trim_start().starts_with("expose ") && exposed.ends_with(&format!(".{}", name.trim()));
        if redundant {
            format!("{exposed}\n")
        } else {
            line.to_owned()
        }
    };
    let text = |text: &String| text.split_inclusive('\n').map(line).collect();
    texts.iter().map(|(path, it)| (path.clone(), text(it))).collect()
}

/// Where the new name stands first in a changed file.
fn first_edit(edits: &[FileEdits], after: &Texts, new: &str) -> (Utf8PathBuf, u32) {
    let file = edits.first().expect("there are edits").file.clone();
    let path = file.strip_prefix(ROOT).expect("a file of the suite");
    let at = after[path.as_str()].find(new).expect("the new name");
    (file, u32::try_from(at).expect("small files"))
}

/// The suites of the repository that are sound.
fn everything_in(folder: &str) {
    let mut texts = from_disk(folder);
    // Suites of their own, some of them with mistakes.
    texts.retain(|path, _| !path.starts_with("nested/"));
    let renamed = rename_all(folder, &texts, Severity::Hint);
    assert!(renamed.count > 5, "{} were renamed in {folder}", renamed.count);
    assert!(renamed.clashes > 0, "nothing clashed in {folder}");
    // What comes through the environment is out of reach.
    let out_of_reach = [
        "from its environment at",
        "comes from the environment at",
        "without expecting it",
    ];
    let is_known = |it: &&String| out_of_reach.iter().any(|reason| it.contains(reason));
    let refused = renamed.refused.iter().find(|it| !is_known(it));
    assert_eq!(refused, None, "{folder}");
}

#[test]
fn everything_in_the_examples() {
    everything_in("examples/tasks");
    everything_in("tests/fixtures/tasks-2026-08");
}

#[test]
fn everything_in_the_statements() {
    everything_in("tests/fixtures/statements/2026-04");
    everything_in("tests/fixtures/statements/2026-08");
}

#[test]
fn everything_in_the_suites_of_the_language() {
    everything_in("tests/suites/language/2026-04");
    everything_in("tests/suites/language/2026-08");
}

/// Modules of the library move away and back, and a directory of them; one module of a large suite, unless all are wanted.
fn modules_move(folder: &str) {
    let mut texts = from_disk(folder);
    texts.retain(|path, _| !path.starts_with("nested/"));
    let expected = plans(&texts);
    let libraries = texts.keys().filter(|it| it.starts_with("relux/lib/"));
    let mut moves: Vec<(String, String)> = libraries
        .map(|it| (it.clone(), "relux/lib/zz9/moved.relux".to_owned()))
        .collect();
    assert!(!moves.is_empty(), "{folder} has libraries");
    if texts.len() > LARGE && std::env::var_os(ALL).is_none() {
        moves.truncate(1);
    }
    let inside = |from: &str| from.contains("/lib/") && from.matches('/').count() > 2;
    let directory = moves.iter().find(|(from, _)| inside(from));
    let directory = directory.and_then(|(from, _)| Some(from.rsplit_once('/')?.0.to_owned()));
    moves.extend(directory.map(|it| (it, "relux/lib/zz9".to_owned())));
    for (from, to) in moves {
        let there = moved(&texts, &from, &to);
        let module = |path: &str| {
            let path = path.trim_start_matches("relux/").trim_end_matches(".relux");
            path.to_owned()
        };
        let told = plans(&there).replace(&module(&to), &module(&from));
        assert_eq!(told, expected, "{folder}: {from} moved");
        assert!(moved(&there, &to, &from) == texts, "{folder}: {from} moved back");
    }
}

/// The suite after a file or directory has moved and imports have followed.
fn moved(texts: &Texts, from: &str, to: &str) -> Texts {
    let edits = Editor::new(texts).ask(texts, |it| it.will_move(&[(absolute(from), absolute(to))]));
    let after = apply(texts, &edits.expect("nothing writes"));
    let rename = |path: String| match path.strip_prefix(from) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{to}{rest}"),
        _ => path,
    };
    after
        .into_iter()
        .map(|(path, text)| (rename(path), text))
        .collect()
}

#[test]
fn modules_of_the_examples_move() {
    modules_move("examples/tasks");
    modules_move("tests/fixtures/tasks-2026-08");
}

#[test]
fn modules_of_the_language_move() {
    for edition in ["2026-04", "2026-08"] {
        modules_move(&format!("tests/fixtures/statements/{edition}"));
        modules_move(&format!("tests/suites/language/{edition}"));
    }
}

#[test]
fn everything_in_the_suites_of_other_tests() {
    for (name, text, least) in [
        (
            "names",
            include_str!("../../../relux-model/tests/it/suites/names.txt"),
            15,
        ),
        (
            "board",
            include_str!("../../../relux-model/tests/it/suites/board.txt"),
            15,
        ),
        (
            "queue",
            include_str!("../../../relux-model/tests/it/suites/queue.txt"),
            15,
        ),
        (
            "statements",
            include_str!("../../../relux-model/tests/it/suites/statements.txt"),
            10,
        ),
    ] {
        let Renamed { count, refused, .. } = rename_all(name, &from_fixture(text), Severity::Error);
        assert!(count >= least, "{count} were renamed in {name}: {refused:#?}");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("refused_in_{name}"), refused.join("\n"));
        });
    }
}
