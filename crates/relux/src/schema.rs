//! The JSON schema of `Relux.toml`, made from the table that its reader uses. Editors read it, so it is draft 7, which all
//! of them know.

use relux_model::codes;
use relux_model::manifest::{Key, Kind, MOST_JOBS, TABLES};
use relux_model::reports::ReportFormat;
use serde_json::{Map, Value, json};

/// Numbers with units, as in `1m 30s`. Which units there are is left to `relux check`.
const DURATION: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*[a-zA-Zµ]+(\s*[0-9]+(\.[0-9]+)?\s*[a-zA-Zµ]+)*\s*$";

/// The schema.
pub(crate) fn schema() -> Value {
    let mut properties = Map::new();
    for table in TABLES {
        if table.name.is_empty() {
            properties.extend(table.keys.iter().map(property));
            continue;
        }
        let keys: Map<String, Value> = table.keys.iter().map(property).collect();
        let value = json!({
            "type": "object",
            "description": table.doc,
            "properties": keys,
            "additionalProperties": false,
        });
        properties.insert(table.name.to_owned(), value);
    }
    properties.insert("lints".to_owned(), lints());
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Relux.toml",
        "description": "Settings of a Relux suite",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn property(key: &Key) -> (String, Value) {
    let mut value = values(key.kind);
    value["description"] = json!(key.doc);
    if let Some(default) = key.default.and_then(json_of) {
        value["default"] = default;
    }
    if let Some(example) = json_of(key.example) {
        value["examples"] = json!([example]);
    }
    (key.name.to_owned(), value)
}

fn values(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::NonEmptyText => json!({"type": "string", "minLength": 1}),
        Kind::Line => json!({"type": "string", "pattern": r"^[^\r\n]*[^\s][^\r\n]*$"}),
        Kind::Choice(choices) => json!({"type": "string", "enum": choices}),
        Kind::Command => json!({"anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ]}),
        Kind::Duration | Kind::Timeout => json!({"type": "string", "pattern": DURATION}),
        Kind::Jobs => json!({"anyOf": [
            {"type": "integer", "minimum": 1, "maximum": MOST_JOBS},
            {"type": "string", "enum": ["num-cpus", "all"]},
        ]}),
        Kind::Integer(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Kind::Factor => json!({"type": "number", "minimum": 1}),
        Kind::Patterns | Kind::Names => {
            json!({"type": "array", "items": {"type": "string", "minLength": 1}})
        }
        Kind::Reports => {
            let formats = ReportFormat::ALL.map(ReportFormat::as_str).join("|");
            let pattern = format!("^({formats})(=.+)?$");
            json!({"type": "array", "items": {"type": "string", "pattern": pattern}})
        }
    }
}

/// A level for every code. Errors stay errors, so that is all that can be said of them.
fn lints() -> Value {
    let mut properties = Map::new();
    let mut rules: Vec<_> = codes::RULES.iter().collect();
    rules.sort_by_key(|rule| rule.code.as_str());
    for rule in rules {
        let code = rule.code.as_str();
        let levels = if codes::is_always_error(code) {
            json!(["error"])
        } else {
            json!(["allow", "info", "warn", "error"])
        };
        let value = json!({"type": "string", "enum": levels, "description": rule.summary()});
        properties.insert(code.to_owned(), value);
    }
    json!({
        "type": "object",
        "description": "Levels of findings by code",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// A value of the table, written in TOML, as JSON: in these both write the same but for what no key has.
fn json_of(toml: &str) -> Option<Value> {
    serde_json::from_str(toml).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_and_example_can_be_said_in_json() {
        for key in TABLES.iter().flat_map(|table| table.keys) {
            assert!(json_of(key.example).is_some(), "{}", key.name);
            assert!(
                key.default.is_none_or(|default| json_of(default).is_some()),
                "{}",
                key.name
            );
        }
    }
}
