//! What a call means, and the rules about it: `unresolved-function`, `impure-call-in-pure-context`,
//! `invalid-builtin-argument`, `invalid-duration`.

use relux_syntax::{Applicability, Diagnostic, Fix, Related, TextRange};

use super::arguments;
use super::body::{DefBody, DefKind, ExprKind, Exprs, FileBodies, Piece, Stmt, StmtKind};
use super::check::Check;
use super::walk::Site;
use crate::builtins::{Builtin, TABLE};
use crate::checks::listed;
use crate::codes;
use crate::db::SourceFile;
use crate::exports::exports;
use crate::items::{Def, Name};
use crate::scope::{Scope, ScopedFunction};

/// What a call calls.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Called<'a> {
    /// A function of the suite.
    Function(&'a ScopedFunction),
    /// A built-in.
    Builtin(Builtin),
    /// A function of the suite that needs a shell, in a place that has none.
    ImpureFunction(&'a ScopedFunction),
    /// A built-in that needs a shell, in a place that has none.
    ImpureBuiltin(Builtin),
    /// Nothing of this name takes so many arguments.
    Unknown,
}

/// Resolves a call. Own and imported functions come before built-ins; where only pure functions can be called, an
/// impure one does not hide a pure built-in.
pub(crate) fn resolve<'a>(scope: &'a Scope, name: &str, arity: usize, pure: bool) -> Called<'a> {
    let function = scope.function(name, arity);
    let builtin = Builtin::find(name, arity);
    match (function, builtin) {
        (Some(function), _) if !pure || function.pure => Called::Function(function),
        (_, Some(builtin)) if !pure || builtin.signature().pure => Called::Builtin(builtin),
        (Some(function), _) => Called::ImpureFunction(function),
        (None, Some(builtin)) => Called::ImpureBuiltin(builtin),
        (None, None) => Called::Unknown,
    }
}

/// Checks one call.
pub(super) fn call(check: &mut Check<'_>, definition: &DefBody, site: Site, name: TextRange, args: Exprs) {
    let text = check.text(name);
    match resolve(check.scope, text, args.len(), site.is_pure()) {
        Called::Function(_) => {}
        Called::Builtin(builtin) => builtin_arguments(check, builtin, args),
        Called::ImpureFunction(function) => {
            let related = declared_impure(check, text, &function.def);
            let diagnostic = impure(check, definition, site, name, text);
            check.out.push(match related {
                Some(related) => diagnostic.with_related(related),
                None => diagnostic,
            });
        }
        Called::ImpureBuiltin(_) => {
            let diagnostic = impure(check, definition, site, name, text);
            check.out.push(diagnostic);
        }
        Called::Unknown => {
            if !check.scope.may_be_missing_import(text) && !takes_unknown(check, text) {
                let diagnostic = unresolved(check, name, args.len(), site);
                check.out.push(diagnostic);
            }
        }
    }
}

/// Whether a function of this name has a broken header, so that it may take any number of arguments.
fn takes_unknown(check: &Check<'_>, name: &str) -> bool {
    let functions = check.scope.functions_named(name).iter();
    let mut indexed =
        functions.filter_map(|it| crate::items::item_index(check.db, it.def.file).function(&it.def.id));
    indexed.any(|it| !it.has_whole_header)
}

fn impure(check: &Check<'_>, definition: &DefBody, site: Site, name: TextRange, text: &str) -> Diagnostic {
    let place = place(definition, site);
    let diagnostic = Diagnostic::error(
        codes::IMPURE_CALL_IN_PURE_CONTEXT,
        name,
        format!("`{text}` needs a shell and cannot be called in {place}"),
    )
    .with_label("needs a shell");
    match site {
        Site::Function { .. } => with_impure_fix(check, definition, diagnostic),
        Site::Preamble { .. } | Site::Overlay(_) => diagnostic.with_help("call it in a shell block"),
        Site::Marker => diagnostic.with_help("a condition may call pure functions, such as `which(\"jq\")`"),
        _ => diagnostic,
    }
}

fn declared_impure(check: &Check<'_>, name: &str, def: &Def) -> Option<Related> {
    let range = crate::source_map::name_range(check.db, def.file, &def.id)?;
    let file = (def.file != check.file).then(|| def.file.path(check.db).clone());
    Some(Related {
        file,
        range,
        message: format!("`{name}` is a `fn`, not a `pure fn`"),
    })
}

