//! Pairing braces by indentation, for one item whose counts do not match.

use super::{Event, EventKind, edit, title};
use crate::ast::{AstNode, Item, MultimatchPattern, SyntaxKind, SyntaxNode};
use crate::validation::codes;
use crate::validation::sink::Sink;
use crate::{Diagnostic, Fix, Related, TextRange};

/// An opening brace that waits for its closing one.
struct Waiting<'t> {
    /// `None` for a brace that opens nothing or follows an unknown word.
    owner: Option<SyntaxNode<'t>>,
    missing: bool,
    range: TextRange,
    indent: usize,
}

/// Reports what is wrong with the braces of an item; whether its structure is unreliable.
pub(super) fn pair(
    mut events: Vec<Event<'_>>,
    region: TextRange,
    has_stray: bool,
    sink: &mut Sink<'_>,
) -> bool {
    let count = |events: &[Event<'_>], wanted: fn(&EventKind<'_>) -> bool| {
        events.iter().filter(|it| wanted(&it.kind)).count()
    };
    let opens = count(&events, |it| match it {
        EventKind::Open { missing, .. } => !missing,
        EventKind::OpenUnknown | EventKind::OpenNothing => true,
        _ => false,
    });
    let closes = count(&events, |it| matches!(it, EventKind::Close { .. }));
    let odd = count(&events, |it| {
        matches!(
            it,
            EventKind::Open { missing: true, .. }
                | EventKind::OpenUnknown
                | EventKind::OpenNothing
                | EventKind::Nested(_)
        )
    });
    if opens == closes && odd == 0 && !has_stray {
        return false;
    }
    let swallowed = use_swallowed(&mut events, opens.saturating_sub(closes), sink);
    let closes = closes + swallowed;
    let mut pairing = Pairing {
        region,
        stack: Vec::new(),
        surplus: closes.saturating_sub(opens),
        lacking: opens.saturating_sub(closes),
        unreliable: swallowed > 0,
    };
    for event in &events {
        pairing.see(event, sink);
    }
    pairing.finish(sink)
}

/// Turns braces that payloads swallowed into closing ones, as many as are missing.
fn use_swallowed(events: &mut [Event<'_>], lacking: usize, sink: &mut Sink<'_>) -> usize {
    let mut used = 0;
    for event in events.iter_mut() {
        let EventKind::Swallowed { by } = event.kind else {
            continue;
        };
        if used == lacking {
            break;
        }
        used += 1;
        event.kind = EventKind::Close { leads: false };
        let fix = on_lines_of_their_own(by, event.range, lacking, sink);
        let (what, help) = if MultimatchPattern::cast(by).is_some() {
            (
                "pattern",
                "a multimatch has each pattern and its closing brace on lines of their own",
            )
        } else {
            (
                "text behind the operator",
                "the text of an operator goes on to the end of its line: write each statement and each `}` on a line of its own",
            )
        };
        sink.push(
            Diagnostic::error(
                codes::MISSING_NEWLINE,
                event.range,
                format!("this `}}` belongs to the {what}"),
            )
            .with_help(help)
            .with_fix(fix),
        );
    }
    used
}

/// Spreads a block that was written on one line over several: what was swallowed, and the braces behind it.
fn on_lines_of_their_own(by: SyntaxNode<'_>, brace: TextRange, lacking: usize, sink: &Sink<'_>) -> Fix {
    let source = sink.source();
    let indent = sink.lines().indent(by.range().start);
    let line = sink.lines().line(by.range().start);
    let before = TextRange::new(line.start, by.range().start).slice(source);
    // Blocks that begin on this line, and the closing braces at its end that belong to them.
    let opened = before.matches('{').count().max(1);
    let payload = TextRange::new(by.range().start, brace.end).slice(source);
    let mut content = payload;
    let mut closing = 0;
    while closing < opened.min(lacking)
        && let Some(rest) = content.trim_end().strip_suffix('}')
    {
        content = rest;
        closing += 1;
    }
    let content = content.trim_end();
    let deeper = |levels: usize| format!("{}{indent}{}", sink.lines().newline(), "    ".repeat(levels));
    let mut edits = Vec::new();
    let mut at = line.start as usize;
    for level in 1..=opened {
        let Some(open) = source[at..by.range().start as usize]
            .find('{')
            .map(|it| at + it + 1)
        else {
            break;
        };
        let blanks = source[open..]
            .bytes()
            .take_while(|it| matches!(it, b' ' | b'\t'))
            .count();
        edits.push(edit(TextRange::from(open..open + blanks), deeper(level)));
        at = open + blanks;
    }
    if edits.is_empty() {
        let start = TextRange::empty(by.range().start);
        edits.push(edit(start, deeper(1)));
    }
    let from = by.range().start + content.len() as u32;
    let closers: Vec<String> = (0..closing.max(1))
        .map(|it| format!("{}}}", deeper(opened.saturating_sub(it + 1))))
        .collect();
    let closers = closers.concat();
    edits.push(edit(TextRange::new(from, brace.end), closers));
    let mut fix = Fix::safe("Put it on lines of its own", brace, "");
    fix.edits = edits;
    fix
}

struct Pairing<'t> {
    region: TextRange,
    stack: Vec<Waiting<'t>>,
    /// How many closing braces are too many.
    surplus: usize,
    /// How many are too few.
    lacking: usize,
    unreliable: bool,
}

