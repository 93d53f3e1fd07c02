//! From a name to the places that define it, through imports, aliases and what effects expose.

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::effects::effect_graph;
use relux_model::items::{ExposeItem, ItemKind, ShellItem, StartItem, item_index};
use relux_model::plan::ExposeKind;
use relux_model::scope::scope;
use relux_model::source_map::{BodyRanges, item_range, name_range, source_map};
use relux_model::{Db, Def, SourceFile, Suite};
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Definition, Start, SyntaxNode};

use super::Target;
use super::subject::{Found, Subject, import_around};
use super::variables::{captured_by, declaration};

/// Re-exports are followed so far; more of them only exist in a circle.
const MAX_DEPTH: usize = 64;

/// Resolves names of one file.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'db> {
    pub(super) db: &'db dyn Db,
    pub(super) suite: Suite,
    pub(super) file: SourceFile,
}

/// A test or effect, as its item and its places.
struct Outline<'db> {
    file: SourceFile,
    starts: &'db [StartItem],
    shells: &'db [ShellItem],
    ranges: &'db BodyRanges,
}

impl<'db> Resolver<'db> {
    /// The places that define what was found; empty if it is not known.
    pub(super) fn targets(&self, found: &Found<'_>) -> Vec<Target> {
        let node = found.node;
        match &found.subject {
            Subject::Here => vec![self.here(self.file, found.range, found.range)],
            Subject::Module => self.module(node).into_iter().collect(),
            Subject::Imported(name) => self.imported(node, name),
            Subject::Effect(name) => self.effect(name).map(|def| self.item(&def)).into_iter().collect(),
            Subject::Function { name, arity } => self.functions(name, *arity),
            Subject::Alias(alias) => self.alias(node, alias).into_iter().collect(),
            Subject::Shell(name) => self.shell(node, name).into_iter().collect(),
            Subject::Exposed { alias, name } => self.behind(node, alias, name).into_iter().collect(),
            Subject::Offered(name) => {
                let shell = self.own_shell(node, name);
                let offered = shell.or_else(|| self.variable(node, name));
                offered.into_iter().collect()
            }
            Subject::Key { name, shorthand } => {
                let expect = self.expect(node, name);
                let variable = shorthand.then(|| self.variable(node, name)).flatten();
                expect.into_iter().chain(variable).collect()
            }
            Subject::Variable(name) => self.variable(node, name).into_iter().collect(),
            Subject::Capture => {
                let regex = captured_by(node);
                regex
                    .map(|(whole, focus)| self.here(self.file, whole, focus))
                    .into_iter()
                    .collect()
            }
        }
    }

    fn here(&self, file: SourceFile, whole: TextRange, focus: TextRange) -> Target {
        Target {
            file: self.path(file),
            whole,
            focus,
        }
    }

    fn path(&self, file: SourceFile) -> Utf8PathBuf {
        Utf8Path::new(&**self.suite.root(self.db)).join(&**file.path(self.db))
    }

    fn item(&self, def: &Def) -> Target {
        let focus = name_range(self.db, def.file, &def.id).unwrap_or_default();
        let whole = item_range(self.db, def.file, &def.id).unwrap_or(focus);
        self.here(def.file, whole, focus)
    }

    fn imported_module(&self, node: SyntaxNode<'_>) -> Option<SourceFile> {
        let around = import_around(node)?;
        let imports = &source_map(self.db, self.file).imports;
        let position = imports
            .iter()
            .position(|import| import.whole.start == around.start)?;
        scope(self.db, self.suite, self.file).import(position)
    }

    fn module(&self, node: SyntaxNode<'_>) -> Option<Target> {
        let file = self.imported_module(node)?;
        Some(self.here(file, TextRange::empty(0), TextRange::empty(0)))
    }

    fn imported(&self, node: SyntaxNode<'_>, name: &str) -> Vec<Target> {
        let Some(file) = self.imported_module(node) else {
            return Vec::new();
        };
        let index = item_index(self.db, file);
        let functions = index.functions_named(name).map(|function| function.id.clone());
        let effect = index.effect_named(name).map(|effect| effect.id.clone());
        functions
            .chain(effect)
            .map(|id| self.item(&Def { file, id }))
            .collect()
    }

    fn effect(&self, name: &str) -> Option<Def> {
        scope(self.db, self.suite, self.file).effect(name).cloned()
    }

    /// The function that is called, or all of its name where none takes so many arguments.
    fn functions(&self, name: &str, arity: usize) -> Vec<Target> {
        let scope = scope(self.db, self.suite, self.file);
        match scope.function(name, arity) {
            Some(function) => vec![self.item(&function.def)],
            None => scope
                .functions_named(name)
                .iter()
                .map(|it| self.item(&it.def))
                .collect(),
        }
    }

    fn variable(&self, node: SyntaxNode<'_>, name: &str) -> Option<Target> {
        let (whole, focus) = declaration(node, name)?;
        Some(self.here(self.file, whole, focus))
    }

