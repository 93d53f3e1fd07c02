//! `relux schema`: what editors know about Relux.toml is what the program reads.

use std::fs;

use relux_e2e::{Scratch, repository};
use serde_json::Value;

const COPY: &str = "editors/vscode/schemas/relux-toml.json";

fn schema() -> (String, Value) {
    let outcome = Scratch::new("").relux(&["schema"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    let schema = serde_json::from_str(&outcome.stdout).expect("JSON");
    (outcome.stdout, schema)
}

#[test]
fn the_copy_of_the_extension_is_up_to_date() {
    let (text, _) = schema();
    let path = repository().join(COPY);
    if std::env::var_os("RELUX_UPDATE").is_some() {
        fs::write(&path, &text).expect("writing the schema");
    }
    let copy = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        copy, text,
        "RELUX_UPDATE=1 cargo test -p relux-e2e --test cli schema writes {COPY}"
    );
}

#[test]
fn the_extension_brings_it_along() {
    let package = fs::read_to_string(repository().join("editors/vscode/package.json")).expect("the package");
    let package: Value = serde_json::from_str(&package).expect("JSON");
    let entry = &package["contributes"]["tomlValidation"][0];
    assert_eq!(entry["fileMatch"], "Relux.toml");
    let url = entry["url"].as_str().expect("a URL");
    assert_eq!(url, COPY.replace("editors/vscode", "."));
    let ignored = fs::read_to_string(repository().join("editors/vscode/.vscodeignore")).expect("the list");
    assert!(ignored.contains("!schemas/*.json"), "{ignored}");
}

/// Every example, default and choice of the schema is a value that `relux check` takes without a word.
#[test]
fn every_value_of_the_schema_is_read() {
    let (_, schema) = schema();
    let mut checked = 0;
    for (name, value) in schema["properties"].as_object().expect("properties") {
        let Some(keys) = value["properties"].as_object() else {
            checked += settles(name, "", value);
            continue;
        };
        for (key, value) in keys {
            checked += settles(key, name, value);
        }
        let outcome = Scratch::new(&format!("//- Relux.toml\n[{name}]\nno-such-key = 1\n")).relux(&["check"]);
        assert!(
            outcome.stdout.contains("no-such-key"),
            "the schema of [{name}] is closed: {}",
            outcome.shown()
        );
    }
    assert!(checked > 60, "only {checked} values");
}

/// How many values of a key were tried.
fn settles(key: &str, table: &str, schema: &Value) -> usize {
    let list = |name: &str| schema[name].as_array().cloned().unwrap_or_default();
    let mut values = [list("examples"), list("enum")].concat();
    values.extend(schema.get("default").cloned());
    assert!(!values.is_empty(), "{table}.{key} has neither example nor choice");
    let head = if table.is_empty() {
        String::new()
    } else {
        format!("[{table}]\n")
    };
    for value in &values {
        let outcome = Scratch::new(&format!("//- Relux.toml\n{head}{key} = {value}\n")).relux(&["check"]);
        assert_eq!(outcome.code, Some(0), "{key} = {value}: {}", outcome.shown());
        assert!(
            outcome.stdout.contains("no problems"),
            "{key} = {value}: {}",
            outcome.shown()
        );
    }
    values.len()
}
