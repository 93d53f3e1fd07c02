//! Percentiles, and the table for people: one line for each figure, one column for each size.

use std::fmt;
use std::time::Duration;

/// What was measured at one size: names and cells, in order.
pub(super) type Column = Vec<(String, String)>;

/// The table that is printed.
#[derive(Default)]
pub(super) struct Table {
    columns: Vec<(usize, Column)>,
    below: Vec<String>,
}

impl Table {
    pub(super) fn column(&mut self, modules: usize, column: Column) {
        self.columns.push((modules, column));
    }

    /// A sentence below the table.
    pub(super) fn say(&mut self, sentence: String) {
        self.below.push(sentence);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.columns.iter().flat_map(|(_, column)| column) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        write!(f, "| ms: p50 / p95 / p99 |")?;
        for (modules, _) in &self.columns {
            write!(f, " {modules} modules |")?;
        }
        writeln!(f, "\n|---|{}", "---:|".repeat(self.columns.len()))?;
        for name in names {
            write!(f, "| {name} |")?;
            for (_, column) in &self.columns {
                let cell = column.iter().find(|(it, _)| it == name);
                write!(f, " {} |", cell.map_or("", |(_, cell)| cell))?;
            }
            writeln!(f)?;
        }
        for sentence in &self.below {
            writeln!(f, "\n{sentence}")?;
        }
        Ok(())
    }
}

/// The percentiles of times, in milliseconds.
pub(super) fn percentiles(times: &[Duration]) -> String {
    if times.is_empty() {
        return "–".to_owned();
    }
    let mut times = times.to_vec();
    times.sort_unstable();
    [50, 95, 99]
        .map(|percent| millis(at(&times, percent)))
        .join(" / ")
}

/// The smallest time that so many percent do not exceed (nearest rank).
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted[rank - 1]
}

/// Milliseconds, with as many digits as mean something.
fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    if millis < 100.0 {
        format!("{millis:.1}")
    } else {
        format!("{millis:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentiles(&times), "100 / 190 / 198");
        assert_eq!(percentiles(&times[..1]), "200 / 200 / 200");
        assert_eq!(percentiles(&[]), "–");
    }

    #[test]
    fn a_table_has_a_column_for_each_size() {
        let mut table = Table::default();
        table.column(10, vec![("a".to_owned(), "1".to_owned())]);
        table.column(
            20,
            vec![("a".to_owned(), "2".to_owned()), ("b".to_owned(), "3".to_owned())],
        );
        let text = table.to_string();
        assert!(text.ends_with("| a | 1 | 2 |\n| b |  | 3 |\n"), "{text}");
    }
}
