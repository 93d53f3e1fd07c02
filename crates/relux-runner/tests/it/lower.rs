//! Plans from text, for tests: a line-based reader of just enough of the language to write readable tests.
//!
//! It trusts its input and panics on anything else. One statement per line, bodies in braces, overlays on one line.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use relux_model::builtins::Builtin;
use relux_model::plan::*;
use relux_syntax::TextRange;

/// The plans in a file.
pub(crate) struct Lowered {
    pub(crate) program: Program,
    pub(crate) tests: Vec<TestEntry>,
}

/// Reads a file.
pub(crate) fn lower(path: &str, source: &str) -> Lowered {
    let mut reader = Reader {
        lines: lines(source),
        at: 0,
        functions: BTreeMap::new(),
        effects: BTreeMap::new(),
        path: path.to_owned(),
    };
    reader.index();
    let mut program = Program {
        files: vec![PlanFile {
            path: path.to_owned(),
            text: source.into(),
        }],
        ..Program::default()
    };
    let mut tests = Vec::new();
    reader.at = 0;
    let mut markers = Vec::new();
    while let Some(line) = reader.next() {
        let text = line.text.clone();
        if text.starts_with('#') {
            markers.push(reader.marker(&line));
        } else if text.starts_with("fn ") || text.starts_with("pure fn ") {
            program.functions.push(reader.function(&line));
        } else if text.starts_with("effect ") {
            program.effects.push(reader.effect(&line));
        } else if text.starts_with("test ") {
            tests.push(reader.test(&line, std::mem::take(&mut markers)));
        } else {
            panic!("not an item: {text}");
        }
    }
    add_needs(&mut program);
    Lowered { program, tests }
}

/// Unmet needs of inner starts, until nothing changes.
fn add_needs(program: &mut Program) {
    loop {
        let before = program.effects.clone();
        for effect in &mut program.effects {
            for start in &effect.starts {
                for need in &before[start.effect.0 as usize].needs {
                    let given = start.overlay.iter().any(|entry| entry.key == *need);
                    if !given && !effect.needs.contains(need) {
                        effect.needs.push(need.clone());
                    }
                }
            }
        }
        let count = |effects: &[EffectPlan]| effects.iter().map(|e| e.needs.len()).sum::<usize>();
        if count(&before) == count(&program.effects) {
            return;
        }
    }
}

#[derive(Clone)]
struct Line {
    text: String,
    loc: Loc,
}

fn lines(source: &str) -> Vec<Line> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for raw in source.split_inclusive('\n') {
        let text = raw.trim_start().trim_end_matches(['\n']);
        let start = offset + (raw.len() - raw.trim_start().len());
        offset += raw.len();
        if !text.is_empty() && !text.starts_with("//") {
            lines.push(Line {
                text: text.to_owned(),
                loc: loc(start, start + text.len()),
            });
        }
    }
    lines
}

fn loc(start: usize, end: usize) -> Loc {
    Loc {
        file: FileId(0),
        range: TextRange::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap()),
    }
}

struct Reader {
    lines: Vec<Line>,
    at: usize,
    functions: BTreeMap<String, FunctionId>,
    effects: BTreeMap<String, EffectId>,
    path: String,
}

impl Reader {
    fn index(&mut self) {
        let (mut functions, mut effects) = (0, 0);
        for line in &self.lines {
            let text = line.text.trim_start_matches("pure ");
            if let Some(rest) = text.strip_prefix("fn ") {
                let name = rest.split('(').next().unwrap().to_owned();
                self.functions.insert(name, FunctionId(functions));
                functions += 1;
            } else if let Some(rest) = text.strip_prefix("effect ") {
                let name = rest.split(' ').next().unwrap().to_owned();
                self.effects.insert(name, EffectId(effects));
                effects += 1;
            }
        }
    }

    fn next(&mut self) -> Option<Line> {
        let line = self.lines.get(self.at).cloned();
        self.at += 1;
        line
    }

