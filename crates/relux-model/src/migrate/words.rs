//! New names: how the other edition writes one, and which are still free.

use relux_syntax::names;
use rustc_hash::FxHashSet;

/// The alias in camel case, as 2026-08 wants it.
pub(super) fn camel(name: &str, taken: &FxHashSet<String>) -> String {
    let mut base = names::to_camel(name);
    if !names::is_camel(&base) {
        // `_1` and the like: without a letter there is no capital.
        base.insert(0, 'A');
    }
    free(&base, "", taken)
}

/// The shell's name in lower case, as 2026-08 wants it.
pub(super) fn snake(name: &str, taken: &FxHashSet<String>) -> String {
    let base = names::to_snake(name);
    if names::is_keyword(&base) {
        return keyword(&base, taken);
    }
    free(&base, "_", taken)
}

/// A name that is a keyword.
pub(super) fn keyword(name: &str, taken: &FxHashSet<String>) -> String {
    free(&format!("{name}_"), "", taken)
}

fn free(base: &str, join: &str, taken: &FxHashSet<String>) -> String {
    if !taken.contains(base) {
        return base.to_owned();
    }
    let mut number = 2;
    loop {
        let name = format!("{base}{join}{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(names: &[&str]) -> FxHashSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_change_case_and_stay_apart() {
        assert_eq!(camel("auth_db", &taken(&["auth_db"])), "AuthDb");
        assert_eq!(camel("db", &taken(&["db", "Db"])), "Db2");
        assert_eq!(camel("_1", &taken(&[])), "A1");
        assert_eq!(camel("_", &taken(&[])), "A");
        assert_eq!(snake("Srv", &taken(&["Srv", "srv"])), "srv_2");
        assert_eq!(snake("Shell", &taken(&[])), "shell_");
        assert_eq!(keyword("var", &taken(&["var", "var_"])), "var_2");
    }
}
