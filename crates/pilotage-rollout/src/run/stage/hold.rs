//! Passing the gates of a step, one after the other, with an eye on the candidate's health.

use alloc::format;
use alloc::string::{String, ToString};

use pilotage_judge::{Evidence, Judgement, Reading};

use crate::gate::{Gate, Inconclusive, Judging, Smoke};
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position, Why};
use crate::run::window::Window;
use crate::run::{Answer, Effect, Illegal};
use crate::target::Delegation;
use crate::{Cause, Moment};

use super::{Move, Stage, share};

/// The stay in front of a gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// Which step, and which of its gates.
    pub at: Position,
    /// The candidate's health as seen lately.
    pub window: Window,
    /// Since when this gate is being passed.
    pub since: Moment,
    /// How far it is passed.
    pub progress: Progress,
}

/// How far a gate is passed.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// Nothing but time and health counts, or nothing was asked yet.
    Open,
    /// The judge has looked.
    Judging {
        /// What it has seen so far.
        evidence: Evidence,
        /// Up to when.
        looked_at: Moment,
    },
    /// The smoke check has failed.
    Smoking {
        /// How often.
        failures: u8,
        /// When it is tried again.
        again_at: Moment,
    },
}

impl Holding {
    /// In front of the next gate of the step.
    pub(super) fn enter(facts: &Facts, at: Position, restarts: u32) -> Self {
        let window = Window::proven(facts.plan.health, restarts);
        Self { at, window, since: facts.now, progress: opening(facts, at) }
    }

    fn next_gate(self, facts: &Facts) -> Self {
        let at = self.at.next_gate();
        Self { at, since: facts.now, progress: opening(facts, at), ..self }
    }

    fn passed(self, facts: &Facts) -> Move {
        Move::Go(Stage::Holding(self.next_gate(facts)))
    }

    /// Past the soaks that are over. No new look is needed for that: what was seen counts once.
    fn soaked(mut self, facts: &Facts) -> Self {
        while let Some(Gate::Soak(span)) = facts.gate(self.at)
            && facts.elapsed(self.since) >= *span
        {
            self = self.next_gate(facts);
        }
        self
    }

    /// Stays, until the next look at the candidate's health is due.
    fn stay(self, facts: &Facts) -> Move {
        Move::Wait(Stage::Holding(self), facts.plan.health.interval())
    }

    fn fail(self, cause: Cause) -> Move {
        Move::Fail(Goal::Forward(self.at), cause)
    }
}

fn opening(facts: &Facts, at: Position) -> Progress {
    match facts.gate(at) {
        Some(Gate::Judge(judging)) => {
            Progress::Judging { evidence: facts.opening(judging), looked_at: facts.now }
        }
        _ => Progress::Open,
    }
}

pub(super) fn assess(facts: &Facts, mut holding: Holding, cast: Cast<'_>) -> Move {
    if let Some(moved) = disturbed(facts, holding.at, cast) {
        return moved;
    }
    let units = units(facts, holding.at, cast);
    holding.window.push(cast.candidate, units);
    if holding.window.fails(facts.plan.health) {
        return holding.fail(Cause::Unhealthy { reason: cast.symptoms(units) });
    }
    let holding = holding.soaked(facts);
    match facts.gate(holding.at) {
        None => leave(facts, holding.at, cast),
        Some(gate) => attend(facts, holding, gate),
    }
}

/// What happened to the step while its gates were being passed.
fn disturbed(facts: &Facts, at: Position, cast: Cast<'_>) -> Option<Move> {
    if facts.plan.ramp.is_delegated() {
        return undermined(facts, at, cast);
    }
    if let Some(drift) = share::drift(facts, at, cast) {
        return Some(drift);
    }
    if cast.share() != facts.traffic(at) {
        return Some(share::slipped(at, cast.share()));
    }
    if cast.candidate_units() < facts.units(at) {
        return Some(share::weakened(facts, at, cast));
    }
    let grown = cast.stable_units();
    let stage = Stage::Growing { at };
    (!facts.trimmed && grown > facts.size).then_some(Move::Resize { size: grown, stage })
}

/// The platform may give up a rollout that it had paused or completed.
fn undermined(facts: &Facts, at: Position, cast: Cast<'_>) -> Option<Move> {
    match &cast.seen.delegation {
        Delegation::Awaiting { release, .. } | Delegation::Complete { release }
            if *release == facts.plan.to.id =>
        {
            None
        }
        _ => Some(Move::Go(Stage::Rolling { at: at.first_gate() })),
    }
}

/// The units that must be well: those of the step, or as many as the platform has started.
fn units(facts: &Facts, at: Position, cast: Cast<'_>) -> u16 {
    match cast.seen.delegation {
        Delegation::Awaiting { .. } => cast.candidate_units().max(1),
        _ => facts.units(at).min(facts.whole(cast)),
    }
}

/// All gates are passed.
fn leave(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    if let Delegation::Awaiting { hook, .. } = &cast.seen.delegation {
        return Move::Go(Stage::Proceeding { at, hook: hook.clone() });
    }
    if cast.stable_units() > facts.left(at) && !facts.plan.ramp.is_delegated() {
        return Move::Go(Stage::Draining { at });
    }
    after_step(facts, at)
}