    fn marker(&self, line: &Line) -> Marker {
        let words = line.text.trim_start_matches('#').trim();
        let (kind, rest) = words.split_once(' ').unwrap_or((words, ""));
        let (negated, condition) = match rest.split_once(' ') {
            Some(("unless", condition)) => (true, condition),
            Some((_, condition)) => (false, condition),
            None => (false, ""),
        };
        Marker {
            loc: line.loc,
            kind: match kind {
                "skip" => MarkerKind::Skip,
                "run" => MarkerKind::Run,
                "flaky" => MarkerKind::Flaky,
                other => panic!("marker {other}"),
            },
            negated,
            condition: (!condition.is_empty()).then(|| {
                if let Some((left, right)) = condition.split_once(" = ") {
                    Condition::Equals(self.expr(left, line.loc), self.expr(right, line.loc))
                } else if let Some((left, regex)) = condition.split_once(" ? ") {
                    Condition::Matches(self.expr(left, line.loc), pieces(regex))
                } else {
                    Condition::NotEmpty(self.expr(condition, line.loc))
                }
            }),
            origin: None,
        }
    }

    fn function(&mut self, header: &Line) -> FunctionPlan {
        let pure = header.text.starts_with("pure ");
        let text = header.text.trim_start_matches("pure ").trim_start_matches("fn ");
        let (name, rest) = text.split_once('(').unwrap();
        let params = rest.split(')').next().unwrap();
        FunctionPlan {
            name: name.to_owned(),
            module: "lib".to_owned(),
            loc: header.loc,
            params: params
                .split(',')
                .map(|p| p.trim().to_owned())
                .filter(|p| !p.is_empty())
                .collect(),
            pure,
            body: self.body(),
        }
    }

    fn effect(&mut self, header: &Line) -> EffectPlan {
        let name = header.text.split(' ').nth(1).unwrap().to_owned();
        let mut effect = EffectPlan {
            name,
            module: "lib".to_owned(),
            loc: header.loc,
            expects: Vec::new(),
            needs: Vec::new(),
            preamble: Vec::new(),
            starts: Vec::new(),
            exposes: Vec::new(),
            blocks: Vec::new(),
            cleanup: None,
        };
        loop {
            let line = self.next().unwrap();
            if line.text == "}" {
                break;
            } else if let Some(names) = line.text.strip_prefix("expect ") {
                effect
                    .expects
                    .extend(names.split(',').map(|name| name.trim().to_owned()));
            } else if line.text.starts_with("start ") {
                effect.starts.push(self.start(&line));
            } else if line.text.starts_with("expose ") {
                effect.exposes.push(expose(&line));
            } else if line.text.starts_with("shell ") {
                effect.blocks.push(self.block(&line));
            } else if line.text == "cleanup {" {
                effect.cleanup = Some(Block {
                    loc: line.loc,
                    body: self.body(),
                });
            } else {
                effect.preamble.push(self.statement(&line));
            }
        }
        effect.needs.clone_from(&effect.expects);
        add_after(&mut effect.starts);
        effect
    }

    fn test(&mut self, header: &Line, markers: Vec<Marker>) -> TestEntry {
        let mut parts = header.text.split('"');
        let name = parts.nth(1).unwrap().to_owned();
        let timeout = parts.next().unwrap().trim().trim_end_matches('{').trim();
        let slug: String = name
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let start = header.loc.range.start as usize + 5;
        let mut test = TestPlan {
            id: format!("{}/{slug}", self.path.trim_start_matches("relux/tests/")),
            loc: loc(start, start + name.len() + 2),
            name,
            file: self.path.clone(),
            doc: None,
            timeout: (!timeout.is_empty()).then(|| Self::timeout(timeout)),
            markers,
            dot_env: Arc::from([]),
            preamble: Vec::new(),
            starts: Vec::new(),
            blocks: Vec::new(),
            cleanup: None,
        };
        loop {
            let line = self.next().unwrap();
            if line.text == "}" {
                break;
            } else if line.text.starts_with("start ") {
                test.starts.push(self.start(&line));
            } else if line.text.starts_with("shell ") {
                test.blocks.push(self.block(&line));
            } else if line.text == "cleanup {" {
                test.cleanup = Some(Block {
                    loc: line.loc,
                    body: self.body(),
                });
            } else {
                test.preamble.push(self.statement(&line));
            }
        }
        add_after(&mut test.starts);
        TestEntry::Ready(Arc::new(test))
    }

    fn block(&mut self, header: &Line) -> ShellBlock {
        let name = header
            .text
            .trim_start_matches("shell ")
            .trim_end_matches('{')
            .trim()
            .to_owned();
        ShellBlock {
            loc: loc(
                header.loc.range.start as usize + 6,
                header.loc.range.start as usize + 6 + name.len(),
            ),
            shell: match name.split_once('.') {
                Some((alias, name)) => ShellRef::Exposed {
                    alias: alias.to_owned(),
                    name: name.to_owned(),
                },
                None => ShellRef::Own(name),
            },
            body: self.body(),
        }
    }

