//! All rules about bodies, in one walk per definition. Each rule stands in a module of its own.
//!
//! Every definition is checked whether or not a test reaches it, and every error stands at its own place.

use std::cell::{Cell, OnceCell};

use relux_syntax::nearest::nearest;
use relux_syntax::{Diagnostic, TextRange};

use super::body::{DefBody, ExprKind, FileBodies, Piece, StmtKind, Text};
use super::walk::{Node, Site, TextKind, walk};
use super::{ambiguity, assign, calls, cycles, exposed, patterns, shells};
use crate::checks::MAX_SEARCHES;
use crate::db::{Db, SourceFile, Suite};
use crate::dot_env::{EnvValues, dot_env};
use crate::edition::Edition;
use crate::items::{ItemIndex, StartItem, item_index};
use crate::scope::{Scope, scope};

/// What every rule can see, and where it puts its findings.
pub(super) struct Check<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) suite: Suite,
    pub(super) file: SourceFile,
    pub(super) source: &'a str,
    pub(super) bodies: &'a FileBodies,
    pub(super) index: &'a ItemIndex,
    pub(super) scope: &'a Scope,
    pub(super) edition: Edition,
    pub(super) out: Vec<Diagnostic>,
    /// How many more searches for the nearest name this file may cost.
    searches: Cell<u32>,
    dot_env: OnceCell<EnvValues>,
}

/// All findings in the bodies of a file, in source order.
pub(super) fn check(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let bodies = super::lower(db, file);
    let edition = crate::edition::edition(db, suite, file);
    let mut check = Check {
        db,
        suite,
        file,
        source: file.text(db),
        bodies,
        index: item_index(db, file),
        scope: scope(db, suite, file),
        edition: edition.edition,
        out: Vec::new(),
        searches: Cell::new(MAX_SEARCHES),
        dot_env: OnceCell::new(),
    };
    for definition in &bodies.definitions {
        check.definition(definition);
    }
    cycles::check(&mut check);
    ambiguity::check(&mut check);
    let mut out = check.out;
    out.sort_by_key(|diagnostic| (diagnostic.range, diagnostic.code));
    out
}

impl<'a> Check<'a> {
    fn definition(&mut self, definition: &'a DefBody) {
        let bodies = self.bodies;
        walk(bodies, self.edition, definition, &mut |site, node| match node {
            Node::Stmt(stmt) => {
                if site.is_pure() {
                    calls::statement_in_pure_context(self, definition, stmt);
                }
            }
            Node::Expr(expr, is_argument) => match expr.kind {
                ExprKind::Call { name, args } => calls::call(self, definition, site, name, args),
                ExprKind::Exposed { alias, name } => {
                    exposed::variable(self, definition, site, alias, name, is_argument);
                }
                _ => {}
            },
            Node::Text(text, kind) => {
                if kind == TextKind::Regex {
                    patterns::regex(self, text);
                }
                self.exposed_in_text(definition, site, text, kind == TextKind::Argument);
            }
        });
        shells::check(self, definition);
        assign::check(self, definition);
    }

    fn exposed_in_text(&mut self, definition: &'a DefBody, site: Site, text: Text, is_argument: bool) {
        if self.edition == Edition::E2026_04 {
            return;
        }
        let bodies = self.bodies;
        for piece in bodies.pieces(text) {
            if let Piece::Exposed { alias, name, .. } = *piece {
                exposed::variable(self, definition, site, alias, name, is_argument);
            }
        }
    }

    /// The text of a range.
    pub(super) fn text(&self, range: TextRange) -> &'a str {
        range.slice(self.source)
    }

    /// The known name nearest to an unknown one, as long as searching is worth while.
    pub(super) fn nearest<'n, I: IntoIterator<Item = &'n str>>(
        &self,
        name: &str,
        known: impl FnOnce() -> I,
    ) -> Option<&'n str> {
        self.searches.set(self.searches.get().checked_sub(1)?);
        nearest(name, known())
    }

    /// Whether the environment of a run has this name, as far as it is known before.
    pub(super) fn is_in_environment(&self, name: &str) -> bool {
        let dot_env = || {
            self.dot_env
                .get_or_init(|| dot_env(self.db, self.suite, self.file))
        };
        let in_file = || dot_env().binary_search_by(|(known, _)| known.as_str().cmp(name));
        self.suite.host_env(self.db).get(name).is_some() || in_file().is_ok()
    }

    /// The starts of a test or effect as the item index has them.
    pub(super) fn starts(&self, definition: &DefBody) -> &'a [StartItem] {
        super::starts(self.index, definition)
    }

    /// The statements of a body as the edition reads them.
    pub(super) fn read(&self, kind: StmtKind) -> StmtKind {
        kind.read(self.bodies, self.edition)
    }
}
