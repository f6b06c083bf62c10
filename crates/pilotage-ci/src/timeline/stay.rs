//! What a run was doing, from when to when, and how that ended.

use pilotage_rollout::gate::Gate;
use pilotage_rollout::run::{Parked, Phase, Stage, Why};
use pilotage_rollout::{Moment, Plan, Run, Span, Verdict};

use super::limit::limit;
use super::{Chapter, LONGEST_TEXT};
use crate::text::one_line;

/// One thing that a run does, or stands still for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The part of the run that it belongs to.
    pub chapter: Chapter,
    /// What is done, in the imperative.
    pub task: String,
    /// What is waited for.
    pub awaits: String,
    /// How long at most.
    pub limit: Option<Span>,
    /// Since when.
    pub from: Moment,
    /// Until when.
    pub to: Option<Moment>,
    /// How it ended.
    pub ending: Ending,
}

/// How something that a run did ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It has not.
    UnderWay,
    /// What was waited for is there.
    Done,
    /// It failed, and the run goes back, or cannot.
    Failed,
    /// The process left it, and a resumed run does it anew.
    Left,
}

impl Ending {
    /// One word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnderWay => "under way",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Left => "left",
        }
    }
}

impl Stay {
    /// What the run is doing now; nothing once it is over.
    pub(super) fn of(run: &Run) -> Option<Self> {
        match run.phase() {
            Phase::Working(work) => Some(Self::working(&work.stage, run)),
            Phase::Parked(parked) => Some(Self::parked(parked, run.now())),
            Phase::Ended(_) => None,
        }
    }

    fn working(stage: &Stage, run: &Run) -> Self {
        let plan = run.plan();
        Self {
            chapter: Chapter::of(stage, plan),
            task: task(stage, plan),
            awaits: awaits(stage, plan),
            limit: limit(stage, plan),
            from: run.now(),
            to: None,
            ending: Ending::UnderWay,
        }
    }

    fn parked(parked: &Parked, now: Moment) -> Self {
        let task = match &parked.why {
            Why::Interrupted => "hold after an interruption".to_owned(),
            Why::Superseded { reason } => format!("yield to the newer owner: {reason}"),
            Why::Person { question } => format!("wait for a person: {question}"),
            Why::Drift { reason } => format!("wait for a person, the target changed: {reason}"),
            Why::Unreadable { reason } => format!("hold, the target cannot be read: {reason}"),
            Why::Held { cause } => format!("hold the candidate: {cause}"),
            Why::Stuck { reason, .. } => format!("hold, going back failed: {reason}"),
        };
        Self {
            chapter: Chapter::StandStill,
            task: one_line(&task, LONGEST_TEXT),
            awaits: "the run to be resumed".to_owned(),
            limit: None,
            from: now,
            to: None,
            ending: Ending::UnderWay,
        }
    }

    /// Whether this is the same stay, whenever it began.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.chapter == other.chapter && self.task == other.task
    }

    /// How long it took, or has taken by then.
    pub fn taken(&self, now: Moment) -> Span {
        self.to.unwrap_or(now).since(self.from)
    }

    /// How much of the limit is left by then.
    pub fn left(&self, now: Moment) -> Option<Span> {
        self.limit.map(|limit| (self.from + limit).since(now))
    }

    pub(super) fn end(&mut self, run: &Run) {
        self.to = Some(run.now());
        self.ending = self.ending_by(run);
    }

    /// How it ended, by what the run does afterwards.
    fn ending_by(&self, after: &Run) -> Ending {
        let turned_back = after.goes_back() && self.chapter != Chapter::GoBack;
        match after.phase() {
            _ if self.chapter == Chapter::StandStill => Ending::Done,
            Phase::Working(_) | Phase::Ended(Verdict::Reverted { .. }) if turned_back => {
                Ending::Failed
            }
            Phase::Working(_)
            | Phase::Ended(
                Verdict::Deployed { .. } | Verdict::Unchanged { .. } | Verdict::Reverted { .. },
            ) => Ending::Done,
            Phase::Parked(Parked { why: Why::Held { .. } | Why::Stuck { .. }, .. })
            | Phase::Ended(_) => Ending::Failed,
            Phase::Parked(_) => Ending::Left,
        }
    }
}

fn awaits(stage: &Stage, plan: &Plan) -> String {
    let Stage::Holding(holding) = stage else { return stage.awaits().to_owned() };
    let words = match plan.ramp.gates(holding.at.step).get(holding.at.gate) {
        Some(Gate::Soak(_)) => "the soak to end".to_owned(),
        Some(Gate::Judge(_)) => "the judge to decide".to_owned(),
        Some(Gate::Smoke(smoke)) => format!("smoke check `{}` to pass", smoke.check),
        Some(Gate::Manual(manual)) => format!("a person's word: {}", manual.question),
        None => "the next look".to_owned(),
    };
    one_line(&words, LONGEST_TEXT)
}

fn task(stage: &Stage, plan: &Plan) -> String {
    let task = match stage {
        Stage::Claiming { .. } => "claim the target",
        Stage::Checking => "check the live state",
        Stage::Migrating => "apply the expand migrations",
        Stage::Growing { .. } => "start units",
        Stage::Proving { .. } => "prove the candidate healthy",
        Stage::Shifting { .. } => "shift traffic",
        Stage::Holding(holding) => {
            let gate = plan.ramp.gates(holding.at.step).get(holding.at.gate);
            let words = gate.map_or_else(|| "pass the gates".to_owned(), ToString::to_string);
            return one_line(&words, LONGEST_TEXT);
        }
        Stage::Draining { .. } => "drain the stable release",
        Stage::Trimming { .. } => "stop units of the stable release",
        Stage::Rolling { .. } => "watch the platform roll",
        Stage::Proceeding { .. } => "let the platform go on",
        Stage::Asserting => "assert that exactly the new release runs",
        Stage::Pruning => "clean up",
        Stage::Restoring { .. } => "make the stable release whole and healthy",
        Stage::Unrolling { .. } => "watch the platform roll back",
        Stage::Returning { .. } => "take all traffic from the candidate",
        Stage::Releasing { .. } => "drain the candidate",
        Stage::Disposing { .. } => "stop the candidate",
        Stage::Closing { .. } => "assert that exactly the old release runs",
    };
    task.to_owned()
}
