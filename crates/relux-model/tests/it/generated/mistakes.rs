//! What people get wrong, as a table: where it can stand, what is written there, and which code it has.
//!
//! `‹!code›‹/›` in what is written marks where the finding begins. `%` is a number that no other part of the file has,
//! `=:` the binding of the part's edition, `EXPOSE` its word for exposing a shell.

use std::collections::BTreeSet;

use super::Place;
use super::suite::File;

/// Errors and likely mistakes do not meet: the latter are judged only in files without errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Error,
    Likely,
}

use Class::{Error, Likely};

/// A way to get something wrong.
pub(super) struct Mistake {
    pub(super) name: &'static str,
    class: Class,
    /// Kind of place.
    kind: &'static str,
    /// What stands there instead; `ORIGINAL` is what stood there.
    text: &'static str,
    /// The finding is at the place of this kind before, if not in `text`.
    before: Option<(&'static str, &'static str)>,
}

const fn at(name: &'static str, class: Class, kind: &'static str, text: &'static str) -> Mistake {
    Mistake {
        name,
        class,
        kind,
        text,
        before: None,
    }
}

const fn before(
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    place: &'static str,
    code: &'static str,
) -> Mistake {
    Mistake {
        name,
        class: Error,
        kind,
        text,
        before: Some((place, code)),
    }
}

