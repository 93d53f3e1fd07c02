//! The environment in force at a place: the base that every test has, under the overlays of the effects around it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::Arc;

/// The environment of a test or effect instance. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Env {
    base: Arc<BTreeMap<String, String>>,
    overlay: Option<Arc<Overlay>>,
}

#[derive(Debug)]
struct Overlay {
    entries: BTreeMap<String, String>,
    below: Option<Arc<Overlay>>,
}

impl Env {
    /// An environment without overlays.
    pub(crate) fn new(base: BTreeMap<String, String>) -> Self {
        Self {
            base: Arc::new(base),
            overlay: None,
        }
    }

    /// The value of a variable; the innermost overlay wins.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut overlay = self.overlay.as_deref();
        while let Some(layer) = overlay {
            if let Some(value) = layer.entries.get(name) {
                return Some(value);
            }
            overlay = layer.below.as_deref();
        }
        self.base.get(name).map(String::as_str)
    }

    /// What is left without any overlay: all that functions see.
    pub(crate) fn base(&self) -> Self {
        Self {
            base: Arc::clone(&self.base),
            overlay: None,
        }
    }

    /// The same under one more overlay.
    pub(crate) fn with_overlay(&self, entries: BTreeMap<String, String>) -> Self {
        if entries.is_empty() {
            return self.clone();
        }
        Self {
            base: Arc::clone(&self.base),
            overlay: Some(Arc::new(Overlay {
                entries,
                below: self.overlay.clone(),
            })),
        }
    }

    /// All overlay entries in force.
    pub(crate) fn overlays(&self) -> BTreeMap<String, String> {
        let mut layers = Vec::new();
        let mut overlay = self.overlay.as_deref();
        while let Some(layer) = overlay {
            layers.push(layer);
            overlay = layer.below.as_deref();
        }
        layers.iter().rev().fold(BTreeMap::new(), |mut all, layer| {
            all.extend(layer.entries.clone());
            all
        })
    }

    /// Everything, as processes get it.
    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        let mut all = (*self.base).clone();
        all.extend(self.overlays());
        all
    }
}

/// The environment of the process that was asked to run, without variables of runs.
#[derive(Debug, Default)]
pub(crate) struct HostEnv {
    /// As tests see it: U+FFFD stands for what is not UTF-8.
    pub(crate) text: BTreeMap<String, String>,
    /// The entries that look different there, by their name there.
    raw: BTreeMap<String, (OsString, OsString)>,
    /// `__RELUX_SCOPE` of a run around this one.
    pub(crate) outer_scope: String,
}

impl HostEnv {
    /// From what the system says.
    pub(crate) fn new(entries: Vec<(OsString, OsString)>) -> Self {
        let mut host = Self::default();
        for (name, value) in entries {
            let text = (
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into_owned(),
            );
            if text.0 == "__RELUX_SCOPE" {
                host.outer_scope = text.1;
            } else if !text.0.starts_with("__RELUX") {
                if name.to_str().is_none() || value.to_str().is_none() {
                    host.raw.insert(text.0.clone(), (name, value));
                }
                host.text.insert(text.0, text.1);
            }
        }
        host
    }

    /// An environment for a process: what nobody has changed is as it was handed to this one.
    pub(crate) fn restore(&self, env: BTreeMap<String, String>) -> Vec<(OsString, OsString)> {
        env.into_iter()
            .map(|(name, value)| match self.raw.get(&name) {
                Some(raw) if self.text.get(&name) == Some(&value) => raw.clone(),
                _ => (name.into(), value.into()),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries
            .iter()
            .map(|&(k, v)| (k.to_owned(), v.to_owned()))
            .collect()
    }

    #[test]
    fn the_innermost_overlay_wins_and_functions_see_the_base() {
        let outer =
            Env::new(map(&[("A", "base"), ("B", "base")])).with_overlay(map(&[("A", "1"), ("C", "1")]));
        let inner = outer.with_overlay(map(&[("A", "2")]));
        assert_eq!(inner.get("A"), Some("2"));
        assert_eq!(inner.get("C"), Some("1"));
        assert_eq!(inner.get("B"), Some("base"));
        assert_eq!(outer.get("A"), Some("1"));
        assert_eq!(inner.base().get("A"), Some("base"));
        assert_eq!(inner.base().get("C"), None);
        assert_eq!(inner.all(), map(&[("A", "2"), ("B", "base"), ("C", "1")]));
    }
}