    /// `start Db as db { A = x, B }`
    fn start(&self, line: &Line) -> Start {
        let (head, overlay) = line.text.split_once('{').unwrap_or((&line.text, "}"));
        let mut words = head.split_ascii_whitespace().skip(1);
        let effect = words.next().unwrap();
        let alias = words.nth(1).map(str::to_owned);
        let overlay = overlay
            .trim_end_matches('}')
            .split(", ")
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(|entry| {
                let (key, value) = entry.split_once(" = ").unwrap_or((entry, entry));
                OverlayEntry {
                    key: key.to_owned(),
                    value: self.expr(value, line.loc),
                }
            })
            .collect();
        Start {
            loc: line.loc,
            effect: self.effects[effect],
            alias,
            overlay,
            after: Vec::new(),
        }
    }

    fn body(&mut self) -> Vec<Stmt> {
        let mut body = Vec::new();
        loop {
            let line = self.next().unwrap();
            if line.text == "}" {
                return body;
            }
            body.push(self.statement(&line));
        }
    }

    fn statement(&mut self, line: &Line) -> Stmt {
        Stmt {
            loc: line.loc,
            kind: self.kind(line),
        }
    }

    fn kind(&mut self, line: &Line) -> StmtKind {
        let text = line.text.as_str();
        if let Some(operator) = text.strip_prefix('<') {
            return self.match_kind(operator);
        }
        if let Some(payload) = text.strip_prefix("=> ") {
            return StmtKind::Send {
                text: pieces(&unescaped(payload)),
                newline: false,
            };
        }
        if text == ">" || text.starts_with("> ") {
            return StmtKind::Send {
                text: pieces(&unescaped(text.get(2..).unwrap_or(""))),
                newline: true,
            };
        }
        match text {
            "!?" | "!=" => return StmtKind::ClearFailPattern,
            _ if text.starts_with("!? ") => return StmtKind::FailPattern(Pattern::Regex(pieces(&text[3..]))),
            _ if text.starts_with("!= ") => {
                return StmtKind::FailPattern(Pattern::Literal(pieces(&text[3..])));
            }
            _ if text.starts_with(['~', '@']) => return StmtKind::Timeout(Self::timeout(text)),
            _ => {}
        }
        if let Some(rest) = text.strip_prefix("let ") {
            let (name, value) = rest
                .split_once(" = ")
                .map_or((rest, None), |(name, value)| (name, Some(value)));
            return StmtKind::Let {
                name: name.to_owned(),
                value: value.map(|value| self.expr(value, line.loc)),
            };
        }
        if let Some((name, value)) = text.split_once(" := ") {
            return StmtKind::Assign {
                name: name.to_owned(),
                value: self.expr(value, line.loc),
            };
        }
        for (operator, regex) in [(" ?? ", true), (" == ", false)] {
            if let Some((subject, pattern)) = text.split_once(operator) {
                return StmtKind::PureMatch {
                    subject: self.expr(subject, line.loc),
                    pattern: if regex {
                        Pattern::Regex(pieces(pattern))
                    } else {
                        Pattern::Literal(pieces(pattern))
                    },
                };
            }
        }
        StmtKind::Expr(self.expr(text, line.loc))
    }

    /// `? re`, `= text`, `~1s? re`, `{` …
    fn match_kind(&mut self, operator: &str) -> StmtKind {
        let at = operator.find(['?', '=', '{']).unwrap();
        let timeout = (at > 0).then(|| Self::timeout(&operator[..at]));
        let payload = operator[at + 1..].strip_prefix(' ').unwrap_or("");
        match &operator[at..=at] {
            "{" => {
                let mut patterns = Vec::new();
                loop {
                    let line = self.next().unwrap();
                    match line.text.split_at(1) {
                        ("}", _) => break,
                        ("?", regex) => patterns.push((Pattern::Regex(pieces(regex.trim_start())), line.loc)),
                        (_, text) => patterns.push((Pattern::Literal(pieces(text.trim_start())), line.loc)),
                    }
                }
                StmtKind::MultiMatch { patterns, timeout }
            }
            _ if payload.is_empty() => StmtKind::Reset,
            "?" => StmtKind::Match {
                pattern: Pattern::Regex(pieces(payload)),
                timeout,
            },
            _ => StmtKind::Match {
                pattern: Pattern::Literal(pieces(&unescaped(payload))),
                timeout,
            },
        }
    }