pub(super) const MISTAKES: &[Mistake] = &[
    // What is there is wrong.
    at(
        "an effect is misspelt",
        Error,
        "effect",
        "‹!unresolved-effect›‹/›Nothing",
    ),
    at(
        "a function is misspelt",
        Error,
        "call",
        "‹!unresolved-function›‹/›nothing",
    ),
    at(
        "an argument too many",
        Error,
        "string",
        "ORIGINAL, \"too much\", 1, 2, 3‹!unresolved-function›‹/›",
    ),
    at(
        "a string is not closed",
        Error,
        "string",
        "‹!missing-quote›‹/›\"never closed",
    ),
    at(
        "an escape that is none",
        Error,
        "payload",
        "‹!unknown-escape›‹/›\\q ORIGINAL",
    ),
    at(
        "a group is not closed",
        Error,
        "regex",
        "‹!invalid-regex›‹/›(ORIGINAL",
    ),
    at(
        "a unit that is none",
        Error,
        "duration",
        "‹!invalid-duration›‹/›5parsecs",
    ),
    at(
        "words for a duration",
        Error,
        "span",
        "‹!invalid-duration›‹/›a while",
    ),
    at(
        "a name that the module lacks",
        Error,
        "name",
        "‹!unresolved-name-in-import›‹/›nothing_%, ORIGINAL",
    ),
    at(
        "an alias is misspelt",
        Error,
        "alias",
        "‹!unresolved-alias›‹/›ORIGINALx",
    ),
    at(
        "a shell is misspelt",
        Error,
        "exposed",
        "‹!unresolved-shell›‹/›nowhere",
    ),
    at(
        "a function that needs a shell",
        Error,
        "port",
        "‹!impure-call-in-pure-context›‹/›log(\"x\")",
    ),
    at(
        "an argument that cannot be",
        Error,
        "port",
        "rand(‹!invalid-builtin-argument›‹/›\"many\")",
    ),
    before(
        "an overlay entry is missing",
        "entry",
        "",
        "effect",
        "missing-expect",
    ),
    at(
        "an overlay entry twice",
        Error,
        "entry",
        "ORIGINAL‹!duplicate-overlay-key›‹/›ORIGINAL",
    ),
    // More statements.
    at(
        "a comment behind a call",
        Error,
        "statement",
        "        match_prompt() ‹!trailing-comment›‹/›// really\n",
    ),
    at(
        "a blank before a parenthesis",
        Error,
        "statement",
        "        log‹!misplaced-blank›‹/› (\"x\")\n",
    ),
    at(
        "a test in a test",
        Error,
        "statement",
        "        ‹!misplaced-item›‹/›import nothing { Nothing }\n",
    ),
    at(
        "a misspelt keyword",
        Error,
        "statement",
        "        ‹!unknown-word›‹/›lett x = \"1\"\n",
    ),
    at(
        "a comparison of another language",
        Error,
        "statement",
        "        \"a\" ‹!wrong-operator›‹/›== b\n",
    ),
    at(
        "an assignment to nothing",
        Error,
        "statement",
        "        ‹!assign-undeclared›‹/›nowhere_% =: \"1\"\n",
    ),
    at(
        "a capture that cannot be",
        Error,
        "statement",
        "        log(‹!invalid-capture›‹/›$99999999999999999999)\n",
    ),
    // More items.
    at(
        "a parameter twice",
        Error,
        "marker",
        "fn twice_%(a, ‹!duplicate-parameter›‹/›a) {\n}\n",
    ),
    at(
        "a function that calls itself",
        Error,
        "marker",
        "fn round_%() {\n    ‹!function-cycle›‹/›round_%()\n}\n",
    ),
    at(
        "an effect that starts itself",
        Error,
        "marker",
        "effect Round% {\n    start ‹!effect-cycle›‹/›Round%\n}\n",
    ),
    at(
        "a test of nothing",
        Error,
        "marker",
        "test ‹!empty-test›‹/›\"empty %\" {\n}\n",
    ),
    at(
        "an expose of nothing",
        Error,
        "marker",
        "effect Bare% {\n    EXPOSE ‹!invalid-expose›‹/›nothing\n    shell s {\n    }\n}\n",
    ),
    at(
        "a send in a pure function",
        Error,
        "marker",
        "pure fn pure_%() {\n    ‹!impure-call-in-pure-context›‹/›> echo\n}\n",
    ),
    at(
        "a marker that is none",
        Error,
        "marker",
        "# ‹!invalid-marker›‹/›skipp\n",
    ),
    at(
        "a module that does not exist",
        Error,
        "marker",
        "‹!unresolved-import›‹/›import nowhere/at_all { a% }\n",
    ),
    at(
        "two tests of one name",
        Error,
        "marker",
        "test \"twin %\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\ntest ‹!duplicate-test-name›‹/›\"twin %\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n",
    ),
    // What runs.
    at(
        "a variable that nothing sets",
        Likely,
        "statement",
        "        > echo ${‹!undefined-variable›‹/›nobody_%}\n        match_ok()\n",
    ),
    at(
        "a variable that nothing reads",
        Likely,
        "statement",
        "        let ‹!unused-variable›‹/›spare_% =: \"1\"\n",
    ),
    at(
        "an import that nothing needs",
        Likely,
        "marker",
        "import service_0 { ‹!unused-import›‹/›say_0 as spare_%, join_0 as joined_% }\nfn user_%(a) {\n    > echo \"${a}\"\n    log(joined_%(\"a\", \"b\"))\n}\n",
    ),
    at(
        "a pattern that matches nothing at all",
        Likely,
        "statement",
        "        > echo any\n        <? ‹!empty-matching-regex›‹/›.*\n        match_ok()\n",
    ),
    at(
        "a group that is not there",
        Likely,
        "statement",
        "        > echo a1\n        <? ^a(\\d)$\n        log(\"${‹!capture-out-of-range›‹/›2}\")\n        match_ok()\n",
    ),
    at(
        "a marker that always holds",
        Likely,
        "marker",
        "# skip unless ‹!constant-marker›‹/›\"1\"\n",
    ),
    at(
        "a comment that allows nothing",
        Likely,
        "statement",
        "        // relux: allow(‹!unused-allow›‹/›unused-import)\n",
    ),
];

/// Files with mistakes, and what is to be said about them.
#[derive(Debug)]
pub(super) struct Planted {
    pub(super) files: Vec<(String, String)>,
    pub(super) expected: BTreeSet<Place>,
}

