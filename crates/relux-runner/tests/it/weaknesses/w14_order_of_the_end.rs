//! Dependencies that end before, or beside, what depends on them.

use crate::suite::suite;

#[test]
fn w14_dependents_end_first_and_independent_ones_at_the_same_time() {
    // The two in the middle end together: each waits for the other's fifo.
    let ran = suite(
        r#"
effect Base {
    shell s {
        > mkfifo a b
        match_ok()
    }
    cleanup {
        > echo base >> journal
        match_ok()
    }
}
effect Left {
    start Base
    shell s {
        > true
        match_ok()
    }
    cleanup {
        > echo x > a; cat b; echo left >> journal
        match_ok()
    }
}
effect Right {
    start Base
    shell s {
        > true
        match_ok()
    }
    cleanup {
        > cat a; echo x > b; echo right >> journal
        match_ok()
    }
}
test "t" {
    start Left
    start Right
    shell s {
        > true
        match_ok()
    }
    cleanup {
        > echo test >> journal
        match_ok()
    }
}
"#,
    )
    .run()
    .ok();
    assert!(ran.only().warnings.is_empty(), "{}", ran.output);
    let journal = std::fs::read_to_string(ran.suite.path("journal")).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    assert_eq!((lines[0], lines[3]), ("test", "base"), "{lines:?}");
}
