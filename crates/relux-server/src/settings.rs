//! What users may switch off in their editors. The book lists it in `editors/settings.md`; VS Code's extension declares the
//! same names.
//!
//! Only what is shown is set here: what a suite means is set in `Relux.toml`, for everybody and for every command alike.

use std::sync::Arc;

use relux_ide::WantedHints;
use serde_json::Value;
use tower_lsp_server::ls_types::MessageType;

use crate::event::Event;
use crate::outbox::Refresh;
use crate::state::State;

/// The section of the client's configuration.
pub(crate) const SECTION: &str = "relux";

/// All settings. Everything is on until somebody switches it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Which inlay hints are shown.
    pub(crate) hints: WantedHints,
    /// Lenses that run tests, and tell how they ended.
    pub(crate) run_lenses: bool,
    /// Lenses that count the starts of effects.
    pub(crate) start_lenses: bool,
    /// Completions with places to fill in.
    pub(crate) snippets: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hints: WantedHints::default(),
            run_lenses: true,
            start_lenses: true,
            snippets: true,
        }
    }
}

/// Where a setting is kept.
type Place = fn(&mut Settings) -> &mut bool;

/// The names of the settings: group and name in it.
pub(crate) const ALL: [(&str, &str, Place); 7] = [
    ("inlayHints", "parameters", |it| &mut it.hints.parameters),
    ("inlayHints", "inherited", |it| &mut it.hints.inherited),
    ("inlayHints", "shared", |it| &mut it.hints.shared),
    ("inlayHints", "timeouts", |it| &mut it.hints.timeouts),
    ("lenses", "run", |it| &mut it.run_lenses),
    ("lenses", "starts", |it| &mut it.start_lenses),
    ("completion", "snippets", |it| &mut it.snippets),
];

impl Settings {
    /// Reads the client's section, and says what is wrong with it. The default holds for what is missing or wrong; names
    /// that are not known belong to the client.
    pub(crate) fn read(section: &Value) -> (Self, Vec<String>) {
        let mut settings = Self::default();
        let (mut complaints, mut wrong_groups) = (Vec::new(), Vec::new());
        if !section.is_null() && !section.is_object() {
            complaints.push(format!(
                "`{SECTION}` is {section}, but it holds groups of settings"
            ));
        }
        for (group, name, place) in ALL {
            let group_value = &section[group];
            if !group_value.is_null() && !group_value.is_object() && !wrong_groups.contains(&group) {
                wrong_groups.push(group);
                complaints.push(format!(
                    "`{SECTION}.{group}` is {group_value}, but it holds settings like `{name}`"
                ));
            }
            match &group_value[name] {
                Value::Null => {}
                Value::Bool(value) => *place(&mut settings) = *value,
                wrong => complaints.push(format!(
                    "`{SECTION}.{group}.{name}` is {wrong}, but only `true` and `false` are allowed; it stays `true`"
                )),
            }
        }
        (settings, complaints)
    }
}

impl State {
    /// Asks the client for the user's settings. The answer comes as an event; nothing waits for it.
    pub(crate) fn ask_for_settings(&mut self) {
        self.asked_for_settings += 1;
        let asked = self.asked_for_settings;
        let (answer, queue) = (self.outbox.configuration(), self.queue.clone());
        self.runs.runtime().spawn(async move {
            if let Some(section) = answer.await {
                queue.send(Event::Settings { asked, section });
            }
        });
    }

    /// Takes in the user's settings: what they change is asked for again.
    pub(crate) fn set(&mut self, section: &Value) {
        let (settings, complaints) = Settings::read(section);
        for complaint in complaints.iter().filter(|it| !self.complaints.contains(it)) {
            self.outbox
                .show(MessageType::WARNING, format!("Relux: {complaint}"));
        }
        self.complaints = complaints;
        if settings == self.session.settings {
            return;
        }
        let before = std::mem::replace(&mut Arc::make_mut(&mut self.session).settings, settings);
        let (now, refreshes) = (&self.session.settings, self.session.refreshes);
        if refreshes.hints && before.hints != now.hints {
            self.outbox.refresh(Refresh::Hints);
        }
        let lenses = |it: &Settings| (it.run_lenses, it.start_lenses);
        if refreshes.lenses && lenses(&before) != lenses(now) {
            self.outbox.refresh(Refresh::Lenses);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_said_is_everything_on() {
        for section in [Value::Null, json!({}), json!({"path": "/x", "inlayHints": null})] {
            assert_eq!(Settings::read(&section), (Settings::default(), Vec::new()));
        }
    }

    #[test]
    fn each_setting_is_found_under_its_name() {
        for (group, name, place) in ALL {
            let (mut settings, complaints) = Settings::read(&json!({ group: { name: false } }));
            assert!(!*place(&mut settings) && complaints.is_empty(), "{group}.{name}");
            *place(&mut settings) = true;
            assert_eq!(settings, Settings::default());
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        let wrong = json!({
            "inlayHints": false,
            "lenses": {"run": "never", "starts": false},
        });
        let (settings, complaints) = Settings::read(&wrong);
        insta::assert_snapshot!(complaints.join("\n"), @r#"
        `relux.inlayHints` is false, but it holds settings like `parameters`
        `relux.lenses.run` is "never", but only `true` and `false` are allowed; it stays `true`
        "#);
        assert!(settings.run_lenses && !settings.start_lenses);
        insta::assert_snapshot!(Settings::read(&json!("on")).1.join("\n"), @r#"`relux` is "on", but it holds groups of settings"#);
    }
}