/// Offers to drop the word `pure`.
fn with_impure_fix(check: &Check<'_>, definition: &DefBody, diagnostic: Diagnostic) -> Diagnostic {
    let header = check.text(definition.range);
    let diagnostic = diagnostic.with_help("declare the function with `fn` alone if it works on a shell");
    let Some(rest) = header.strip_prefix("pure") else {
        return diagnostic;
    };
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let start = definition.range.start;
    let word = TextRange::new(start, start + ("pure".len() + blanks) as u32);
    diagnostic.with_fix(Fix::needs_a_look("Declare it as `fn`", word, ""))
}

/// The place in words, for "cannot be called in …".
pub(super) fn place(definition: &DefBody, site: Site) -> &'static str {
    let test = definition.kind == DefKind::Test;
    match site {
        Site::Marker => "the condition of a marker",
        Site::Preamble { assertion: false } if test => "a `let` of a test",
        Site::Preamble { assertion: false } => "a `let` of an effect",
        Site::Preamble { assertion: true } if test => "an assertion of a test before its shell blocks",
        Site::Preamble { assertion: true } => "an assertion of an effect before its shell blocks",
        Site::Overlay(_) => "an overlay",
        Site::Function { pure: true } => "a pure function",
        Site::Function { pure: false } => "a function",
        Site::Shell(_) => "a shell block",
        Site::Cleanup => "a cleanup block",
    }
}

/// Reports a shell operator where there is no shell.
pub(super) fn statement_in_pure_context(check: &mut Check<'_>, definition: &DefBody, stmt: Stmt) {
    let what = match stmt.kind {
        StmtKind::Send { .. } => "a send",
        StmtKind::Match { .. } | StmtKind::MultiMatch { .. } => "a match",
        StmtKind::Reset => "a buffer reset",
        StmtKind::FailPattern(_) | StmtKind::ClearFailPattern => "a fail pattern",
        StmtKind::Timeout(_) => "a timeout",
        _ => return,
    };
    let site = Site::Function { pure: true };
    let diagnostic = Diagnostic::error(
        codes::IMPURE_CALL_IN_PURE_CONTEXT,
        stmt.range,
        format!(
            "{what} needs a shell and cannot stand in {}",
            place(definition, site)
        ),
    )
    .with_label("needs a shell");
    let diagnostic = with_impure_fix(check, definition, diagnostic);
    check.out.push(diagnostic);
}

fn builtin_arguments(check: &mut Check<'_>, builtin: Builtin, args: Exprs) {
    let literals: Vec<Option<String>> = check
        .bodies
        .args(args)
        .iter()
        .map(|arg| literal(check.bodies, check.source, arg.kind, arg.range))
        .collect();
    let Some(bad) = arguments::check(builtin, &literals) else {
        return;
    };
    let Some(argument) = check.bodies.args(args).get(bad.index) else {
        return;
    };
    let code = if bad.duration {
        relux_syntax::validation::codes::INVALID_DURATION
    } else {
        codes::INVALID_BUILTIN_ARGUMENT
    };
    let mut diagnostic = Diagnostic::error(code, argument.range, bad.message);
    diagnostic.help = bad.help;
    if let Some(meant) = bad.meant {
        diagnostic.fixes.push(Fix::needs_a_look(
            format!("Write \"{meant}\""),
            argument.range,
            format!("\"{meant}\""),
        ));
    }
    check.out.push(diagnostic);
}

/// The value of an expression that is the same in every run.
pub(crate) fn literal(bodies: &FileBodies, source: &str, kind: ExprKind, range: TextRange) -> Option<String> {
    match kind {
        ExprKind::Number => Some(range.slice(source).to_owned()),
        ExprKind::Text(text) => bodies
            .pieces(text)
            .iter()
            .try_fold(String::new(), |mut value, piece| {
                match *piece {
                    Piece::Source(range) => value.push_str(range.slice(source)),
                    Piece::Char { value: c, .. } => value.push(c),
                    Piece::Var { .. } | Piece::Exposed { .. } | Piece::Capture { .. } => return None,
                }
                Some(value)
            }),
        _ => None,
    }
}

