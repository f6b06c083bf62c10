//! One simulated run from its first process to its end.
//!
//! First anything may happen; then the faults stop, and the run has to end within a bounded number
//! of further processes: safety first, liveness after it.

use std::sync::Arc;

use pilotage_rollout::journal::{Entry, Record, RunId, SCHEMA, replay};
use pilotage_rollout::run::{Parked, Phase, Why};
use pilotage_rollout::{Event, Fence, Plan, Run, Span, Verdict};

use super::bug::Bug;
use super::check::{Ending, Ledger, ending};
use super::choices::Choices;
use super::label::Label;
use super::mark::{Mark, Marks};
use super::scenario::{Behaviour, Scenario};
use super::setup::planned;
use super::tape::Tape;
use super::violation::{Violation, require};
use super::witness::{Glimpse, Witness};
use super::world::World;

/// Processes that may die before the faults stop.
const MORTALS: u32 = 4;
/// Processes after which a run must have ended.
const PROCESSES: u32 = 16;

/// A run with everything that belongs to it.
#[derive(Debug)]
pub struct Trial {
    scenario: Scenario,
    pub(super) world: World,
    pub(super) choices: Choices,
    pub(super) journal: Vec<Record>,
    pub(super) ledger: Ledger,
    pub(super) witness: Witness,
    pub(super) bug: Option<Bug>,
    pub(super) stats: Stats,
    pub(super) approves: bool,
    /// Whether a planted bug has struck.
    pub(super) meddled: bool,
    /// The owner of the target at the moment.
    pub(super) owner: Fence,
}

/// What a run cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Events that reached the engine.
    pub events: u64,
    /// Processes that were needed.
    pub processes: u32,
    /// Simulated milliseconds.
    pub simulated: u64,
}

/// A run that broke a promise, with the tape that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was broken.
    pub violation: Violation,
    /// How to see it again.
    pub tape: Tape,
}

/// How a process ended.
pub(super) enum Death {
    /// The run has a verdict.
    Verdict(Box<Run>),
    /// The process died; the journal is what is left.
    Crash,
}

/// Runs a scenario to its end and says how it ended, what it cost and what occurred.
pub fn trial(
    scenario: Scenario,
    choices: Choices,
    bug: Option<Bug>,
    story: Option<&mut Vec<Record>>,
) -> (Result<Ending, Failure>, Stats, Marks, Choices) {
    let mut world = World::new(scenario);
    world.meddling.size = scenario.size;
    let plan = match planned(scenario, &world) {
        Ok(plan) => plan,
        Err(refusal) => {
            let violation = Violation::new("plan", format!("the scenario was refused: {refusal}"));
            let tape = Tape { scenario, deviations: Vec::new() };
            return (Err(Failure { violation, tape }), Stats::default(), Marks::default(), choices);
        }
    };
    if let Some(bug) = bug {
        bug.bend_world(&mut world);
    }
    world.delegated = plan.ramp.is_delegated();
    let mut trial = Trial {
        scenario,
        ledger: Ledger::new(plan.clone()),
        owner: Fence(8),
        world,
        choices,
        journal: Vec::with_capacity(256),
        witness: Witness::default(),
        bug,
        stats: Stats::default(),
        approves: false,
        meddled: false,
    };
    let ended = trial.run(&plan);
    trial.stats.simulated = trial.world.now.since(super::world::DAWN).as_millis();
    if let Some(story) = story {
        story.clone_from(&trial.journal);
    }
    let deviations = trial.choices.deviations().to_vec();
    let ended =
        ended.map_err(|violation| Failure { violation, tape: Tape { scenario, deviations } });
    (ended, trial.stats, trial.witness.marks, trial.choices)
}

impl Trial {
    fn run(&mut self, plan: &Arc<Plan>) -> Result<Ending, Violation> {
        let mut run = Some(self.open(plan));
        for process in 1..=PROCESSES {
            self.stats.processes = process;
            if process > MORTALS {
                self.choices.quieten();
            }
            let Some(current) = run.take() else { break };
            let next = match self.live(current)? {
                Death::Verdict(run) if run.is_over() => return self.end(&run),
                Death::Verdict(parked) if self.is_final(&parked) => return self.end(&parked),
                Death::Verdict(parked) => self.come_back(Some(&parked))?,
                Death::Crash => self.come_back(None)?,
            };
            run = next;
        }
        Err(Violation::new("I30", format!("the run did not end in {PROCESSES} processes")))
    }

    fn open(&mut self, plan: &Arc<Plan>) -> Run {
        let mut plan = plan.clone();
        if let Some(bug) = self.bug {
            bug.bend_plan(Arc::make_mut(&mut plan));
        }
        let (run, fence, at) = (RunId("run-1".into()), self.owner, self.world.now);
        let entry = Entry::Opened { schema: SCHEMA, run, plan: plan.clone(), fence };
        self.journal.push(Record { at, entry });
        Run::open(plan, fence, at)
    }

