//! The mistakes that people make first, in the example suite: each is found at its place and nothing else is said.
//!
//! The table is shared with the tests that type the same mistakes into real editors.

use relux_e2e::{Scratch, repository};
use serde_json::Value;

#[test]
fn every_mistake_of_the_table_is_found_at_its_place() {
    let table =
        std::fs::read_to_string(repository().join("tests/fixtures/mistakes.json")).expect("the table");
    let table: Vec<Value> = serde_json::from_str(&table).expect("a list of mistakes");
    assert!(table.len() >= 10, "only {} mistakes", table.len());
    let faults: Vec<String> = table.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What is wrong with the answer to one mistake.
fn fault(mistake: &Value) -> Option<String> {
    let text = |key: &str| mistake[key].as_str().unwrap_or_default();
    let suite = Scratch::copy_of("examples/tasks");
    let path = suite.path().join(text("file"));
    let before = std::fs::read_to_string(&path).expect("the file of the mistake");
    assert!(
        before.contains(text("find")),
        "{}: nothing to replace",
        text("name")
    );
    let after = before.replacen(text("find"), text("replace"), 1);
    std::fs::write(&path, &after).expect("writing the mistake");

    let outcome = suite.relux(&["check", "--message-format", "json"]);
    let document: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("JSON: {}", outcome.shown()));
    let errors: Vec<&Value> = document["diagnostics"]
        .as_array()?
        .iter()
        .filter(|item| item["severity"] == "error")
        .collect();
    let right = |item: &&Value| {
        let offset =
            |end: &str| usize::try_from(item[end]["offset"].as_u64().unwrap_or_default()).unwrap_or_default();
        item["file"] == text("file")
            && item["code"] == text("code")
            && after.get(offset("start")..offset("end")) == Some(text("span"))
            && item["message"]
                .as_str()
                .is_some_and(|message| message.contains(text("message")))
    };
    if errors.len() == 1 && errors.iter().all(right) && outcome.code == Some(1) {
        return None;
    }
    let seen: Vec<String> = errors
        .iter()
        .map(|item| {
            format!(
                "{}:{} {} {}",
                item["file"], item["start"], item["code"], item["message"]
            )
        })
        .collect();
    Some(format!(
        "{}: expected {} at `{}`, got {seen:#?}",
        text("name"),
        text("code"),
        text("span")
    ))
}
