//! A run: one execution of a plan, as a state and a transition function.
//!
//! ```text
//! claim ─ check ─ migrate ─┬─ for each step: grow ─ prove ─ shift ─ hold ─ drain ─ trim ─┐
//!                          └─ roll (the platform's own controller) ─ hold ──────────────┤
//!                                                                assert ─ prune ─ deployed
//! on failure:  restore ─ return ─ release ─ dispose ─ close ─ reverted
//! ```
//!
//! Each stage names a state of the target and pursues it in the same way: look; if it is there,
//! go on; if not, ask for it, at a bounded pace; then look again. So a stage that is entered twice
//! does nothing twice, and a resumed run simply enters its stage again. A run that goes back never
//! goes forward again.
//!
//! What a run guarantees, whatever events it is given:
//! - the first thing it asks for is the claim, and nothing that was read before the claim counts;
//! - traffic is asked for only right after a proof of health that is younger than the plan says;
//! - units are stopped only when traffic was read back to be elsewhere and no lost write can
//!   bring it back;
//! - every wait has an end, and the number of calls is bounded.

mod answer;
mod cast;
mod effect;
mod event;
mod facts;
mod follow;
mod illegal;
mod machine;
mod pace;
mod phase;
mod stage;
mod turn;
mod window;
mod words;

use alloc::sync::Arc;

use crate::plan::Plan;
use crate::target::{Action, Fence, Order, Stamp};
use crate::{Moment, Share, Verdict};

use facts::{Facts, Rolled};

pub use effect::Effect;
pub use event::{Answer, Event};
pub use illegal::Illegal;
pub use phase::{Goal, Pace, Parked, Phase, Position, Why, Work};
pub use stage::{Holding, Progress, Stage};
pub use window::Window;

/// One execution of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    facts: Facts,
    phase: Phase,
    effect: Effect,
}

impl Run {
    /// Opens a run of this plan under this fence. Its first effect is the claim.
    pub fn open(plan: Arc<Plan>, fence: Fence, now: Moment) -> Self {
        let size = plan.size;
        let mut facts = Facts {
            plan,
            fence,
            now,
            orders: 0,
            calls: 1,
            repairs: 0,
            size,
            trimmed: false,
            retired: false,
            rolled: Rolled::Not,
            learned: None,
            settles_at: now,
            unread_since: None,
        };
        let work = Work::enter(Stage::Claiming { goal: Goal::Start }, now);
        let (phase, effect) = pace::write(&mut facts, work, Action::Claim);
        Self { facts, phase, effect }
    }

    /// What the driver does next.
    pub const fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Where the run stands.
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// What it executes.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.facts.plan
    }

    /// Under which ownership it acts.
    pub const fn fence(&self) -> Fence {
        self.facts.fence
    }

    /// The time of the last event.
    pub const fn now(&self) -> Moment {
        self.facts.now
    }

    /// How many units make up the whole at the moment.
    pub const fn size(&self) -> u16 {
        self.facts.size
    }

    /// Calls made since the run was opened or resumed.
    pub const fn calls(&self) -> u32 {
        self.facts.calls
    }

    /// The verdict, as soon as there is one; also of a run that stands still.
    pub fn verdict(&self) -> Option<Verdict> {
        match &self.phase {
            Phase::Working(_) => None,
            Phase::Parked(parked) => Some(parked.why.verdict()),
            Phase::Ended(verdict) => Some(verdict.clone()),
        }
    }

    /// Whether the run is over, so that nothing can be resumed.
    pub const fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    /// Whether the run is on its way back to the old release.
    pub fn goes_back(&self) -> bool {
        match &self.phase {
            Phase::Working(work) => matches!(work.stage.goal(), Goal::Back(_)),
            Phase::Parked(parked) => matches!(parked.goal, Goal::Back(_)),
            Phase::Ended(verdict) => matches!(verdict, Verdict::Reverted { .. }),
        }
    }

    /// The traffic that the run means the candidate to have at the moment.
    pub fn intended_share(&self) -> Option<Share> {
        match &self.phase {
            Phase::Working(work) => work.stage.position().map(|at| self.facts.traffic(at)),
            Phase::Parked(_) | Phase::Ended(_) => None,
        }
    }

    /// The state after this event: the one transition function, live and in replay.
    ///
    /// An event that does not answer the effect that was asked for, an event after the end and a
    /// clock that runs backwards are refused; nothing is guessed.
    pub fn advance(self, at: Moment, event: &Event) -> Result<Self, Illegal> {
        let Self { mut facts, phase, effect } = self;
        if at < facts.now {
            return Err(Illegal::ClockBackwards { last: facts.now, at });
        }
        facts.now = at;
        let (phase, effect) = machine::advance(&mut facts, phase, &effect, event)?;
        if effect.is_call() {
            facts.calls = facts.calls.saturating_add(1);
        }
        Ok(Self { facts, phase, effect })
    }
}

/// The next order of a run.
fn order(facts: &mut Facts, action: Action) -> Effect {
    let stamp = Stamp { fence: facts.fence, number: facts.orders };
    facts.orders = facts.orders.saturating_add(1);
    Effect::Act(Order { stamp, action })
}
