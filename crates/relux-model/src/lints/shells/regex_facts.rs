//! What several lints ask about a regular expression, from one look at it and without compiling it.
//!
//! Most patterns are a few words between anchors; these are not even parsed. Where a pattern sets flags, nothing is said
//! that a flag could make wrong.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{AssertionKind, Ast, ClassPerlKind, GroupKind, RepetitionKind, RepetitionRange};

/// What is known about a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RegexFacts {
    /// Number of groups that capture.
    pub(super) groups: u32,
    /// Names of groups: offset of the name's declaration in the pattern, and the name.
    pub(super) names: Vec<(usize, String)>,
    /// Whether it matches nothing at the cursor, whatever stands there.
    pub(super) matches_nothing: bool,
    /// Offset of the first anchor at which no text can match.
    pub(super) dead_anchor: Option<usize>,
}

impl RegexFacts {
    /// Looks at a pattern; `None` where it is none.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        if is_plain(pattern) {
            return Some(Self::default());
        }
        let ast = Parser::new().parse(pattern).ok()?;
        let mut facts = Self::default();
        let mut flags = false;
        facts.collect(&ast, &mut flags);
        facts.matches_nothing = is_nullable(&ast);
        if flags {
            facts.dead_anchor = None;
        }
        Some(facts)
    }

    fn collect(&mut self, ast: &Ast, flags: &mut bool) {
        match ast {
            Ast::Flags(_) => *flags = true,
            Ast::Repetition(repetition) => self.collect(&repetition.ast, flags),
            Ast::Group(group) => {
                match &group.kind {
                    GroupKind::CaptureIndex(_) => self.groups += 1,
                    GroupKind::CaptureName { name, .. } => {
                        self.groups += 1;
                        self.names.push((group.span.start.offset, name.name.clone()));
                    }
                    GroupKind::NonCapturing(set) => *flags |= !set.items.is_empty(),
                }
                self.collect(&group.ast, flags);
            }
            Ast::Alternation(alternation) => alternation.asts.iter().for_each(|it| self.collect(it, flags)),
            Ast::Concat(concat) => {
                for (at, part) in concat.asts.iter().enumerate() {
                    if self.dead_anchor.is_none() && is_dead(&concat.asts, at) {
                        self.dead_anchor = Some(part.span().start.offset);
                    }
                    self.collect(part, flags);
                }
            }
            _ => {}
        }
    }
}

/// Whether a pattern has no groups, nothing optional, and anchors only at its ends.
fn is_plain(pattern: &str) -> bool {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let quiet = |byte: u8| !matches!(byte, b'*' | b'?' | b'{' | b'|' | b'(' | b'^' | b'$');
    // A lone anchor, and no pattern at all, deserve a look; so does `\$` at the end, which is no anchor.
    !inner.is_empty() && !inner.ends_with('\\') && inner.bytes().all(quiet)
}

/// Whether it matches no text at the cursor, where a line begins by definition.
fn is_nullable(ast: &Ast) -> bool {
    match ast {
        Ast::Empty(_) | Ast::Flags(_) => true,
        Ast::Assertion(it) => matches!(it.kind, AssertionKind::StartLine | AssertionKind::StartText),
        Ast::Repetition(it) => is_optional(&it.op.kind) || is_nullable(&it.ast),
        Ast::Group(it) => is_nullable(&it.ast),
        Ast::Alternation(it) => it.asts.iter().any(is_nullable),
        Ast::Concat(it) => it.asts.iter().all(is_nullable),
        Ast::Literal(_) | Ast::Dot(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) | Ast::ClassBracketed(_) => {
            false
        }
    }
}

fn is_optional(kind: &RepetitionKind) -> bool {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => true,
        RepetitionKind::OneOrMore => false,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least)
            | RepetitionRange::AtLeast(least)
            | RepetitionRange::Bounded(least, _),
        ) => *least == 0,
    }
}

/// Whether the part is an anchor with text right beside it where the line would have to begin or end.
fn is_dead(parts: &[Ast], at: usize) -> bool {
    let Ast::Assertion(anchor) = &parts[at] else {
        return false;
    };
    match anchor.kind {
        AssertionKind::StartLine => at
            .checked_sub(1)
            .is_some_and(|before| is_text(&parts[before], Side::End)),
        AssertionKind::EndLine => parts.get(at + 1).is_some_and(|after| is_text(after, Side::Start)),
        _ => false,
    }
}

#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

/// Whether all that it matches has, on this side, a character that ends no line.
fn is_text(ast: &Ast, side: Side) -> bool {
    match ast {
        Ast::Literal(it) => !matches!(it.c, '\n' | '\r'),
        Ast::Dot(_) => true,
        Ast::ClassPerl(it) => !it.negated && matches!(it.kind, ClassPerlKind::Digit | ClassPerlKind::Word),
        Ast::Repetition(it) => !is_optional(&it.op.kind) && is_text(&it.ast, side),
        Ast::Group(it) => is_text(&it.ast, side),
        Ast::Alternation(it) => it.asts.iter().all(|it| is_text(it, side)),
        Ast::Concat(it) => {
            let edge = match side {
                Side::Start => it.asts.first(),
                Side::End => it.asts.last(),
            };
            edge.is_some_and(|it| is_text(it, side))
        }
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) | Ast::ClassUnicode(_) | Ast::ClassBracketed(_) => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RegexFacts;

    fn facts(pattern: &str) -> RegexFacts {
        RegexFacts::of(pattern).expect("a regular expression")
    }

    #[test]
    fn groups_are_counted() {
        for (pattern, groups) in [
            ("^plain words$", 0),
            (r"\(no\)", 0),
            ("(?:no)", 0),
            ("[(]", 0),
            (r"(\d+)", 1),
            ("((a)|(b))+", 3),
            ("(?P<n>a)(?<m>b)", 2),
        ] {
            assert_eq!(facts(pattern).groups, groups, "{pattern}");
        }
        assert_eq!(
            facts("(?P<n>a)(?<m>b)").names,
            [(0, "n".to_owned()), (8, "m".to_owned())]
        );
        assert_eq!(RegexFacts::of("(a"), None);
    }

    #[test]
    fn nothing_is_matched_only_where_that_is_certain() {
        for pattern in ["", ".*", "a*", "^", "^.*", "(a|b)?", "a|", "(?i)x{0,3}", r"\A\s*"] {
            assert!(facts(pattern).matches_nothing, "{pattern}");
        }
        for pattern in [
            ".", "^$", "^.*$", ".+", "a*b", r"\b", "x*$", "a|b", "[a]*[b]", "a{1,2}",
        ] {
            assert!(!facts(pattern).matches_nothing, "{pattern}");
        }
    }

    #[test]
    fn anchors_are_dead_only_where_that_is_certain() {
        for (pattern, at) in [
            ("a^b", 1),
            ("cost $5", 5),
            ("$x", 0),
            (r"(\d+)$(\w)", 5),
            ("a|b^", 3),
            ("x+^", 2),
            ("(?:a|b)^c", 7),
        ] {
            assert_eq!(facts(pattern).dead_anchor, Some(at), "{pattern}");
        }
        for pattern in [
            "^a$", "^a$|^b$", r"a$\n^b", r"a$\s", "a.*^b", "[^x]^b", r"a\$b", "(?s).^b", "(?-m)a$", "a$(b)?",
            r"\r\n^b", "(^|x)y", "x($|y)", "a$[^b]", "^^a$$", r"\s^b",
        ] {
            assert_eq!(facts(pattern).dead_anchor, None, "{pattern}");
        }
    }
}