impl<'t> Pairing<'t> {
    fn see(&mut self, event: &Event<'t>, sink: &mut Sink<'_>) {
        let (owner, missing) = match event.kind {
            EventKind::Open { owner, missing } => {
                self.before_block(owner, event.range, event.indent, sink);
                if missing {
                    sink.push(missing_open(owner, event.range));
                }
                (Some(owner), missing)
            }
            EventKind::OpenUnknown => {
                self.unreliable = true;
                (None, false)
            }
            EventKind::OpenNothing => {
                self.unreliable = true;
                sink.push(
                    Diagnostic::error(codes::STRAY_BRACE, event.range, "this `{` opens nothing")
                        .with_help("a block begins with a header such as `shell name {`"),
                );
                (None, false)
            }
            EventKind::Close { leads } => return self.close(event, leads, sink),
            EventKind::Swallowed { .. } => return,
            EventKind::Nested(item) => return self.nested(item, sink),
        };
        self.stack.push(Waiting {
            owner,
            missing,
            range: event.range,
            indent: event.indent,
        });
    }

    /// A block begins in one that holds statements only: either it does not belong there, or that was not closed.
    fn before_block(&mut self, owner: SyntaxNode<'t>, range: TextRange, indent: usize, sink: &mut Sink<'_>) {
        let holds_statements =
            |it: SyntaxNode<'_>| matches!(it.kind(), SyntaxKind::ShellBlock | SyntaxKind::Cleanup);
        let Some(outer) = self
            .stack
            .last()
            .filter(|it| it.owner.is_some_and(holds_statements))
        else {
            return;
        };
        if !holds_statements(owner) {
            return;
        }
        if self.lacking == 0 || indent > outer.indent {
            self.unreliable = true;
            let header = TextRange::new(owner.range().start, range.start.max(owner.range().start));
            let message = format!(
                "a {} cannot be placed inside a {}",
                kind_title(owner),
                outer.owner.map_or("", kind_title)
            );
            sink.push(
                Diagnostic::error(codes::MISPLACED_ITEM, header, message)
                    .with_help("shells stand beside each other: close the block before it"),
            );
        } else if let Some(outer) = self.stack.pop() {
            self.lacking -= 1;
            let at = TextRange::empty(sink.lines().line(owner.range().start).start);
            let header = TextRange::new(owner.range().start, range.start.max(owner.range().start));
            self.unclosed(&outer, at, Some(header), sink);
        }
    }

    fn close(&mut self, event: &Event<'t>, leads: bool, sink: &mut Sink<'_>) {
        let fits = |it: &Waiting<'_>| it.indent == event.indent;
        if !leads || self.stack.last().is_some_and(fits) {
            if self.stack.pop().is_none() {
                self.stray(event.range, sink);
            }
        } else if let Some(index) = self.stack.iter().rposition(fits) {
            let line = sink.lines().line(event.range.start);
            let at = TextRange::empty(line.start);
            for waiting in self.stack.split_off(index + 1) {
                self.unclosed(&waiting, at, Some(event.range), sink);
            }
            self.stack.pop();
        } else if self.surplus > 0 {
            self.surplus -= 1;
            self.stray(event.range, sink);
        } else if self.stack.pop().is_none() {
            self.stray(event.range, sink);
        }
    }