fn unresolved(check: &Check<'_>, name: TextRange, arity: usize, site: Site) -> Diagnostic {
    let text = check.text(name);
    let error = |message: String| Diagnostic::error(codes::UNRESOLVED_FUNCTION, name, message);
    let arities = arities(check.scope, text);
    if !arities.is_empty() {
        let message = match arity {
            0 => format!("`{text}` cannot be called without arguments"),
            1 => format!("`{text}` does not take 1 argument"),
            arity => format!("`{text}` does not take {arity} arguments"),
        };
        return error(message)
            .with_label(format!("it takes {}", alternatives(&arities)))
            .with_help(format!("write {}", signatures(check, text).join(" or ")));
    }
    let mut diagnostic = error(format!("there is no function `{text}`"));
    let exporters = import_paths(check, exports(check.db, check.suite).function(text));
    for path in &exporters {
        diagnostic.fixes.push(Fix {
            title: format!("Import `{text}` from `{path}`"),
            applicability: Applicability::Safe,
            edits: vec![crate::fixes::import_name(check.db, check.file, path, text)],
        });
    }
    if !exporters.is_empty() {
        let modules: Vec<String> = exporters.iter().map(|path| format!("`{path}`")).collect();
        return diagnostic.with_help(format!("it is exported by {}", modules.join(" and ")));
    }
    if let Some(meant) = check.nearest(text, || names_in_scope(check.scope, site.is_pure())) {
        return diagnostic
            .with_help(format!("there is a function `{meant}`"))
            .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), name, meant));
    }
    misspelt_import(check, name, arity, site, diagnostic)
}

/// Proposes the function of another module that was probably meant.
fn misspelt_import(
    check: &Check<'_>,
    name: TextRange,
    arity: usize,
    site: Site,
    mut diagnostic: Diagnostic,
) -> Diagnostic {
    let (text, exports) = (check.text(name), exports(check.db, check.suite));
    let known = || exports.callable_names(arity, site.is_pure()).map(Name::as_str);
    let Some(meant) = check.nearest(text, known) else {
        let help = format!("define it with `fn {text}(…) {{`, or import the module that does");
        return diagnostic.with_help(help);
    };
    let paths = import_paths(check, exports.callable(meant, arity, site.is_pure()));
    for path in &paths {
        let title = format!("Change to `{meant}` and import it from `{path}`");
        let mut fix = Fix::needs_a_look(title, name, meant);
        let import = crate::fixes::import_name(check.db, check.file, path, meant);
        fix.edits.push(import);
        diagnostic = diagnostic.with_fix(fix);
    }
    diagnostic.with_help(format!("there is a function `{meant}` in {}", listed(&paths)))
}

/// How calls of the functions of this name are written, by number of arguments.
fn signatures(check: &Check<'_>, name: &str) -> Vec<String> {
    const MOST: usize = 4;
    let mut all: Vec<(usize, String)> = Vec::new();
    for function in check.scope.functions_named(name) {
        let index = crate::items::item_index(check.db, function.def.file);
        let own = index
            .position(&function.def.id)
            .and_then(|position| index.functions.get(position));
        if let Some(own) = own {
            let params: Vec<&str> = own.params.iter().map(Name::as_str).collect();
            all.push((params.len(), format!("`{name}({})`", params.join(", "))));
        }
    }
    for signature in TABLE.iter().filter(|signature| signature.name == name) {
        let call = format!("`{name}({})`", signature.params.join(", "));
        all.push((signature.params.len(), call));
    }
    all.sort();
    all.dedup_by_key(|it| it.0);
    all.truncate(MOST);
    all.into_iter().map(|it| it.1).collect()
}

/// Import paths of modules other than the own, at most a few.
fn import_paths<'a>(check: &Check<'a>, modules: Vec<SourceFile>) -> Vec<&'a str> {
    const MOST: usize = 3;
    let others = modules.into_iter().filter(|file| *file != check.file);
    others
        .filter_map(|file| file.import_path(check.db))
        .take(MOST)
        .collect()
}

/// How many arguments the functions of this name take, in ascending order.
fn arities(scope: &Scope, name: &str) -> Vec<usize> {
    let own = scope.functions_named(name).iter().map(|function| function.arity);
    let builtins = TABLE
        .iter()
        .filter(|signature| signature.name == name)
        .map(|signature| signature.params.len());
    let mut arities: Vec<usize> = own.chain(builtins).collect();
    arities.sort_unstable();
    arities.dedup();
    arities
}

/// `no argument`, `2`, `1 or 2`, `1, 2 or 3`.
fn alternatives(arities: &[usize]) -> String {
    let words: Vec<String> = arities
        .iter()
        .map(|arity| match arity {
            0 => "no argument".to_owned(),
            arity => arity.to_string(),
        })
        .collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Everything that can be called here.
fn names_in_scope(scope: &Scope, pure: bool) -> impl Iterator<Item = &str> {
    let own = scope.function_names().map(|name| &**name);
    let builtins = TABLE.iter().filter(move |signature| !pure || signature.pure);
    own.chain(builtins.map(|signature| signature.name))
}
