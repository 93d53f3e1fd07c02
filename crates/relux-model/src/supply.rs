//! Which variable of a test or effect is meant for a variable that an effect needs: one answer for the fix of a finding and for
//! what is completed.
//!
//! It goes by names alone; whether anything is missing is for others to say.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::items::{LetItem, Name, OverlayShape, StartItem};

/// Whether a needed variable is a port, by its name.
pub fn is_port(name: &str) -> bool {
    name.to_ascii_uppercase().ends_with("PORT")
}

/// The variables of a body, by name and by name in lower case.
#[derive(Debug, Clone, Default)]
pub struct Variables<'a> {
    exact: FxHashSet<&'a Name>,
    lower: FxHashMap<String, &'a Name>,
    /// Ports that no overlay passes on yet.
    ports: Vec<&'a Name>,
    /// Those that earlier fixes of the body would declare.
    promised: FxHashSet<String>,
}

impl<'a> Variables<'a> {
    /// The variables of a body, in order, with its starts.
    pub fn new(lets: impl IntoIterator<Item = &'a LetItem>, starts: &[StartItem]) -> Self {
        let lets: Vec<&'a LetItem> = lets.into_iter().collect();
        let lower = lets.iter().rev();
        let entries = || starts.iter().flat_map(|start| &start.overlay);
        let passed_on = |name: &Name| {
            entries().any(|entry| match &entry.value {
                OverlayShape::Shorthand => entry.key == *name,
                OverlayShape::Var(variable) => variable == name,
                _ => false,
            })
        };
        let ports = lets.iter().filter(|it| it.port && !passed_on(&it.name));
        Self {
            ports: ports.map(|it| &it.name).collect(),
            exact: lets.iter().map(|it| &it.name).collect(),
            lower: lower
                .map(|it| (it.name.as_str().to_ascii_lowercase(), &it.name))
                .collect(),
            promised: FxHashSet::default(),
        }
    }

    /// The variable that was probably meant: the same name, else the first of the same name in another case.
    ///
    /// Else a port of which the name is the last part, as `port` is of `DB_PORT`, if no other start has it. It is not
    /// given again.
    pub fn for_name(&mut self, name: &Name) -> Option<Name> {
        if self.exact.contains(name) {
            return Some(name.clone());
        }
        let lower = name.as_str().to_ascii_lowercase();
        if let Some(found) = self.lower.get(&lower) {
            return Some((*found).clone());
        }
        let is_part = |port: &&&Name| {
            let part = port.as_str().to_ascii_lowercase();
            lower
                .strip_suffix(&part)
                .is_some_and(|before| before.ends_with('_'))
        };
        let found = self.ports.iter().find(is_part).copied()?;
        self.ports.retain(|port| *port != found);
        Some(found.clone())
    }

    /// A name in lower case that no variable has, nor will have.
    pub(crate) fn fresh(&mut self, name: &Name) -> String {
        let base = name.as_str().to_ascii_lowercase();
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let taken = |it: &String| self.lower.contains_key(it) || self.promised.contains(it);
        let free = candidates.find(|it| !taken(it)).unwrap_or(base);
        self.promised.insert(free.clone());
        free
    }
}