/// The step is over.
pub(super) fn after_step(facts: &Facts, at: Position) -> Move {
    let next = at.next_step();
    match facts.step(next) {
        Some(_) => Move::Reached(Stage::Growing { at: next }),
        None => Move::Reached(Stage::Asserting),
    }
}

fn attend(facts: &Facts, holding: Holding, gate: &Gate) -> Move {
    match (gate, &holding.progress) {
        (Gate::Soak(_), _) => holding.stay(facts),
        (Gate::Judge(judging), Progress::Judging { looked_at, .. }) => {
            let from = *looked_at;
            if facts.elapsed(from) < judging.interval {
                return holding.stay(facts);
            }
            let metrics = judging.panel.rules().iter().map(|rule| rule.metric.clone()).collect();
            Move::Call(Stage::Holding(holding), Effect::Measure { metrics, from, to: facts.now })
        }
        (Gate::Judge(_), _) => {
            Move::Go(Stage::Holding(Holding { progress: opening(facts, holding.at), ..holding }))
        }
        (Gate::Smoke(_), Progress::Smoking { again_at, .. }) if facts.now < *again_at => {
            holding.stay(facts)
        }
        (Gate::Smoke(smoke), _) => {
            Move::Call(Stage::Holding(holding), Effect::Probe(smoke.clone()))
        }
        (Gate::Manual(manual), _) => {
            let question = manual.question.clone();
            Move::Call(Stage::Holding(holding), Effect::Ask { question })
        }
    }
}

/// The smoke check ended.
pub(in crate::run) fn probed(
    facts: &Facts,
    stage: Stage,
    smoke: &Smoke,
    result: Result<(), String>,
) -> Move {
    let Stage::Holding(mut holding) = stage else { return Move::Go(stage) };
    let Err(reason) = result else { return holding.passed(facts) };
    let failed = match holding.progress {
        Progress::Smoking { failures, .. } => failures.saturating_add(1),
        Progress::Open | Progress::Judging { .. } => 1,
    };
    if failed >= smoke.attempts {
        return holding.fail(Cause::Smoke { check: smoke.check.clone(), reason });
    }
    let again_at = facts.now + smoke.interval;
    holding.progress = Progress::Smoking { failures: failed, again_at };
    holding.stay(facts)
}

/// The metrics of a window were read.
pub(in crate::run) fn measured(
    facts: &mut Facts,
    stage: Stage,
    readings: &[Reading],
) -> Result<Move, Illegal> {
    let Stage::Holding(mut holding) = stage else { return Ok(Move::Go(stage)) };
    let plan = facts.plan.clone();
    let gate = plan.ramp.gates(holding.at.step).get(holding.at.gate);
    let Some(Gate::Judge(judging)) = gate else {
        return Ok(holding.stay(facts));
    };
    let Progress::Judging { evidence, .. } = holding.progress else {
        holding.progress = opening(facts, holding.at);
        return Ok(holding.stay(facts));
    };
    let (evidence, judgement) = judging.panel.weigh(evidence, readings)?;
    let is_over = facts.elapsed(holding.since) >= judging.horizon;
    let judgement = if is_over && matches!(judgement, Judgement::Undecided { .. }) {
        judging.panel.conclude(&evidence)
    } else {
        judgement
    };
    facts.learned = Some((holding.at, evidence.clone()));
    holding.progress = Progress::Judging { evidence, looked_at: facts.now };
    Ok(judged(facts, holding, judging, is_over, &judgement))
}

fn judged(
    facts: &Facts,
    holding: Holding,
    judging: &Judging,
    is_over: bool,
    judgement: &Judgement,
) -> Move {
    match judgement {
        Judgement::Pass { .. } => holding.passed(facts),
        Judgement::Fail { reason } => holding.fail(Cause::Judged { reason: reason.to_string() }),
        Judgement::Undecided { .. } if is_over => {
            inconclusive(facts, holding, judging.inconclusive, judgement.to_string())
        }
        Judgement::Undecided { .. } => holding.stay(facts),
    }
}

fn inconclusive(facts: &Facts, holding: Holding, policy: Inconclusive, reason: String) -> Move {
    match policy {
        Inconclusive::Promote => holding.passed(facts),
        Inconclusive::Revert => holding.fail(Cause::Inconclusive { reason }),
        Inconclusive::Pause => {
            let question = format!("the judge could not decide ({reason}); judge again or abort?");
            Move::Park(Why::Person { question }, Goal::Forward(holding.at))
        }
    }
}

/// A person was asked.
pub(in crate::run) fn answered(
    facts: &Facts,
    stage: Stage,
    question: &str,
    answer: Answer,
) -> Move {
    let Stage::Holding(holding) = stage else { return Move::Go(stage) };
    match answer {
        Answer::Approved { .. } => holding.passed(facts),
        Answer::Declined { reason } => holding.fail(Cause::Declined { reason }),
        Answer::Pending => {
            let question = String::from(question);
            Move::Park(Why::Person { question }, Goal::Forward(holding.at))
        }
    }
}
