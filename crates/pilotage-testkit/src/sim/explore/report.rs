//! What was explored, what occurred, and what was found.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::sim::label::Label;
use crate::sim::{Deviation, Failure, Mark, Marks, Stats};

/// More failures than anybody reads.
const MOST_FAILURES: usize = 5;

/// The sum of many runs.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Runs made.
    pub runs: u64,
    /// Events that reached the engine.
    pub events: u64,
    /// Processes that were started.
    pub processes: u64,
    /// Simulated milliseconds.
    pub simulated: u64,
    /// Promises that were broken.
    pub violations: u64,
    /// What went wrong in the worlds, by label.
    pub faults: [u64; Label::ALL.len()],
    /// What occurred.
    pub marks: Marks,
    /// The first few failures.
    pub failures: Vec<Failure>,
}

impl Report {
    /// Adds one run.
    pub fn add(
        &mut self,
        failure: Option<Failure>,
        stats: Stats,
        marks: &Marks,
        deviations: &[Deviation],
    ) {
        self.runs += 1;
        self.events += stats.events;
        self.processes += u64::from(stats.processes);
        self.simulated += stats.simulated;
        self.marks.merge(marks);
        for deviation in deviations {
            if let Some(count) = self.faults.get_mut(deviation.label as usize) {
                *count += 1;
            }
        }
        if let Some(failure) = failure {
            self.violations += 1;
            if self.failures.len() < MOST_FAILURES {
                self.failures.push(failure);
            }
        }
    }

    /// Adds what was explored elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.runs += other.runs;
        self.events += other.events;
        self.processes += other.processes;
        self.simulated += other.simulated;
        self.violations += other.violations;
        self.marks.merge(&other.marks);
        self.faults.iter_mut().zip(&other.faults).for_each(|(mine, theirs)| *mine += theirs);
        let room = MOST_FAILURES.saturating_sub(self.failures.len());
        self.failures.extend(other.failures.into_iter().take(room));
    }

    /// Runs a second and core.
    pub fn rate(&self, took: Duration, cores: usize) -> u64 {
        let busy = took.as_millis().max(1) * cores.max(1) as u128;
        u64::try_from(u128::from(self.runs) * 1_000 / busy).unwrap_or(u64::MAX)
    }

    /// Deaths of processes.
    fn crashes(&self) -> u64 {
        [Label::CrashIdle, Label::CrashActing, Label::Journal, Label::Lease]
            .into_iter()
            .filter_map(|label| self.faults.get(label as usize))
            .sum()
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let hours = self.simulated / 3_600_000;
        writeln!(f, "runs              {}", self.runs)?;
        writeln!(f, "events            {}", self.events)?;
        writeln!(f, "processes         {} ({} deaths)", self.processes, self.crashes())?;
        writeln!(f, "simulated hours   {hours}")?;
        writeln!(f, "faults injected")?;
        for (label, count) in Label::ALL.iter().zip(&self.faults) {
            writeln!(f, "  {:<16}{count}", label.name())?;
        }
        let missed = self.marks.missed();
        let hit = Mark::ALL.len() - missed.len();
        writeln!(f, "coverage marks    {hit} of {} hit", Mark::ALL.len())?;
        for mark in Mark::ALL {
            writeln!(f, "  {:<12}{}", self.marks.count(*mark), mark.text())?;
        }
        for failure in &self.failures {
            writeln!(f, "violation         {}\n  --tape '{}'", failure.violation, failure.tape)?;
        }
        write!(f, "{} runs, {} violations", self.runs, self.violations)
    }
}
