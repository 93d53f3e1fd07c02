//! What typed nodes say about code of both editions.

use relux_syntax::ast::{
    Definition, ExposeKind, Expression, Item, PieceValue, Section, SendRaw, ShellName, Statement, TextMode,
};
use relux_syntax::{AstNode, parse};

const TASKS: &str = r#"import api/http
import service/db { url as db_url, Db }

// The task service.
# skip if SMOKE
effect Tasks {
    expect DB_PORT, TASKS_PORT
    start Db
    start SeededAuth as auth { AUTH_PORT = auth_port, TASKS_PORT }
    expose auth.service as service

    shell setup {
        log("create the tasks database")
        http_request(200, db_url(DB_PORT, "/db/tasks"), "POST", "{\"title\": \"x\"}")
    }

    shell service {
        !? ^error:

        > ${__RELUX_SUITE_ROOT}/task_service.py --port ${TASKS_PORT}
        <~10s? ^listening on ${TASKS_PORT}$
    }
}

pure fn url(port, path) {
    "http://localhost:${port}${path}"
}
"#;

#[test]
fn items_and_sections_of_the_first_edition() {
    let parse = parse(TASKS);
    let module = parse.module();
    let entries: Vec<_> = module.entries().collect();
    assert_eq!(entries.len(), 4);
    let Item::Effect(effect) = entries[2].item else {
        panic!("an effect: {:?}", entries[2]);
    };
    assert_eq!(effect.name_text(), "Tasks");
    assert_eq!(entries[2].markers[0].kind_text(), "skip");
    assert_eq!(entries[2].comments[0].content(), "The task service.");

    let body = effect.body().expect("a body");
    let sections: Vec<_> = body.sections().collect();
    let [
        Section::Expect(expect),
        Section::Start(db),
        Section::Start(auth),
        Section::Expose(expose),
        Section::ShellBlock(_),
        Section::ShellBlock(service),
    ] = sections[..]
    else {
        panic!("other sections: {sections:?}");
    };
    let names: Vec<_> = expect.names().map(|it| it.text()).collect();
    assert_eq!(names, ["DB_PORT", "TASKS_PORT"]);
    assert_eq!(db.effect_text(), "Db");
    assert_eq!(auth.alias().map(|it| it.text()), Some("auth"));
    let entries: Vec<_> = auth.entries().map(|it| (it.text(), it.is_shorthand())).collect();
    assert_eq!(entries, [("AUTH_PORT = auth_port", false), ("TASKS_PORT", true)]);
    let form = expose.form().expect("a target");
    assert_eq!(form.kind, ExposeKind::Bare);
    assert_eq!(form.qualifier.map(|it| it.0), Some("auth"));
    assert_eq!(
        (form.target.0, form.alias.map(|it| it.0)),
        ("service", Some("service"))
    );

    assert!(matches!(service.name(), Some(ShellName::Identifier(_))));
    let statements: Vec<_> = service.body().expect("a body").statements().collect();
    let [
        Statement::FailRegex(_),
        Statement::Send(send),
        Statement::MatchRegex(wait),
    ] = statements[..]
    else {
        panic!("other statements: {statements:?}");
    };
    assert_eq!(send.payload().map(|it| it.pieces().count()), Some(3));
    let timeout = wait.timeout().expect("a timeout");
    assert_eq!(timeout.value().map(|it| it.as_secs()), Ok(10));
    assert!(!timeout.is_assertion());
}

#[test]
fn statements_of_the_second_edition() {
    let parse = parse(
        "effect A {\n  expose shell db as main\n  expose var Up.port\n  shell s {\n    let x := f(\"a\", $1, Up.port, 42)\n    \
         x := y\n    x = f(\"a\")\n    x = two words\n    $1 ? ^\\d+$\n    <~5s{\n      ? a\n      = b\n    }\n    => z\n  }\n}",
    );
    let Some(Definition::Effect(effect)) = parse.module().definitions().next() else {
        panic!("an effect");
    };
    let sections: Vec<_> = effect.body().expect("a body").sections().collect();
    let [
        Section::Expose(shell),
        Section::Expose(var),
        Section::ShellBlock(block),
    ] = sections[..]
    else {
        panic!("other sections: {sections:?}");
    };
    assert_eq!(
        shell.form().map(|it| (it.kind, it.target.0)),
        Some((ExposeKind::Shell, "db"))
    );
    assert_eq!(
        var.form().map(|it| (it.kind, it.target.0)),
        Some((ExposeKind::Var, "port"))
    );

    let statements: Vec<_> = block.body().expect("a body").statements().collect();
    let [
        Statement::Let(bind),
        Statement::Assign(assign),
        Statement::AssignOrAssert(call),
        Statement::AssignOrAssert(words),
        Statement::AssertRegex(check),
        Statement::Multimatch(multi),
        Statement::SendRaw(raw),
    ] = statements[..]
    else {
        panic!("other statements: {statements:?}");
    };
    let Some(Expression::Call(value)) = bind.value() else {
        panic!("a call: {bind:?}");
    };
    assert_eq!((value.name(), value.arity()), ("f", 4));
    assert!(matches!(assign.value(), Some(Expression::Variable(_))));
    let read = call.value_as_expression().expect("one expression");
    assert_eq!(read.expression().text(), "f(\"a\")");
    assert_eq!(read.expression().range(), call.value_range());
    assert!(words.value_as_expression().is_none());
    assert_eq!(words.value().map(|it| it.text()), Some("two words"));
    assert!(matches!(check.subject(), Some(Expression::Capture(_))));
    assert_eq!(multi.patterns().count(), 2);
    assert_eq!(SendRaw::cast(raw.syntax()).map(|it| it.text()), Some("=> z"));
}

#[test]
fn pieces_are_decoded_by_kind_of_text() {
    let text = r"fn f() {
    > a\t\q$$x ${v}${Al.p}${12}${shell}${ z }$
    <? \d$ \${v}
}
";
    let parse = parse(text);
    let Some(Definition::Function(function)) = parse.module().definitions().next() else {
        panic!("a function");
    };
    let payloads: Vec<_> = function
        .body()
        .expect("a body")
        .statements()
        .filter_map(|it| it.payload())
        .collect();
    let values: Vec<_> = payloads[0].pieces().map(|it| it.value).collect();
    let plain = |text: &str| PieceValue::Text(text.to_owned().into());
    assert_eq!(
        values[..3],
        [plain("a"), plain("\t"), PieceValue::UnknownEscape('q')]
    );
    assert_eq!(values[3..5], [plain("$"), plain("x ")]);
    assert!(matches!(values[5], PieceValue::Variable { name: "v", .. }));
    assert!(matches!(
        values[6],
        PieceValue::Qualified {
            alias: "Al",
            name: "p",
            ..
        }
    ));
    assert_eq!(values[7], PieceValue::Capture(Some(12)));
    assert_eq!(values[8], plain("${shell}"));
    assert_eq!(values[9..], [plain("$"), plain("{ z }"), plain("$")]);

    assert_eq!(payloads[1].mode(), TextMode::Regex);
    let regex: String = payloads[1]
        .pieces()
        .map(|it| match it.value {
            PieceValue::Text(text) => text.into_owned(),
            other => panic!("no reference here: {other:?}"),
        })
        .collect();
    assert_eq!(regex, r"\d$ \${v}");
}
