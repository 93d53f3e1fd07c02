//! "Did you mean": the known name nearest to an unknown one.

/// The nearest of `known`, if it is near enough to be a slip. Of equally near ones the first in alphabetical order.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    // A third of the letters may differ, as in rustc's suggestions; a name of one letter has no neighbours.
    let limit = (length / 3).max(usize::from(length > 1));
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate == name || candidate.len().abs_diff(name.len()) > limit * 4 {
            continue;
        }
        let distance = if candidate.eq_ignore_ascii_case(name) {
            0
        } else {
            strsim::osa_distance(name, candidate)
        };
        if distance > limit {
            continue;
        }
        if best.is_none_or(|(least, first)| (distance, candidate) < (least, first)) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[track_caller]
    fn check(name: &str, known: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(name, known.iter().copied()), expected);
    }

    #[test]
    fn finds_slips_and_nothing_else() {
        check("Databse", &["Database", "Auth"], Some("Database"));
        check("DB_PROT", &["DB_PORT", "AUTH_PORT"], Some("DB_PORT"));
        check("db", &["Db", "Auth"], Some("Db"));
        check("x", &["y"], None);
        check("", &["a"], None);
        check("ping", &["trace"], None);
        check("same", &["same"], None);
    }

    #[test]
    fn ties_go_to_the_first_in_the_alphabet() {
        check("Dx", &["Dz", "Da"], Some("Da"));
    }
}
