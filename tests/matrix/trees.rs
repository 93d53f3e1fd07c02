//! Random trees of processes, grown by generated scripts.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::ends::END_WAYS;
use crate::oracle::Oracle;

/// How a process begins a life of its own.
#[derive(Debug, Clone, Copy)]
enum Step {
    Background,
    Session,
    Daemon,
    Deaf,
    WithoutMark,
}

/// A process and what it starts before it sleeps.
#[derive(Debug, Clone)]
struct Tree {
    step: Step,
    children: Vec<Tree>,
}

impl Tree {
    /// A word of a script that starts all of it. Scripts are nested through files, so that no quotes are.
    fn script(&self, files: &mut Vec<String>) -> String {
        let mut text = String::new();
        for child in &self.children {
            text += &child.script(files);
            text.push('\n');
        }
        text += "SLEEP\n";
        files.push(text);
        let file = format!("tree-{}.sh", files.len() - 1);
        match self.step {
            Step::Background => format!("sh ./{file} &"),
            Step::Session => format!("setsid sh ./{file} &"),
            Step::Daemon => format!("(setsid sh ./{file} > /dev/null 2>&1 &)"),
            Step::Deaf => format!("sh -c 'trap \"\" HUP TERM INT; sh ./{file}' &"),
            Step::WithoutMark => format!("env -u __RELUX_SCOPE sh ./{file} &"),
        }
    }

    fn size(&self) -> usize {
        1 + self.children.iter().map(Self::size).sum::<usize>()
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let step = prop_oneof![
        Just(Step::Background),
        Just(Step::Session),
        Just(Step::Daemon),
        Just(Step::Deaf),
        Just(Step::WithoutMark),
    ];
    let leaf = step.clone().prop_map(|step| Tree {
        step,
        children: Vec::new(),
    });
    leaf.prop_recursive(4, 12, 3, move |inner| {
        (step.clone(), prop::collection::vec(inner, 0..3))
            .prop_map(|(step, children)| Tree { step, children })
    })
}

fn no_tree_outlives_its_run(cases: u32) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let ways: Vec<usize> = (0..END_WAYS.len())
        .filter(|&way| !END_WAYS[way].needs_janitor)
        .collect();
    let strategy = (prop::collection::vec(tree(), 1..4), prop::sample::select(ways));
    TestRunner::new(config)
        .run(&strategy, |(trees, way)| {
            let way = &END_WAYS[way];
            let oracle = Oracle::new();
            let mut files = Vec::new();
            let commands: Vec<String> = trees.iter().map(|tree| tree.script(&mut files)).collect();
            for (number, text) in files.iter().enumerate() {
                oracle.write(&format!("tree-{number}.sh"), text);
            }
            let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
            let run = oracle.start_with(way, &commands);
            oracle.wait_until_all_run(trees.iter().map(Tree::size).sum());
            way.end(&run);
            oracle.ended(way, run, &[]);
            Ok(())
        })
        .expect("no tree outlives its run");
}

#[test]
fn a_few_trees() {
    no_tree_outlives_its_run(3);
}

#[test]
#[ignore = "takes minutes; the test beside takes a few"]
fn many_trees() {
    no_tree_outlives_its_run(150);
}
