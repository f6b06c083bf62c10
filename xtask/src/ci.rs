//! `cargo xtask ci`: everything that a change must pass, in the order in which it fails fastest.
//!
//! A step that fails does not keep the later ones from running: one run tells all.

use std::time::Duration;

use pilotage_xtask::stopwatch::{Stopwatch, human};
use pilotage_xtask::tally::Tally;
use pilotage_xtask::{Error, terminal};

use crate::failure::Failure;
use crate::here::Here;
use crate::{deny, test, tidy};

/// What a step has to say beside having succeeded.
#[derive(Debug, Default)]
struct Passed {
    remark: Option<String>,
    tally: Option<Tally>,
}

struct Step {
    name: &'static str,
    run: fn(&Here) -> Result<Passed, Failure>,
}

const STEPS: [Step; 6] = [
    Step { name: "format", run: format },
    Step { name: "lints", run: lints },
    Step { name: "docs", run: docs },
    Step { name: "deny", run: denied },
    Step { name: "tidy", run: tidied },
    Step { name: "test", run: tested },
];

struct Row {
    name: &'static str,
    took: Duration,
    outcome: Result<Passed, Failure>,
}

/// Runs every step, then says how each went.
pub(crate) fn run(here: &Here) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for step in &STEPS {
        let row = step.timed(here)?;
        if matches!(&row.outcome, Err(failure) if failure.is_interrupt()) {
            return row.outcome.map(drop);
        }
        rows.push(row);
    }
    for line in summary(&rows) {
        terminal::say(line)?;
    }
    verdict(&rows)
}

impl Step {
    fn timed(&self, here: &Here) -> Result<Row, Error> {
        terminal::say(format!("\n== {}", self.name))?;
        let stopwatch = Stopwatch::start();
        let outcome = (self.run)(here);
        if let Err(failure) = &outcome {
            failure.report();
        }
        let took = stopwatch.elapsed();
        terminal::say(format!("== {} took {}", self.name, human(took)))?;
        Ok(Row { name: self.name, took, outcome })
    }
}

fn summary(rows: &[Row]) -> Vec<String> {
    let mut lines = vec!["\n== summary".to_owned()];
    lines.extend(rows.iter().map(Row::to_string));
    lines.extend(rows.iter().find_map(Row::tally).map(|tally| format!("\n{tally}")));
    lines
}

fn verdict(rows: &[Row]) -> Result<(), Failure> {
    let failed: Vec<&str> =
        rows.iter().filter(|row| row.outcome.is_err()).map(|r| r.name).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Steps(failed)) }
}

impl Row {
    fn tally(&self) -> Option<Tally> {
        match &self.outcome {
            Ok(passed) => passed.tally,
            Err(Failure::Tests(tally)) => Some(*tally),
            Err(_) => None,
        }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let outcome = if self.outcome.is_ok() { "ok" } else { "FAILED" };
        write!(f, "{:8} {outcome:8} {:>12}", self.name, human(self.took))?;
        match &self.outcome {
            Ok(Passed { remark: Some(remark), .. }) => write!(f, "  {remark}"),
            _ => Ok(()),
        }
    }
}

fn format(here: &Here) -> Result<Passed, Failure> {
    let check = ["fmt", "--all", "--check"];
    let cargo = pilotage_xtask::command::Cmd::new("cargo").args(check).folder(&here.root);
    Ok(cargo.run().map(|()| Passed::default())?)
}

fn lints(here: &Here) -> Result<Passed, Failure> {
    let all = ["--workspace", "--all-targets", "--", "-D", "warnings"];
    Ok(here.cargo("clippy").args(all).run().map(|()| Passed::default())?)
}

fn docs(here: &Here) -> Result<Passed, Failure> {
    let doc = here.cargo("doc").args(["--workspace", "--no-deps"]);
    Ok(doc.env("RUSTDOCFLAGS", "-D warnings").run().map(|()| Passed::default())?)
}

fn denied(here: &Here) -> Result<Passed, Failure> {
    let remark = deny::run(here, deny::Args::default())?;
    Ok(Passed { remark, tally: None })
}

fn tidied(here: &Here) -> Result<Passed, Failure> {
    tidy::run(here).map(|()| Passed::default())
}

fn tested(here: &Here) -> Result<Passed, Failure> {
    let tally = test::count(here, &test::Args::default())?;
    if tally.has_failures() {
        return Err(Failure::Tests(tally));
    }
    Ok(Passed { remark: None, tally: Some(tally) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, outcome: Result<Passed, Failure>) -> Row {
        Row { name, took: Duration::from_secs(3), outcome }
    }

    #[test]
    fn one_failed_step_fails_the_run_and_is_named() {
        let rows =
            vec![row("lints", Ok(Passed::default())), row("tidy", Err(Failure::Findings(2)))];
        assert!(matches!(verdict(&rows), Err(Failure::Steps(names)) if names == ["tidy"]));
        assert!(verdict(&[row("lints", Ok(Passed::default()))]).is_ok());
    }

    #[test]
    fn what_was_not_run_stands_in_the_summary() {
        let remark = Some("not run: advisories: no network".to_owned());
        let line = row("deny", Ok(Passed { remark, tally: None })).to_string();
        assert!(line.starts_with("deny     ok") && line.ends_with("no network"), "{line}");
    }

    #[test]
    fn the_count_survives_a_failure() {
        let mut tally = Tally::default();
        tally.hear("test result: FAILED. 3 passed; 2 failed; 0 ignored");
        let lines = summary(&[row("test", Err(Failure::Tests(tally)))]);
        assert_eq!(lines.last().map(|line| line.trim()), Some("3 passed, 2 failed, 0 skipped"));
    }
}
