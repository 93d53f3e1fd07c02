//! Plans as text, so that a snapshot shows what the runner would execute. Places are left out: they have their own test.

use std::fmt::Write as _;

use relux_model::plan::{
    Block, Callee, Condition, EffectPlan, Expose, ExposeKind, Expr, ExprKind, FunctionPlan, Marker,
    MarkerKind, Pattern, Piece, Program, ShellBlock, ShellRef, Start, Stmt, StmtKind, TestEntry, TestPlan,
    Text, Timeout, TimeoutKind,
};

/// All tests, then the effects and functions they reach.
pub(crate) fn render(program: &Program, tests: &[TestEntry]) -> String {
    let mut out = Out {
        text: String::new(),
        program,
    };
    for entry in tests {
        match entry {
            TestEntry::Ready(plan) => out.test(plan),
            TestEntry::Invalid(invalid) => {
                out.line(0, &format!("invalid {} {:?}", invalid.id, invalid.name));
                for error in &invalid.errors {
                    out.line(1, error);
                }
            }
        }
    }
    for effect in &program.effects {
        out.effect(effect);
    }
    for function in &program.functions {
        out.function(function);
    }
    out.text
}

struct Out<'a> {
    text: String,
    program: &'a Program,
}

impl Out<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{text}", "", indent = 2 * depth);
    }

    fn test(&mut self, plan: &TestPlan) {
        let timeout = plan.timeout.map_or(String::new(), |t| format!(" {}", timeout(t)));
        self.line(0, &format!("test {} {:?}{timeout}", plan.id, plan.name));
        if let Some(doc) = &plan.doc {
            self.line(1, &format!("doc {doc:?}"));
        }
        for (key, value) in plan.dot_env.iter() {
            self.line(1, &format!("env {key}={value:?}"));
        }
        for marker in &plan.markers {
            self.marker(marker);
        }
        self.scope(
            &plan.preamble,
            &plan.starts,
            &plan.blocks,
            plan.cleanup.as_ref(),
            &[],
        );
    }

    fn effect(&mut self, effect: &EffectPlan) {
        self.line(
            0,
            &format!(
                "effect {}::{} expects [{}] needs [{}]",
                effect.module,
                effect.name,
                effect.expects.join(" "),
                effect.needs.join(" ")
            ),
        );
        self.scope(
            &effect.preamble,
            &effect.starts,
            &effect.blocks,
            effect.cleanup.as_ref(),
            &effect.exposes,
        );
    }

    fn function(&mut self, function: &FunctionPlan) {
        self.line(
            0,
            &format!(
                "{}fn {}::{}({})",
                if function.pure { "pure " } else { "" },
                function.module,
                function.name,
                function.params.join(", ")
            ),
        );
        self.body(&function.body, 1);
    }

    fn scope(
        &mut self,
        preamble: &[Stmt],
        starts: &[Start],
        blocks: &[ShellBlock],
        cleanup: Option<&Block>,
        exposes: &[Expose],
    ) {
        self.body(preamble, 1);
        for start in starts {
            self.start(start);
        }
        for expose in exposes {
            let kind = match expose.kind {
                ExposeKind::Shell => "shell",
                ExposeKind::Var => "var",
            };
            let from = expose
                .from
                .as_deref()
                .map_or(String::new(), |alias| format!("{alias}."));
            self.line(
                1,
                &format!("expose {kind} {from}{} as {}", expose.target, expose.name),
            );
        }
        for block in blocks {
            let shell = match &block.shell {
                ShellRef::Own(name) => name.clone(),
                ShellRef::Exposed { alias, name } => format!("{alias}.{name}"),
            };
            self.line(1, &format!("shell {shell}"));
            self.body(&block.body, 2);
        }
        if let Some(cleanup) = cleanup {
            self.line(1, "cleanup");
            self.body(&cleanup.body, 2);
        }
    }

    fn start(&mut self, start: &Start) {
        let effect = &self.program.effects[start.effect.0 as usize].name;
        let alias = start
            .alias
            .as_deref()
            .map_or(String::new(), |alias| format!(" as {alias}"));
        let overlay: Vec<String> = start
            .overlay
            .iter()
            .map(|entry| format!("{} := {}", entry.key, self.expr(&entry.value)))
            .collect();
        let after = if start.after.is_empty() {
            String::new()
        } else {
            format!(" after {:?}", start.after)
        };
        let overlay = if overlay.is_empty() {
            String::new()
        } else {
            format!(" {{ {} }}", overlay.join(", "))
        };
        self.line(1, &format!("start {effect}{alias}{overlay}{after}"));
    }

    fn marker(&mut self, marker: &Marker) {
        let kind = match marker.kind {
            MarkerKind::Skip => "skip",
            MarkerKind::Run => "run",
            MarkerKind::Flaky => "flaky",
        };
        let word = if marker.negated { "unless" } else { "if" };
        let condition = marker.condition.as_ref().map_or(String::new(), |condition| {
            let text = match condition {
                Condition::NotEmpty(value) => self.expr(value),
                Condition::Equals(left, right) => {
                    format!("{} = {}", self.expr(left), self.expr(right))
                }
                Condition::Matches(value, regex) => {
                    format!("{} ? {}", self.expr(value), text(regex))
                }
            };
            format!(" {word} {text}")
        });
        let origin = marker
            .origin
            .as_deref()
            .map_or(String::new(), |origin| format!(" ({origin})"));
        self.line(1, &format!("marker {kind}{condition}{origin}"));
    }

    fn body(&mut self, body: &[Stmt], depth: usize) {
        for stmt in body {
            let line = self.stmt(stmt);
            self.line(depth, &line);
        }
    }

    fn stmt(&self, stmt: &Stmt) -> String {
        match &stmt.kind {
            StmtKind::Send {
                text: payload,
                newline,
            } => {
                format!("send{} {}", if *newline { "" } else { "-raw" }, text(payload))
            }
            StmtKind::Match {
                pattern: p,
                timeout: t,
            } => {
                format!(
                    "match{} {}",
                    t.map_or(String::new(), |t| format!(" {}", timeout(t))),
                    pattern(p)
                )
            }
            StmtKind::Reset => "reset".to_owned(),
            StmtKind::MultiMatch { patterns, timeout: t } => format!(
                "multimatch{} {}",
                t.map_or(String::new(), |t| format!(" {}", timeout(t))),
                patterns
                    .iter()
                    .map(|(p, _)| pattern(p))
                    .collect::<Vec<_>>()
                    .join(" and ")
            ),
            StmtKind::FailPattern(p) => format!("fail-on {}", pattern(p)),
            StmtKind::ClearFailPattern => "fail-on nothing".to_owned(),
            StmtKind::Timeout(t) => format!("timeout {}", timeout(*t)),
            StmtKind::Let { name, value } => match value {
                Some(value) => format!("let {name} := {}", self.expr(value)),
                None => format!("let {name}"),
            },
            StmtKind::Assign { name, value } => format!("{name} := {}", self.expr(value)),
            StmtKind::PureMatch { subject, pattern: p } => {
                format!("assert {} matches {}", self.expr(subject), pattern(p))
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Nothing => "nothing".to_owned(),
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Text(value) => text(value),
            ExprKind::Var(name) => name.clone(),
            ExprKind::Exposed { alias, name } => format!("{alias}.{name}"),
            ExprKind::Capture(index) => format!("${index}"),
            ExprKind::Call { callee, args } => {
                let name = match callee {
                    Callee::Function(id) => {
                        let function = &self.program.functions[id.0 as usize];
                        format!("{}::{}", function.module, function.name)
                    }
                    Callee::Builtin(builtin) => builtin.signature().name.to_owned(),
                };
                let args: Vec<String> = args.iter().map(|arg| self.expr(arg)).collect();
                format!("{name}({})", args.join(", "))
            }
        }
    }
}

fn pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Regex(value) => format!("regex {}", text(value)),
        Pattern::Literal(value) => format!("literal {}", text(value)),
    }
}

fn timeout(timeout: Timeout) -> String {
    let sigil = match timeout.kind {
        TimeoutKind::Tolerance => '~',
        TimeoutKind::Assertion => '@',
    };
    format!("{sigil}{:?}", timeout.duration)
}

/// Literal pieces quoted, the others between angle quotes, so that `"${x}"` and the text `${x}` differ.
fn text(text: &Text) -> String {
    let pieces: Vec<String> = text
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(value) => format!("{value:?}"),
            Piece::Var(name) => format!("‹{name}›"),
            Piece::Exposed { alias, name } => format!("‹{alias}.{name}›"),
            Piece::Capture(index) => format!("‹{index}›"),
        })
        .collect();
    if pieces.is_empty() {
        "\"\"".to_owned()
    } else {
        pieces.join(" ")
    }
}