    fn stray(&mut self, range: TextRange, sink: &mut Sink<'_>) {
        self.unreliable = true;
        let message = match self.stack.last().and_then(|it| it.owner) {
            Some(owner) => format!("this `}}` is one too many: {} ends further down", title(owner)),
            None => "this `}` closes nothing".to_owned(),
        };
        let line = sink.lines().line(range.start);
        let is_alone = line.slice(sink.source()).trim().len() == range.len() as usize;
        let removed = if is_alone {
            TextRange::new(line.start, sink.lines().next_line(range.start))
        } else {
            range
        };
        let fix = Fix::needs_a_look("Remove the brace", removed, "");
        sink.push(Diagnostic::error(codes::STRAY_BRACE, range, message).with_fix(fix));
    }

    /// A block that is not closed. `at` is where its brace could be inserted, a line begin or a line end.
    fn unclosed(&mut self, waiting: &Waiting<'t>, at: TextRange, by: Option<TextRange>, sink: &mut Sink<'_>) {
        self.unreliable = true;
        let Some(owner) = waiting.owner.filter(|_| !waiting.missing) else {
            return;
        };
        let indent = " ".repeat(waiting.indent);
        let newline = sink.lines().newline();
        let inserted = match by {
            Some(_) => format!("{indent}}}{newline}"),
            None => format!("{newline}{indent}}}"),
        };
        let name = title(owner);
        let mut found = Diagnostic::error(
            codes::MISSING_BRACE,
            waiting.range,
            format!("{name} is not closed"),
        )
        .with_label("opened here")
        .with_fix(Fix::needs_a_look("Insert `}`", at, inserted));
        if let Some(range) = by {
            found = found.with_related(Related {
                file: None,
                range,
                message: match range.len() {
                    1 => "by its indentation, this brace closes another block".to_owned(),
                    _ => "another block begins here".to_owned(),
                },
            });
        }
        sink.push(found);
    }

    fn nested(&mut self, item: Item<'t>, sink: &mut Sink<'_>) {
        let Some(owner) = self.stack.last().and_then(|it| it.owner) else {
            return;
        };
        let what = match item {
            Item::Import(_) => "an import",
            Item::Function(_) => "a function",
            Item::Effect(_) => "an effect",
            Item::Test(_) => "a test",
        };
        let range = item.as_block().map_or(item.range(), |it| it.header_range());
        self.unreliable = true;
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_ITEM,
                range,
                format!("{what} cannot be placed inside {}", title(owner)),
            )
            .with_help("put it at top level"),
        );
    }

    /// Reports what is still open at the end.
    fn finish(mut self, sink: &mut Sink<'_>) -> bool {
        let at = TextRange::empty(content_end(self.region, sink.source()));
        for waiting in std::mem::take(&mut self.stack).iter().rev() {
            self.unclosed(waiting, at, None, sink);
        }
        self.unreliable
    }
}

/// What a block is, without its name.
fn kind_title(owner: SyntaxNode<'_>) -> &'static str {
    match owner.kind() {
        SyntaxKind::ShellBlock => "shell block",
        _ => "cleanup block",
    }
}

fn missing_open(owner: SyntaxNode<'_>, at: TextRange) -> Diagnostic {
    let line = TextRange::new(owner.range().start, at.end);
    Diagnostic::error(
        codes::MISSING_BRACE,
        line,
        format!("{} has no body", title(owner)),
    )
    .with_help("its header ends with `{`")
    .with_fix(Fix::safe("Insert `{`", at, " {"))
}

/// The end of an item's last line, comments and markers above the next item left out.
fn content_end(region: TextRange, source: &str) -> u32 {
    let end = (region.end as usize).min(source.len());
    let mut rest = source
        .get(region.start as usize..end)
        .unwrap_or_default()
        .trim_end();
    while let Some((before, line)) = rest.rsplit_once('\n') {
        let line = line.trim_start();
        if !line.starts_with("//") && !line.starts_with('#') {
            break;
        }
        rest = before.trim_end();
    }
    region.start + rest.len() as u32
}
