//! node-types.json → `crates/relux-syntax/src/ast/generated.rs`.
//!
//! One struct per named node, one accessor per field, one enum per supertype and per group of [`super::vocabulary`].
//! Every kind must be described there: a new rule in the grammar fails code generation until it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::vocabulary::{GROUPS, NODES, TOKENS};

#[derive(Deserialize)]
struct NodeType {
    #[serde(rename = "type")]
    name: String,
    named: bool,
    #[serde(default)]
    subtypes: Vec<TypeRef>,
    #[serde(default)]
    fields: BTreeMap<String, Field>,
}

#[derive(Deserialize)]
struct Field {
    multiple: bool,
    types: Vec<TypeRef>,
}

#[derive(Deserialize)]
struct TypeRef {
    #[serde(rename = "type")]
    name: String,
    named: bool,
}

/// The Rust source of the typed nodes.
pub(super) fn generate(node_types: &str, parser: &str) -> Result<String> {
    let types: Vec<NodeType> = serde_json::from_str(node_types).context("node-types.json")?;
    let mut generator = Generator::new(&types)?;
    generator.header();
    generator.tokens(parser)?;
    generator.kinds()?;
    generator.fields();
    for node in types.iter().filter(|it| it.named && it.subtypes.is_empty()) {
        generator.node(node)?;
    }
    generator.groups()?;
    rustfmt(&generator.out)
}

struct Generator<'a> {
    types: &'a [NodeType],
    /// Enum name → kinds of its members.
    groups: BTreeMap<&'static str, BTreeSet<String>>,
    out: String,
}

impl<'a> Generator<'a> {
    fn new(types: &'a [NodeType]) -> Result<Self> {
        let mut groups = BTreeMap::new();
        for group in GROUPS {
            let members = match group.members {
                [] => supertype(types, group.name)?,
                members => members.iter().map(ToString::to_string).collect(),
            };
            groups.insert(group.name, members);
        }
        Ok(Self {
            types,
            groups,
            out: String::new(),
        })
    }

    fn header(&mut self) {
        self.out.push_str(
            "//! Typed nodes, generated from node-types.json by `cargo xtask codegen`. Do not edit.\n\
             //!\n\
             //! The words of the grammar occur as strings in this file only.\n\n\
             use super::node::{AstNode, FieldId, SyntaxNode, Token};\n\n",
        );
    }

    fn tokens(&mut self, parser: &str) -> Result<()> {
        let mut lines = parser.lines();
        let count = lines.find_map(|line| line.strip_prefix("#define TOKEN_COUNT "));
        let count: u16 = count.context("parser.c has no TOKEN_COUNT")?.parse()?;
        write!(
            self.out,
            "/// Tokens are what the grammar numbers below this.\npub(super) const TOKEN_COUNT: u16 = {count};\n\n"
        )?;
        Ok(())
    }

    fn kinds(&mut self) -> Result<()> {
        let mut variants = String::new();
        let mut arms = String::new();
        let mut with_fields = Vec::new();
        for node in self.types.iter().filter(|it| it.subtypes.is_empty()) {
            let name = if node.named {
                rust_name(&node.name)?
            } else {
                token_name(&node.name)?
            };
            let shown = if node.named {
                format!("Node `{}`", node.name)
            } else {
                format!("Token `{}`", node.name.escape_debug())
            };
            writeln!(variants, "/// {shown}.\n{name},")?;
            writeln!(arms, "({:?}, {}) => Self::{name},", node.name, node.named)?;
            if !node.fields.is_empty() {
                with_fields.push(format!("Self::{name}"));
            }
        }
        write!(
            self.out,
            "/// What a node or token is.\n\
             #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]\n\
             #[non_exhaustive]\npub enum SyntaxKind {{\n{variants}\
             /// Text that the grammar does not know.\nError,\n}}\n\n\
             impl SyntaxKind {{\n\
             /// The kind with a name in the grammar.\n\
             pub(super) fn from_name(name: &str, named: bool) -> Self {{\n\
             match (name, named) {{\n{arms}_ => Self::Error,\n}}\n}}\n\n\
             /// Whether nodes below this kind may have fields; below what the grammar does not know, anything may.\n\
             pub(super) fn has_fields(self) -> bool {{\n\
             matches!(self, Self::Error | {})\n}}\n}}\n\n",
            with_fields.join(" | ")
        )?;
        Ok(())
    }

    fn fields(&mut self) {
        let names: BTreeSet<&str> = self
            .types
            .iter()
            .flat_map(|it| it.fields.keys().map(String::as_str))
            .collect();
        self.out.push_str("/// Names of fields, in the order of their numbers.\n#[cfg(test)]\npub(super) const FIELD_NAMES: &[&str] = &[\n");
        for name in &names {
            let _ = writeln!(self.out, "{name:?},");
        }
        self.out
            .push_str("];\n\n/// Numbers of fields.\nmod field {\nuse super::FieldId;\n");
        for (index, name) in names.iter().enumerate() {
            let _ = writeln!(
                self.out,
                "pub(super) const {}: FieldId = FieldId::new({});",
                name.to_uppercase(),
                index + 1
            );
        }
        self.out.push_str("}\n\n");
    }

