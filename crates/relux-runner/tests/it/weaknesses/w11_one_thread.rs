//! 11: everything was interpreted on one thread, so that one test's work held up its neighbours.

use relux_model::plan::Jobs;

use crate::suite::suite;

/// Two tests with much output to look at, and a third one that asks the kernel which threads of its parent, the runner,
/// have worked.
#[test]
fn w11_tests_run_on_all_cores() {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        return;
    }
    let heavy = |name: &str| {
        format!(
            "test \"{name}\" {{\n    shell s {{\n        > seq 1 400000; echo the end\n        <~60s? ^the end$\n\
             \x20       > touch {name}.done\n        match_ok()\n    }}\n}}\n"
        )
    };
    let watcher = r#"
test "watcher" {
    shell s {
        > until [ -e one.done ] && [ -e other.done ]; do sleep 0.02; done
        <~60s? relux>
        > cat /proc/$PPID/task/*/stat | awk '/tokio-rt-worker/ && $14 + $15 >= 5 {n++} END {print "busy " n}'
        <? ^busy ([2-9]|[1-9][0-9]+)$
    }
}
"#;
    suite(&format!("{}{}{watcher}", heavy("one"), heavy("other")))
        .with(|suite| suite.options.jobs = Some(Jobs::Count(3)))
        .run_alone()
        .ok();
}

/// A neighbour makes its steps while another test floods: the flood only ends once the neighbour has got through.
#[test]
fn w11_a_flood_does_not_hold_up_a_neighbour() {
    suite(
        r#"
test "flood" {
    shell s {
        > until [ -e neighbour.done ]; do seq 1 2000; done; echo the end
        <~60s? ^the end$
    }
}
test "neighbour" {
    shell s {
        > echo one
        <? ^one$
        sleep("1ms")
        > echo two
        <? ^two$
        sleep("1ms")
        > touch neighbour.done
        match_ok()
    }
}
"#,
    )
    .with(|suite| suite.options.jobs = Some(Jobs::Count(2)))
    .run()
    .ok();
}