    /// The test or effect around a node.
    fn around(&self, node: SyntaxNode<'_>) -> Option<Outline<'db>> {
        let definition = node.ancestors().find_map(Definition::cast)?;
        let start = definition.range().start;
        let (index, map) = (item_index(self.db, self.file), source_map(self.db, self.file));
        if let Some(at) = map.tests.iter().position(|it| it.whole.start == start) {
            let test = index.tests.get(at)?;
            return Some(Outline {
                file: self.file,
                starts: &test.starts,
                shells: &test.shells,
                ranges: &map.tests[at],
            });
        }
        let at = map.effects.iter().position(|it| it.whole.start == start)?;
        let id = index.effects.get(at)?.id.clone();
        self.outline(&Def { file: self.file, id })
    }

    fn outline(&self, effect: &Def) -> Option<Outline<'db>> {
        let at = item_index(self.db, effect.file).position(&effect.id)?;
        let item = item_index(self.db, effect.file).effects.get(at)?;
        Some(Outline {
            file: effect.file,
            starts: &item.starts,
            shells: &item.shells,
            ranges: source_map(self.db, effect.file).effects.get(at)?,
        })
    }

    fn alias(&self, node: SyntaxNode<'_>, alias: &str) -> Option<Target> {
        let around = self.around(node)?;
        let at = around.aliased(alias)?;
        let start = around.ranges.starts.get(at)?;
        Some(self.here(around.file, start.whole, start.alias.unwrap_or(start.whole)))
    }

    /// The effect that an alias stands for.
    fn started(&self, outline: &Outline<'_>, alias: &str) -> Option<Def> {
        let start = outline.starts.get(outline.aliased(alias)?)?;
        scope(self.db, self.suite, outline.file)
            .effect(&start.effect)
            .cloned()
    }

    fn own_shell(&self, node: SyntaxNode<'_>, name: &str) -> Option<Target> {
        let around = self.around(node)?;
        self.shell_of(&around, name)
    }

    /// The first block of a shell.
    fn shell_of(&self, outline: &Outline<'_>, name: &str) -> Option<Target> {
        let at = outline
            .shells
            .iter()
            .position(|shell| shell.qualifier.is_none() && shell.name == name)?;
        let shell = outline.ranges.shells.get(at)?;
        Some(self.here(outline.file, shell.whole, shell.name))
    }

    fn shell(&self, node: SyntaxNode<'_>, name: &str) -> Option<Target> {
        let around = self.around(node)?;
        if let Some(effect) = self.started(&around, name) {
            let shells: Vec<ExposeItem> = exposed(self.db, &effect, None);
            if let [only] = shells.as_slice() {
                return self.follow(&effect, only);
            }
        }
        self.shell_of(&around, name)
    }

    /// What `alias.name` means around a node.
    fn behind(&self, node: SyntaxNode<'_>, alias: &str, name: &str) -> Option<Target> {
        let around = self.around(node)?;
        let effect = self.started(&around, alias)?;
        let item = exposed(self.db, &effect, Some(name)).pop()?;
        self.follow(&effect, &item)
    }

    /// The shell block or `let` behind an `expose`, through any number of effects.
    fn follow(&self, effect: &Def, item: &ExposeItem) -> Option<Target> {
        let (mut effect, mut item) = (effect.clone(), item.clone());
        for _ in 0..MAX_DEPTH {
            let outline = self.outline(&effect)?;
            let Some(alias) = &item.from else {
                return match item.kind {
                    ExposeKind::Shell => self.shell_of(&outline, &item.target),
                    ExposeKind::Var => self.let_of(&effect, &item.target),
                };
            };
            let inner = self.started(&outline, alias)?;
            item = exposed(self.db, &inner, Some(&item.target)).pop()?;
            effect = inner;
        }
        None
    }

    fn let_of(&self, effect: &Def, name: &str) -> Option<Target> {
        let index = item_index(self.db, effect.file);
        let at = index
            .effect(&effect.id)?
            .lets
            .iter()
            .rposition(|it| it.name == name)?;
        let ranges = self.outline(effect)?.ranges.lets.get(at)?;
        Some(self.here(effect.file, ranges.whole, ranges.name))
    }

    /// The `expect` that an overlay key answers: of the started effect, or of one that it starts.
    fn expect(&self, node: SyntaxNode<'_>, key: &str) -> Option<Target> {
        let start = node.ancestors().find_map(Start::cast)?;
        let effect = self.effect(start.effect_text())?;
        let (_, expecting) = effect_graph(self.db, self.suite).path_to_expect(&effect, key)?;
        let index = item_index(self.db, expecting.file);
        let at = index
            .effect(&expecting.id)?
            .expects
            .iter()
            .position(|it| it == key)?;
        let range = *self.outline(&expecting)?.ranges.expects.get(at)?;
        Some(self.here(expecting.file, range, range))
    }
}

impl Outline<'_> {
    /// The last start of an alias, which is the one that counts.
    fn aliased(&self, alias: &str) -> Option<usize> {
        self.starts
            .iter()
            .rposition(|start| start.alias.as_deref() == Some(alias))
    }
}

/// What an effect exposes: the shells, or under one name, the last of which counts, anything.
fn exposed(db: &dyn Db, effect: &Def, name: Option<&str>) -> Vec<ExposeItem> {
    debug_assert_eq!(effect.id.kind, ItemKind::Effect);
    let Some(item) = item_index(db, effect.file).effect(&effect.id) else {
        return Vec::new();
    };
    let mut all = item.exposed();
    all.retain(|it| name.map_or(it.kind == ExposeKind::Shell, |name| it.name() == name));
    all
}