impl Planted {
    /// For messages of failed tests.
    pub(super) fn shown(&self) -> String {
        super::fixture(&self.files)
    }
}

/// Plants what is chosen where there is a place for it, at most one mistake in a part.
pub(super) fn plant(
    files: &[File],
    class: Class,
    choices: &[(proptest::sample::Index, proptest::sample::Index)],
) -> Planted {
    let table: Vec<&Mistake> = MISTAKES.iter().filter(|it| it.class == class).collect();
    let mut files = files.to_vec();
    let mut taken = BTreeSet::new();
    for (which, place) in choices {
        let mistake = table[which.index(table.len())];
        let places = places(&files, mistake);
        if places.is_empty() {
            continue;
        }
        let (file, part, nth) = places[place.index(places.len())];
        if taken.insert((file, part)) {
            put(&mut files[file].parts[part], mistake, nth, part);
        }
    }
    finish(&files)
}

/// Plants one mistake in the first place for it.
pub(super) fn plant_one(files: &[File], number: usize) -> Option<Planted> {
    let mut files = files.to_vec();
    let &(file, part, nth) = places(&files, &MISTAKES[number]).first()?;
    put(&mut files[file].parts[part], &MISTAKES[number], nth, part);
    Some(finish(&files))
}

/// File, part and number of the place in the part.
fn places(files: &[File], mistake: &Mistake) -> Vec<(usize, usize, usize)> {
    let mark = format!("‹{}›", mistake.kind);
    let mut places = Vec::new();
    for (file, it) in files.iter().enumerate() {
        for (part, text) in it.parts.iter().enumerate() {
            places.extend((0..text.matches(&mark).count()).map(|nth| (file, part, nth)));
        }
    }
    places
}

const END: &str = "‹/›";

fn put(part: &mut String, mistake: &Mistake, nth: usize, number: usize) {
    let mark = format!("‹{}›", mistake.kind);
    let (start, _) = part.match_indices(&mark).nth(nth).expect("the place was counted");
    let inside = start + mark.len();
    let end = inside + closing(&part[inside..]);
    let is_august = part.contains(":=");
    let text = mistake
        .text
        .replace('%', &number.to_string())
        .replace("=:", if is_august { ":=" } else { "=" })
        .replace("EXPOSE", if is_august { "expose shell" } else { "expose" })
        .replace("ORIGINAL", &part[inside..end]);
    part.replace_range(inside..end, &text);
    if let Some((place, code)) = mistake.before {
        let mark = format!("‹{place}›");
        let at = part[..start].rfind(&mark).expect("it stands before") + mark.len();
        part.insert_str(at, &format!("‹!{code}›{END}"));
    }
}

/// Offset of the mark that ends the place whose inside begins here.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, _) in text.match_indices('‹') {
        match (text[at..].starts_with(END), depth) {
            (true, 0) => return at,
            (true, _) => depth -= 1,
            (false, _) => depth += 1,
        }
    }
    panic!("a place is not closed: {text}");
}

fn finish(files: &[File]) -> Planted {
    let mut planted = Planted {
        files: Vec::new(),
        expected: BTreeSet::new(),
    };
    for file in files {
        let (text, findings) = unmark(&file.marked());
        let places = findings
            .into_iter()
            .map(|(line, code)| (file.path.clone(), line, code));
        planted.expected.extend(places);
        planted.files.push((file.path.clone(), text));
    }
    planted
}

/// The text without marks, and the lines (from 1) and codes of findings.
pub(super) fn unmark(marked: &str) -> (String, Vec<(usize, String)>) {
    let (mut text, mut findings) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((before, behind)) = rest.split_once('‹') {
        text.push_str(before);
        let (mark, behind) = behind.split_once('›').expect("a mark ends");
        if let Some(code) = mark.strip_prefix('!') {
            findings.push((text.matches('\n').count() + 1, code.to_owned()));
        }
        rest = behind;
    }
    text.push_str(rest);
    (text, findings)
}
