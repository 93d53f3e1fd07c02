//! Code actions: the fixes of findings, what is done to a whole file, and refactorings. One file per action.
//!
//! What is offered applies: cheap looks decide that. What an edit makes of the suite is looked at when the action is
//! chosen ([`verify`]), because a list is asked for with every move of the cursor and a look costs a check. Where no cheap
//! look foresees what will be found, as where a comment allows something, the file itself is looked at before.

mod add_docstring;
mod choose_port;
mod context;
mod convert_import;
mod convert_pattern;
mod difference;
mod extract_effect;
mod extract_function;
mod fix_all;
mod inline_variable;
mod migrate;
mod name_overlay;
mod organize_imports;
mod quick_fixes;
#[cfg(test)]
mod testing;
mod text;
mod verify;

use std::sync::Arc;

use camino::Utf8PathBuf;
use relux_model::{Db, SourceFile};
use relux_syntax::{Diagnostic, Edit, TextRange};
use rustc_hash::FxHashMap;

use crate::places::path_of;
use crate::rename::{FileEdits, Refused};
use crate::suites::Entry;
use context::Context;

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Mends a finding.
    QuickFix,
    /// Moves code to a place of its own.
    Extract,
    /// Puts a value where it is used.
    Inline,
    /// Says the same in other words.
    Rewrite,
    /// Mends all of a file that can be mended unseen.
    FixAll,
    /// Sorts imports and removes those that nothing uses.
    OrganizeImports,
}

/// Something that can be done at a place.
#[derive(Debug, Clone)]
pub struct Action {
    /// By which [`resolve`] finds it again at the same place.
    pub id: String,
    /// Imperative sentence without a full stop.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// Whether it is the obvious choice, which may be applied unseen.
    pub preferred: bool,
    /// The finding that it mends.
    pub mends: Option<Diagnostic>,
    /// What it changes; `None` where that is still to be computed.
    pub edits: Option<Vec<FileEdits>>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct ActionRequest<'a> {
    /// The cursor or selection, in bytes.
    pub range: TextRange,
    /// Which kinds are wanted.
    pub wants: &'a dyn Fn(ActionKind) -> bool,
    /// Whether a person asked, rather than the editor on its own account: only then are the rarely wanted offered.
    pub invoked: bool,
}

/// An action that is more than the fix of a finding.
struct Rule {
    /// Stable, unique.
    id: &'static str,
    kind: ActionKind,
    /// Whether it also applies to manifests and `.env` files.
    any_file: bool,
    offer: fn(&Context<'_>) -> Option<Offer>,
    promise: Promise,
}

/// An action that applies.
struct Offer {
    title: String,
    work: Work,
    /// Whether the edits may well make something wrong, so that they must be looked at before they are offered.
    is_risky: bool,
}

impl Offer {
    fn now(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            work: Work::Now(edits),
            is_risky: false,
        }
    }

    fn later(title: impl Into<String>, work: fn(&Context<'_>) -> Result<Vec<FileEdits>, Refused>) -> Self {
        Self {
            title: title.into(),
            work: Work::Later(work),
            is_risky: false,
        }
    }

    fn is_clean(&self, cx: &Context<'_>) -> bool {
        let files = self.work.edits(cx);
        files.is_ok_and(|files| verify::is_clean(cx, &files))
    }
}

/// The edits of an offer, or how to get them where that takes time.
enum Work {
    Now(Vec<Edit>),
    Later(fn(&Context<'_>) -> Result<Vec<FileEdits>, Refused>),
}

/// What is looked at before the edits of an action are handed out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// Nothing: that is done already, or it is the very thing to change.
    None,
    /// No finding is new.
    Clean,
    /// No finding is new, and all names mean what they meant.
    SameNames,
}

const RULES: &[Rule] = &[
    extract_function::RULE,
    extract_effect::RULE,
    inline_variable::RULE,
    name_overlay::RULE,
    convert_import::RULE,
    convert_pattern::RULE,
    choose_port::RULE,
    add_docstring::RULE,
    migrate::STATEMENT,
    migrate::FILE,
    fix_all::RULE,
    organize_imports::RULE,
];

/// What can be done at a place.
pub(crate) fn actions(db: &dyn Db, entry: Entry, request: &ActionRequest<'_>) -> Vec<Action> {
    let cx = Context::new(db, entry, request.range);
    let mut all = Vec::new();
    if (request.wants)(ActionKind::QuickFix) {
        all = quick_fixes::actions(&cx, request.invoked);
    }
    for rule in RULES.iter().filter(|rule| (request.wants)(rule.kind)) {
        let Some(offer) = rule.offer(&cx) else {
            continue;
        };
        if rule.is_in_doubt(&cx, &offer) && !offer.is_clean(&cx) {
            continue;
        }
        all.push(Action {
            id: rule.id.to_owned(),
            title: offer.title,
            kind: rule.kind,
            preferred: false,
            mends: None,
            edits: None,
        });
    }
    all
}

/// The edits of an action that was offered at a place.
pub(crate) fn resolve(
    db: &dyn Db,
    entry: Entry,
    range: TextRange,
    id: &str,
) -> Result<Vec<FileEdits>, Refused> {
    let cx = Context::new(db, entry, range);
    let rule = RULES.iter().find(|rule| rule.id == id);
    let offered = rule.and_then(|rule| Some((rule, rule.offer(&cx)?)));
    let Some((rule, offer)) = offered else {
        return Err(Refused("this is not possible here any more".to_owned()));
    };
    let files = offer.work.edits(&cx)?;
    verify::check(&cx, &files, rule.promise)?;
    Ok(files)
}

impl Rule {
    fn offer(&self, cx: &Context<'_>) -> Option<Offer> {
        (self.any_file || cx.is_module()).then(|| (self.offer)(cx))?
    }

    fn is_in_doubt(&self, cx: &Context<'_>, offer: &Offer) -> bool {
        self.promise != Promise::None && (offer.is_risky || verify::is_in_doubt(cx, &offer.work))
    }
}

impl Work {
    fn edits(&self, cx: &Context<'_>) -> Result<Vec<FileEdits>, Refused> {
        match self {
            Self::Now(edits) => Ok(cx.by_file(edits)),
            Self::Later(work) => work(cx),
        }
    }
}

/// The texts that edits make of their files.
fn texts_after(cx: &Context<'_>, files: &[FileEdits]) -> FxHashMap<SourceFile, Arc<str>> {
    let by_path: FxHashMap<Utf8PathBuf, SourceFile> = relux_model::all_files(cx.db, cx.suite)
        .into_iter()
        .map(|file| (path_of(cx.db, cx.suite, file), file))
        .collect();
    let after = files.iter().filter_map(|it| {
        let file = *by_path.get(&it.file)?;
        let edits = it.edits.iter().map(|(range, new)| (*range, new.as_str()));
        let text = relux_model::apply_fixes::edited(file.text(cx.db), edits.collect());
        Some((file, text.into()))
    });
    after.collect()
}