    /// Another process finds the journal and takes the run up.
    fn come_back(&mut self, parked: Option<&Run>) -> Result<Option<Run>, Violation> {
        self.ledger.new_process();
        let comeback = self.choices.pick(Label::Comeback);
        let pause = if comeback == 1 { Span::from_mins(60 * 24) } else { Span::from_secs(1) };
        self.witness.marks.hit_if(Mark::LongGone, comeback == 1);
        let to = self.world.now + pause;
        self.world.advance(to, &mut self.choices);
        self.ledger.standing(&self.world)?;
        let replayed = replay(&self.journal)
            .map_err(|error| Violation::new("I14", format!("no replay: {error}")))?;
        let run = match self.bug {
            Some(bug) => bug.bend_replay(replayed.run, &self.journal),
            None => replayed.run,
        };
        if let Some(parked) = parked.filter(|_| self.bug.is_none()) {
            require(*parked == run, "I14", || "the replay differs from the live run".into())?;
        }
        if run.is_over() {
            return Ok(Some(run));
        }
        let backward = run.goes_back();
        self.witness.marks.hit_if(Mark::ResumedBackward, backward);
        self.attend(&run);
        let gives_up = comeback == 2 || self.is_hopeless(&run);
        self.owner = self.world.next_fence(self.owner.max(run.fence()));
        let event = Event::Resumed { fence: self.owner, dangling: replayed.dangling };
        let mut run = self.record(run, event)?;
        if gives_up && !run.is_over() {
            run = self.record(run, Event::Aborted { by: "ana".into() })?;
        }
        require(run.goes_back() || !backward, "I5", || "resumed forward after going back".into())?;
        Ok(Some(run))
    }

    /// A person looks at why the run stands still.
    fn attend(&mut self, run: &Run) {
        let Phase::Parked(Parked { why, .. }) = run.phase() else { return };
        match why {
            Why::Person { .. } => self.approves = true,
            Why::Drift { .. } => self.world.tidy_up(),
            _ => {}
        }
    }

    /// A person gives a run up that was resumed often enough.
    fn is_hopeless(&self, run: &Run) -> bool {
        let tired = self.stats.processes > MORTALS + 3;
        let held = matches!(
            run.phase(),
            Phase::Parked(Parked { why: Why::Held { .. } | Why::Person { .. }, .. })
        );
        held && (tired || self.choices.is_quiet())
    }

    /// No process can do anything about it.
    fn is_final(&self, run: &Run) -> bool {
        run.verdict().is_some() && self.stats.processes == PROCESSES
            || self.world.meddling.remade && self.choices.is_quiet()
    }

    /// Everything late lands, and only then the end is looked at. A run that is over stays over.
    fn end(&mut self, run: &Run) -> Result<Ending, Violation> {
        let to = self.world.now + Span::from_mins(60);
        self.world.advance(to, &mut self.choices);
        let verdict = run.verdict().unwrap_or(Verdict::Interrupted);
        let verdict = match self.bug {
            Some(bug) => bug.bend_verdict(verdict),
            None => verdict,
        };
        let result = ending(&self.ledger, verdict, &self.world)?;
        self.equals_plan(run)?;
        self.survives_the_codec()?;
        if run.is_over() {
            let again = run.clone().advance(self.world.now, &Event::Woke);
            require(again.is_err(), "I13", || "a run that is over went on".into())?;
        }
        self.witness.ended(run, &self.world);
        Ok(result)
    }

    /// Now and then the whole journal is encoded and decoded again.
    fn survives_the_codec(&self) -> Result<(), Violation> {
        if !self.stats.events.is_multiple_of(64) {
            return Ok(());
        }
        for record in &self.journal {
            let text = serde_json::to_string(record).unwrap_or_default();
            let same = serde_json::from_str(&text).is_ok_and(|again: Record| again == *record);
            require(same, "I15", || format!("a record does not survive its encoding: {text}"))?;
        }
        Ok(())
    }

    /// Where nothing goes wrong, what was done is what was planned, and a good release goes out
    /// even if the old one is down.
    fn equals_plan(&self, run: &Run) -> Result<(), Violation> {
        let good = self.scenario.new == Behaviour::Good;
        if !good || !self.choices.deviations().is_empty() {
            return Ok(());
        }
        let deployed = matches!(run.verdict(), Some(Verdict::Deployed { .. }));
        require(deployed, "I9", || "a good release did not go out".into())?;
        self.ledger.equals_plan(self.scenario, self.world.physics.pauses)
    }

    /// Writes an event down and lets the run act upon it.
    pub(super) fn record(&mut self, run: Run, event: Event) -> Result<Run, Violation> {
        let at = self.world.now;
        self.stats.events += 1;
        self.ledger.recorded();
        if let Event::Aborted { .. } = event {
            self.ledger.turn_back();
        }
        let before = Glimpse::of(&run);
        let after = run
            .advance(at, &event)
            .map_err(|illegal| Violation::new("engine", illegal.to_string()))?;
        self.witness.happened(&event, &before, &after, &self.world);
        self.journal.push(Record { at, entry: Entry::Happened(event) });
        Ok(after)
    }
}
