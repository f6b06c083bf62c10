//! Bugs in the plan, in taking up a run, and in the verdict.

use pilotage_rollout::journal::{Entry, Record, replay};
use pilotage_rollout::ramp::Step;
use pilotage_rollout::{Plan, Ramp, Run, Span, Verdict};

use super::Bug;

impl Bug {
    /// What the process believes that the plan is.
    pub(in crate::sim) fn bend_plan(self, plan: &mut Plan) {
        let ages = Span::from_mins(60 * 24 * 365);
        match self {
            Self::NoDeadline => {
                plan.limits.prove = ages;
                plan.limits.confirm = ages;
                plan.limits.delegated = ages;
                plan.limits.calls = u32::MAX / 4;
            }
            Self::SettleForgotten => plan.limits.settle = Span::ZERO,
            Self::SkipSoak => plan.ramp = without_gates(&plan.ramp),
            _ => {}
        }
    }

    /// What the process believes that the run was.
    pub(in crate::sim) fn bend_replay(self, run: Run, journal: &[Record]) -> Run {
        match self {
            Self::ResumeForward if run.goes_back() => last_forward(journal).unwrap_or(run),
            Self::ResumeAfresh => afresh(&run, journal),
            _ => run,
        }
    }

    /// What the process says at the end.
    pub(in crate::sim) fn bend_verdict(self, verdict: Verdict) -> Verdict {
        match (self, verdict) {
            (Self::VerdictLies, Verdict::NotReverted { cause }) => Verdict::Reverted { cause },
            (_, verdict) => verdict,
        }
    }
}

fn without_gates(ramp: &Ramp) -> Ramp {
    let bare = |step: &Step| Step { gates: Vec::new(), ..step.clone() };
    Ramp::driven(ramp.steps().iter().map(bare).collect()).unwrap_or_else(|_| ramp.clone())
}

/// The run as it was before it turned back.
fn last_forward(journal: &[Record]) -> Option<Run> {
    let forward = (1..=journal.len()).rev().find_map(|length| {
        let replayed = replay(journal.iter().take(length)).ok()?;
        (!replayed.run.goes_back()).then_some(replayed.run)
    });
    forward.filter(|run| !run.is_over())
}

fn afresh(run: &Run, journal: &[Record]) -> Run {
    let opened = journal.first().map(|record| (&record.entry, record.at));
    match opened {
        Some((Entry::Opened { plan, fence, .. }, at)) if !run.is_over() => {
            Run::open(plan.clone(), *fence, at)
        }
        _ => run.clone(),
    }
}