    fn node(&mut self, node: &NodeType) -> Result<()> {
        let (_, name, doc) = NODES
            .iter()
            .find(|it| it.0 == node.name)
            .with_context(|| format!("node `{}` is not described in vocabulary.rs", node.name))?;
        let mut accessors = String::new();
        for (field, info) in &node.fields {
            accessors.push_str(&self.accessor(field, info)?);
        }
        write!(
            self.out,
            "/// {doc}\n\
             #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\n\
             pub struct {name}<'t>(pub(super) SyntaxNode<'t>);\n\n\
             impl<'t> AstNode<'t> for {name}<'t> {{\n\
             fn can_cast(kind: SyntaxKind) -> bool {{ kind == SyntaxKind::{name} }}\n\
             fn cast(node: SyntaxNode<'t>) -> Option<Self> {{ Self::can_cast(node.kind()).then_some(Self(node)) }}\n\
             fn syntax(&self) -> SyntaxNode<'t> {{ self.0 }}\n}}\n\n"
        )?;
        if !accessors.is_empty() {
            write!(self.out, "impl<'t> {name}<'t> {{\n{accessors}}}\n\n")?;
        }
        Ok(())
    }

    fn accessor(&self, field: &str, info: &Field) -> Result<String> {
        let constant = field.to_uppercase();
        if info.types.iter().all(|it| !it.named) {
            let shown: Vec<String> = info.types.iter().map(|it| format!("`{}`", it.name)).collect();
            return Ok(format!(
                "/// The token {}.\npub fn {field}_token(&self) -> Option<Token<'t>> {{ self.0.field_token(field::{constant}) }}\n",
                shown.join(" or ")
            ));
        }
        let target = self.field_type(info)?;
        Ok(if info.multiple {
            format!(
                "/// All children in the field `{field}`.\npub fn {field}s(&self) -> impl Iterator<Item = {target}<'t>> + use<'t> {{ self.0.fields(field::{constant}) }}\n"
            )
        } else {
            format!(
                "/// The child in the field `{field}`; `None` while it is missing.\npub fn {field}(&self) -> Option<{target}<'t>> {{ self.0.field(field::{constant}) }}\n"
            )
        })
    }

    /// The type of a field: the node's own, or the smallest enum that holds all possible nodes.
    fn field_type(&self, info: &Field) -> Result<&'static str> {
        let mut kinds = BTreeSet::new();
        for it in info.types.iter().filter(|it| it.named) {
            match supertype(self.types, &it.name) {
                Ok(members) => kinds.extend(members),
                Err(_) => {
                    kinds.insert(it.name.clone());
                }
            }
        }
        if kinds.len() == 1 {
            let kind = kinds.iter().next().map_or("", String::as_str);
            return rust_name(kind);
        }
        self.groups
            .iter()
            .filter(|(_, members)| kinds.is_subset(members))
            .min_by_key(|(_, members)| members.len())
            .map(|(name, _)| *name)
            .with_context(|| format!("no enum in vocabulary.rs holds {kinds:?}"))
    }

    fn groups(&mut self) -> Result<()> {
        for group in GROUPS {
            let name = group.name;
            let mut variants = String::new();
            let mut casts = String::new();
            let mut kinds = Vec::new();
            let mut syntax = String::new();
            for member in &self.groups[name] {
                let node = rust_name(member)?;
                let doc = NODES.iter().find(|it| it.0 == member).map_or("", |it| it.2);
                writeln!(variants, "/// {doc}\n{node}({node}<'t>),")?;
                writeln!(casts, "SyntaxKind::{node} => Self::{node}({node}(node)),")?;
                writeln!(syntax, "Self::{node}(it) => it.0,")?;
                kinds.push(format!("SyntaxKind::{node}"));
            }
            write!(
                self.out,
                "/// {doc}\n\
                 #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\n\
                 pub enum {name}<'t> {{\n{variants}}}\n\n\
                 impl<'t> AstNode<'t> for {name}<'t> {{\n\
                 fn can_cast(kind: SyntaxKind) -> bool {{ matches!(kind, {kinds}) }}\n\
                 fn cast(node: SyntaxNode<'t>) -> Option<Self> {{\n\
                 Some(match node.kind() {{\n{casts}_ => return None,\n}})\n}}\n\
                 fn syntax(&self) -> SyntaxNode<'t> {{ match self {{\n{syntax}}} }}\n}}\n\n",
                doc = group.doc,
                kinds = kinds.join(" | "),
            )?;
        }
        Ok(())
    }
}

/// Kinds below a supertype of the grammar, whose name is the enum's in lower case.
fn supertype(types: &[NodeType], name: &str) -> Result<BTreeSet<String>> {
    let node = types
        .iter()
        .find(|it| !it.subtypes.is_empty() && it.name.eq_ignore_ascii_case(name))
        .with_context(|| format!("`{name}` is no supertype"))?;
    ensure!(
        node.subtypes.iter().all(|it| it.named),
        "supertype `{name}` holds a token"
    );
    Ok(node.subtypes.iter().map(|it| it.name.clone()).collect())
}

fn rust_name(kind: &str) -> Result<&'static str> {
    match NODES.iter().find(|it| it.0 == kind) {
        Some((_, name, _)) => Ok(name),
        None => bail!("node `{kind}` is not described in vocabulary.rs"),
    }
}

fn token_name(token: &str) -> Result<&'static str> {
    match TOKENS.iter().find(|it| it.0 == token) {
        Some((_, name)) => Ok(name),
        None => bail!("token {token:?} is not named in vocabulary.rs"),
    }
}

fn rustfmt(source: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "max_width=110"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run rustfmt")?;
    if let Some(stdin) = child.stdin.as_mut() {
        stdin.write_all(source.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    ensure!(
        output.status.success(),
        "rustfmt does not accept the generated code"
    );
    Ok(String::from_utf8(output.stdout)?)
}
