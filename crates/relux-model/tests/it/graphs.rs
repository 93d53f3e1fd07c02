//! The effect graph as data: where values come from, what is shared, and that nothing about a suite breaks it.

use std::fmt::Write as _;

use relux_model::fixture::Fixture;
use relux_model::graph::{Edge, Graph, Source, Target, Tree, graph, graph_of};
use relux_model::{HostEnv, RootDb};

fn of(fixture: &str, name: Option<&str>) -> Graph {
    let db = RootDb::default();
    let env = HostEnv::new([("FROM_HOST".to_owned(), "1".to_owned())]);
    let suite = Fixture::parse(fixture).load_with_env(&db, env);
    match name {
        None => graph(&db, suite),
        Some(name) => graph_of(&db, suite, name).expect("something has the name"),
    }
}

/// A tree as lines: number and effect of each instance, its inputs, and where its starts lead.
fn shown(graph: &Graph, tree: &Tree) -> String {
    let mut out = String::new();
    let edges = |edges: &[Edge]| {
        let target = |edge: &Edge| match edge.target {
            Target::Instance(at) => format!("#{at}"),
            Target::Unknown => "unknown".to_owned(),
            Target::Circle(effect) => format!("circle to {}", graph.effects[effect].name),
            Target::Cut => "cut".to_owned(),
        };
        edges.iter().map(target).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "starts {}", edges(&tree.edges)).expect("a string");
    for (at, instance) in tree.instances.iter().enumerate() {
        let name = &graph.effects[instance.effect].name;
        writeln!(
            out,
            "#{at} {name} by {} starts {}",
            instance.starts,
            edges(&instance.edges)
        )
        .expect("a string");
        for input in &instance.inputs {
            let source = match &input.source {
                Source::Inherited { with, spot } => {
                    format!(
                        "inherited from {with} {}:{}:{}",
                        spot.file, spot.line, spot.column
                    )
                }
                other => format!("{other:?}"),
            };
            writeln!(out, "   {} = {}: {source}", input.name, input.value).expect("a string");
        }
    }
    out
}

const SUITE: &str = r#"
//- /relux/tests/.env
FROM_FILE=1
//- /relux/lib/db.relux
effect Db {
    expect PORT
    let url = "x"
    expose shell db
    expose var url
    shell db {
        > x
    }
}

effect Pair {
    expect PORT
    start Db as one
    start Db as two { PORT }
    start Db as three { PORT := "${PORT}" }
    expose shell one.db as db
}

effect Ghosts {
    expect FROM_FILE
    expect FROM_HOST
    expect __RELUX_TEST_ID
    expect NOWHERE
    start Nothing
}

effect A {
    start B
}

effect B {
    start A
}
//- /relux/tests/t.relux
import db

test "equal texts and equal variables are shared" {
    let p := available_port()
    start Db as a { PORT := p }
    start Db as b { PORT := p }
    start Db as c { PORT := "1" }
    start Db as d { PORT := "1" }
    start Db as e { PORT := "2" }
    start Db as f { PORT := available_port() }
    start Db as g { PORT := available_port() }
    shell s {
        > x
    }
}

test "inherited or passed on is the same" {
    let p := available_port()
    start Pair { PORT := p }
    start Db { PORT := p }
    shell s {
        > x
    }
}

test "siblings" {
    start Db as second { PORT := First.url }
    start Db as First { PORT := "1" }
    start Db as third { PORT := First.url }
    shell s {
        > x
    }
}

test "sources" {
    start Ghosts
    shell s {
        > x
    }
}

test "a circle" {
    start A
    start Unknown
    shell s {
        > x
    }
}

test "nothing" {
    shell s {
        > x
    }
}
"#;

#[test]
fn instances_and_sources() {
    let graph = of(SUITE, None);
    let mut out = String::new();
    for test in &graph.tests {
        writeln!(out, "{}\n{}", test.id, shown(&graph, &test.tree)).expect("a string");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn an_effect_by_name_gets_its_values_from_outside() {
    let graph = of(SUITE, Some("db/Pair"));
    assert!(graph.tests.is_empty());
    let names: Vec<&str> = graph.effects.iter().map(|effect| effect.name.as_str()).collect();
    assert_eq!(names, ["Db", "Pair"], "only what is reached");
    let [root] = graph.roots.as_slice() else {
        panic!("one effect: {:?}", graph.roots);
    };
    assert_eq!(graph.effects[root.effect].name, "Pair");
    assert_eq!(
        root.started_by[0].0,
        "test \"inherited or passed on is the same\""
    );
    insta::assert_snapshot!(shown(&graph, &root.tree));
}

#[test]
fn names_that_nothing_has_get_the_nearest_one() {
    let db = RootDb::default();
    let suite = Fixture::parse(SUITE).load(&db);
    let nearest = |name: &str| graph_of(&db, suite, name).expect_err("there is none").nearest;
    assert_eq!(nearest("Pairs").as_deref(), Some("Pair"));
    assert_eq!(nearest("t/a-circl").as_deref(), Some("t/a-circle"));
    assert_eq!(nearest("quite something else"), None);
}

#[test]
fn definitions_say_what_is_written() {
    let graph = of(SUITE, Some("Pair"));
    let pair = &graph.effects[1];
    assert_eq!((pair.spot.line, pair.spot.column), (11, 8));
    assert_eq!(pair.starts[1].overlay, [("PORT".to_owned(), None)]);
    assert_eq!(pair.starts[2].overlay[0].1.as_deref(), Some("\"${PORT}\""));
    assert_eq!(
        (&*pair.exposes[0].name, &*pair.exposes[0].target),
        ("db", "one.db")
    );
    assert_eq!(graph.effects[0].exposes.len(), 2);
}

#[test]
fn chains_may_have_any_length() {
    let mut fixture = "//- /relux/lib/chain.relux\neffect E0 {\n    expect PORT\n}\n".to_owned();
    for at in 1..3000 {
        write!(fixture, "\neffect E{at} {{\n    start E{}\n}}\n", at - 1).expect("a string");
    }
    fixture.push_str("//- /relux/tests/t.relux\nimport chain\n\ntest \"t\" {\n    start E2999 { PORT = \"1\" }\n    shell s {\n        > x\n    }\n}\n");
    let graph = of(&fixture, Some("t"));
    let tree = &graph.tests[0].tree;
    assert!(tree.cut, "so many are not shown");
    assert_eq!(tree.instances.len(), 1000);
    assert_eq!(tree.instances[999].inputs[0].value, "\"1\"");
}

#[test]
fn trees_that_double_at_every_level_end() {
    let mut fixture = "//- /relux/lib/tree.relux\neffect E0 {\n    expect PORT\n}\n".to_owned();
    for at in 1..40 {
        let below = at - 1;
        write!(
            fixture,
            "\neffect E{at} {{\n    expect PORT\n    start E{below} as a {{ PORT = uuid() }}\n    start E{below} as b {{ PORT = uuid() }}\n}}\n"
        )
        .expect("a string");
    }
    let graph = of(&fixture, Some("E39"));
    assert!(graph.roots[0].tree.cut);
}
