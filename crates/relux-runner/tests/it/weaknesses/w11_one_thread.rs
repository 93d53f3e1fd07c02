//! 11: everything was interpreted on one thread, so that one test's work held up its neighbours. That tests are executed by
//! several threads is looked at from outside (`tests/suites/processors.rs`).

use relux_model::plan::Jobs;

use crate::suite::suite;

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
