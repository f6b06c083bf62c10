//! Benches that can fail: every case is measured beside a peer and held to a bar.
//!
//! A [`Bench`] measures and gives one [`Line`] for each case. A line knows by itself whether its
//! bar is met; a peer that is absent is said to be absent, and a bar that compares with it is then
//! neither met nor missed. [`run`] prints a table for a person or one JSON object for each line, and the
//! [`Verdict`] says whether any bar was missed.
//!
//! It deliberately does no statistics: how often to measure and which quantile to report depends
//! on what is measured, and belongs to the bench.

mod line;
mod table;

pub use line::{Bar, Line, Measure, Peer};

use std::fmt::Debug;

use crate::Error;

/// Where a run of benches puts its lines, such as [`crate::terminal::say`].
pub type Sink<'a> = &'a mut dyn FnMut(&str) -> Result<(), Error>;

/// Something to measure.
pub trait Bench: Debug {
    /// The name by which it is asked for.
    fn name(&self) -> &'static str;

    /// What it measures, in one sentence.
    fn about(&self) -> &'static str;

    /// Measures every case, peers in the same run.
    fn run(&self) -> Result<Vec<Line>, Error>;
}

/// How lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A table for each bench.
    Table,
    /// One JSON object for each line.
    Json,
}

/// How a run of benches ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No bar was missed.
    Met,
    /// These cases missed their bar, as `bench/case`.
    Missed(Vec<String>),
    /// There is no bench of the wanted name; these are the names.
    Unknown(Vec<&'static str>),
}

/// Runs all the benches, or the one that is named, and prints each line.
pub fn run(
    benches: &[&dyn Bench],
    name: Option<&str>,
    style: Style,
    say: Sink<'_>,
) -> Result<Verdict, Error> {
    let wanted = |bench: &&&dyn Bench| name.is_none_or(|name| bench.name() == name);
    let mut missed = Vec::new();
    let mut ran = false;
    for bench in benches.iter().filter(wanted) {
        ran = true;
        let lines = bench.run()?;
        print(*bench, &lines, style, say)?;
        missed.extend(lines.iter().filter(|line| line.has_missed()).map(Line::id));
    }
    Ok(match (ran, missed.is_empty()) {
        (false, _) if name.is_some() => {
            Verdict::Unknown(benches.iter().map(|b| b.name()).collect())
        }
        (_, true) => Verdict::Met,
        (_, false) => Verdict::Missed(missed),
    })
}

fn print(bench: &dyn Bench, lines: &[Line], style: Style, say: Sink<'_>) -> Result<(), Error> {
    match style {
        Style::Json => lines.iter().try_for_each(|line| say(&line.to_json()?)),
        Style::Table => {
            say(&format!("{}: {}", bench.name(), bench.about()))?;
            say(&table::render(lines))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fixed(&'static str, f64);

    impl Bench for Fixed {
        fn name(&self) -> &'static str {
            self.0
        }

        fn about(&self) -> &'static str {
            "a number that is known beforehand"
        }

        fn run(&self) -> Result<Vec<Line>, Error> {
            let Self(name, ours) = *self;
            let bar = Bar::OursAtMost(1.0);
            Ok(vec![Line::new(name, "only", Measure { unit: "s", ours }, Peer::None, bar)])
        }
    }

    fn run_quietly(
        benches: &[&dyn Bench],
        name: Option<&str>,
        style: Style,
    ) -> (Verdict, Vec<String>) {
        let mut printed = Vec::new();
        let mut keep = |line: &str| {
            printed.push(line.to_owned());
            Ok(())
        };
        let verdict = run(benches, name, style, &mut keep).expect("measured");
        (verdict, printed)
    }

    #[test]
    fn one_missed_bar_is_enough_and_is_named() {
        let (good, bad) = (Fixed("good", 0.5), Fixed("bad", 1.5));
        let benches: [&dyn Bench; 2] = [&good, &bad];
        let (all, printed) = run_quietly(&benches, None, Style::Json);
        assert_eq!(all, Verdict::Missed(vec!["bad/only".into()]));
        assert_eq!(printed.len(), 2, "one line of JSON for each case: {printed:?}");
        let (one, printed) = run_quietly(&benches, Some("good"), Style::Table);
        assert_eq!(one, Verdict::Met);
        assert_eq!(printed[0], "good: a number that is known beforehand");
    }

    #[test]
    fn an_unknown_name_is_not_a_success() {
        let good = Fixed("good", 0.5);
        let (verdict, printed) = run_quietly(&[&good], Some("goood"), Style::Json);
        assert_eq!((verdict, printed), (Verdict::Unknown(vec!["good"]), vec![]));
    }
}