    fn timeout(text: &str) -> Timeout {
        Timeout {
            kind: if text.starts_with('~') {
                TimeoutKind::Tolerance
            } else {
                TimeoutKind::Assertion
            },
            duration: duration(&text[1..]),
        }
    }

    fn expr(&self, text: &str, loc: Loc) -> Expr {
        let text = text.trim();
        let kind = if let Some(inner) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            ExprKind::Text(pieces(&unescaped(inner)))
        } else if let Some(index) = text.strip_prefix('$') {
            ExprKind::Capture(index.parse().unwrap())
        } else if let Some((name, rest)) = text.split_once('(') {
            let args: Vec<Expr> = arguments(rest.strip_suffix(')').unwrap())
                .iter()
                .map(|arg| self.expr(arg, loc))
                .collect();
            let callee = match self.functions.get(name) {
                Some(id) => Callee::Function(*id),
                None => Callee::Builtin(Builtin::find(name, args.len()).unwrap_or_else(|| panic!("{name}"))),
            };
            ExprKind::Call { callee, args }
        } else if text.starts_with(|c: char| c.is_ascii_digit()) {
            ExprKind::Text(pieces(text))
        } else if let Some((alias, name)) = text.split_once('.') {
            ExprKind::Exposed {
                alias: alias.to_owned(),
                name: name.to_owned(),
            }
        } else {
            ExprKind::Var(text.to_owned())
        };
        Expr { loc, kind }
    }
}

fn duration(text: &str) -> Duration {
    match text.strip_suffix("ms") {
        Some(number) => Duration::from_millis(number.parse().unwrap()),
        None => Duration::from_secs(text.strip_suffix('s').unwrap().parse().unwrap()),
    }
}

/// Arguments at top level: commas inside quotes and parentheses do not count.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut quoted) = (0, false);
    let mut all = vec![String::new()];
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        all.last_mut().unwrap().push(c);
    }
    all.retain(|argument| !argument.trim().is_empty());
    all
}

fn unescaped(text: &str) -> String {
    // A zero byte stands for a doubled backslash meanwhile.
    text.replace("\\\\", "\0")
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\t", "\t")
        .replace('\0', "\\")
}

/// `${name}`, `${1}`, `${A.b}` and `$$`.
fn pieces(text: &str) -> Text {
    let mut all = Vec::new();
    let mut rest = text;
    let literal = |all: &mut Vec<Piece>, text: &str| match all.last_mut() {
        Some(Piece::Literal(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => all.push(Piece::Literal(text.to_owned())),
    };
    while let Some(at) = rest.find('$') {
        literal(&mut all, &rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            literal(&mut all, "$");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let (name, after) = after.split_once('}').unwrap();
            rest = after;
            all.push(match (name.parse(), name.split_once('.')) {
                (Ok(index), _) => Piece::Capture(index),
                (_, Some((alias, name))) => Piece::Exposed {
                    alias: alias.to_owned(),
                    name: name.to_owned(),
                },
                _ => Piece::Var(name.to_owned()),
            });
        } else {
            literal(&mut all, "$");
        }
    }
    literal(&mut all, rest);
    Text { pieces: all }
}

/// `expose shell x`, `expose var x`, `expose shell a.x as y`
fn expose(line: &Line) -> Expose {
    let mut words = line.text.split_ascii_whitespace().skip(1);
    let kind = match words.next().unwrap() {
        "shell" => ExposeKind::Shell,
        _ => ExposeKind::Var,
    };
    let path = words.next().unwrap();
    let (from, target) = path
        .split_once('.')
        .map_or((None, path), |(alias, name)| (Some(alias.to_owned()), name));
    Expose {
        kind,
        from,
        target: target.to_owned(),
        name: words.nth(1).unwrap_or(target).to_owned(),
        loc: line.loc,
    }
}

/// Overlays that read `Alias.x` of a sibling wait for it.
fn add_after(starts: &mut [Start]) {
    let aliases: Vec<Option<String>> = starts.iter().map(|start| start.alias.clone()).collect();
    for start in starts {
        for entry in &start.overlay {
            if let ExprKind::Exposed { alias, .. } = &entry.value.kind {
                let index = aliases.iter().position(|it| it.as_ref() == Some(alias)).unwrap();
                start.after.push(index);
            }
        }
    }
}
