//! Figures for people: one line for each scenario and program.

use std::fmt::Write as _;

use serde::Serialize;

use super::process::Usage;
use super::statistics::median;

/// All rounds of one program in one scenario.
#[derive(Serialize, Debug)]
pub(super) struct Measured {
    pub(super) scenario: &'static str,
    pub(super) program: &'static str,
    pub(super) rounds: Vec<Usage>,
}

impl Measured {
    fn median(&self, figure: fn(&Usage) -> f64) -> f64 {
        median(self.rounds.iter().map(figure))
    }
}

const FIGURES: [fn(&Usage) -> f64; 4] = [
    |usage| usage.wall,
    |usage| usage.user,
    |usage| usage.system,
    |usage| f64::from(usage.peak_kib) * 1024.0 / 1e6,
];

/// The medians; below each peer, how many times more it used.
pub(super) fn table(measured: &[Measured]) -> String {
    let mut out = format!(
        "{:<32} {:<7} {:>9} {:>9} {:>9} {:>9}\n",
        "medians", "", "wall s", "user s", "system s", "peak MB"
    );
    let mut reference: Option<&Measured> = None;
    for row in measured {
        line(
            &mut out,
            row.scenario,
            row.program,
            FIGURES.map(|figure| row.median(figure)),
            "",
        );
        match reference {
            Some(ours) if ours.scenario == row.scenario => {
                let times = FIGURES.map(|figure| row.median(figure) / ours.median(figure));
                line(&mut out, "", "ratio", times, "x");
            }
            _ => reference = Some(row),
        }
    }
    out
}

fn line(out: &mut String, scenario: &str, program: &str, figures: [f64; 4], unit: &str) {
    let _ = write!(out, "{scenario:<32} {program:<7}");
    for (index, figure) in figures.into_iter().enumerate() {
        let digits = if index == 3 && unit.is_empty() { 0 } else { 2 };
        let text = format!("{figure:.digits$}{unit}");
        let _ = write!(out, " {text:>9}");
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(program: &'static str, walls: &[f64]) -> Measured {
        let round = |&wall: &f64| Usage {
            code: Some(0),
            wall,
            user: wall / 2.0,
            system: 0.25,
            peak_kib: 40_000,
        };
        Measured {
            scenario: "check",
            program,
            rounds: walls.iter().map(round).collect(),
        }
    }

    #[test]
    fn a_peer_stands_below_with_its_ratio() {
        let table = table(&[
            measured("relux", &[1.0, 3.0, 2.0]),
            measured("peer", &[4.0, 8.0, 6.0]),
        ]);
        let lines: Vec<String> = table
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            lines[1..],
            [
                "check relux 2.00 1.00 0.25 41",
                "check peer 6.00 3.00 0.25 41",
                "ratio 3.00x 3.00x 1.00x 1.00x",
            ]
        );
    }
}
