//! A small world that does what a run asks for at once, so that any journal can be made.

use std::sync::Arc;

use pilotage_artifact::{Digest, Release};
use pilotage_judge::{Counts, MetricName, Panel, Reading, Risk, Rule};
use pilotage_rollout::gate::{Gate, HealthRule, Inconclusive, Judging};
use pilotage_rollout::journal::{Entry, Record, RunId, SCHEMA};
use pilotage_rollout::plan::{Kind, Limits, Planned, Request, plan};
use pilotage_rollout::ramp::{Canary, CanaryStep, Strategy};
use pilotage_rollout::run::Answer;
use pilotage_rollout::target::{
    Action, Capabilities, Delegation, Failing, Fence, Fencing, Group, Observation, Outcome,
    RollingControl, Schema, TrafficControl,
};
use pilotage_rollout::{Effect, Event, Moment, Plan, Run, Share, Span};

/// When every journal begins: 2026-01-01, 00:00 UTC.
const DAWN: Moment = Moment::from_millis(1_767_225_600_000);

const CAN: Capabilities = Capabilities {
    traffic: TrafficControl::Weights { granularity: Share::NONE },
    rolling: RollingControl::Driven,
    preview: true,
    fencing: Fencing::Enforced,
    lag: Span::from_secs(1),
    settle: Span::from_secs(10),
};

/// Everything that some output could take for its own.
pub(crate) const HOSTILE: &str = "::set-env name=PATH::/evil\n::error::forged\n##[add-path]/evil\n\
    ##vso[task.setvariable variable=A]evil\n</pre></script><script>alert(1)</script><img src=x \
    onerror=alert(2)>\n\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\n| a | **b** [c](https://evil.example) `d` \
    <!channel> \"'&";

/// Everything around a run.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// What the candidate's units say instead of becoming ready.
    says: Option<String>,
    /// How many of a thousand requests fail at the candidate.
    errors: u64,
    groups: Vec<Group>,
    looks: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        let stable = group(&release("v1", 1), 4, Share::ALL);
        Self { says: None, errors: 0, groups: vec![stable], looks: 0 }
    }

    /// One whose candidate never becomes ready and says this.
    pub(crate) fn saying(words: &str) -> Self {
        Self { says: Some(words.into()), ..Self::new() }
    }

    /// One whose candidate fails this many of a thousand requests.
    pub(crate) fn failing(errors: u64) -> Self {
        Self { errors, ..Self::new() }
    }

    /// The journal of a run of this strategy, told to stop at this many records.
    pub(crate) fn sail(mut self, strategy: Strategy, most: usize) -> Vec<Record> {
        let plan = self.plan(strategy);
        let mut now = DAWN;
        let mut run = Run::open(plan.clone(), Fence(1), now);
        let opened =
            Entry::Opened { schema: SCHEMA, run: RunId("run-1".into()), plan, fence: Fence(1) };
        let mut records = vec![Record { at: now, entry: opened }];
        while records.len() < most && *run.effect() != Effect::Finish {
            if let Effect::Act(order) = run.effect() {
                records.push(Record { at: now, entry: Entry::Intent(order.clone()) });
            }
            let event = self.answer(&mut now, run.effect());
            run = run.advance(now, &event).expect("it was asked for");
            records.push(Record { at: now, entry: Entry::Happened(event) });
        }
        records
    }

    fn plan(&self, strategy: Strategy) -> Arc<Plan> {
        let request = Request {
            kind: Kind::Deploy,
            target: "shop".into(),
            to: release("v2", 2),
            strategy,
            size: None,
            health: HealthRule::default(),
            migration: None,
            keep: Some(vec![]),
            limits: Some(Limits { prove: Span::from_secs(40), ..Limits::usual(&CAN) }),
            allow_downgrade: false,
            valid_for: Span::from_mins(30),
        };
        match plan(request, &self.seen(), &CAN, DAWN).expect("it can be planned") {
            Planned::Plan(plan) => plan,
            Planned::Unchanged(release) => panic!("{release} serves already"),
        }
    }

    fn seen(&self) -> Observation {
        let groups = self.groups.clone();
        Observation { fence: Fence(1), incarnation: 1, groups, delegation: Delegation::Idle }
    }

    fn answer(&mut self, now: &mut Moment, effect: &Effect) -> Event {
        match effect {
            Effect::Act(order) => {
                self.obey(&order.action);
                Event::Acted(Outcome::Applied)
            }
            Effect::Observe => Event::Observed(Ok(self.seen())),
            Effect::Inspect => Event::Inspected(Ok(Schema::Applied)),
            Effect::Probe(_) => Event::Probed(Ok(())),
            Effect::Measure { metrics, .. } => {
                self.looks += 1;
                Event::Measured(metrics.iter().map(|metric| self.reading(metric)).collect())
            }
            Effect::Ask { .. } => Event::Answered(Answer::Approved { by: "ana".into() }),
            Effect::Wait { until } => {
                *now = *until;
                Event::Woke
            }
            Effect::Finish => unreachable!("nothing is asked for any more"),
        }
    }

    fn reading(&self, metric: &MetricName) -> Reading {
        let wave = self.looks * 7 % 5;
        let counts = |events, total| Counts::new(events, total).expect("fewer than all");
        if *metric == MetricName::errors() {
            return Reading::Ratio {
                stable: counts(2 + wave % 3, 3_000),
                candidate: counts(self.errors + wave % 2, 1_000),
            };
        }
        let millis = f64::from(u32::try_from(wave).expect("it is small"));
        Reading::Gauge { stable: 41.5 + millis, candidate: 40.0 + millis * 1.3 }
    }

    fn obey(&mut self, action: &Action) {
        match action {
            Action::Capacity { release: id, units } => {
                if self.groups.iter().all(|group| group.release.id != *id) {
                    self.groups.push(group(&release("v2", 2), 0, Share::NONE));
                }
                let says = self.says.clone();
                let wanted = self.groups.iter_mut().find(|group| group.release.id == *id);
                let group = wanted.expect("it was just added");
                group.desired = *units;
                group.ready = *units;
                group.failing.clear();
                if let Some(reason) = says.filter(|_| id.to_string() == "v2" && *units > 0) {
                    let unit = "shop-v2-1".into();
                    group.ready = 0;
                    group.failing.push(Failing { unit, reason, hopeless: false });
                }
            }
            Action::Traffic { candidate, share, .. } => {
                for group in &mut self.groups {
                    let is_candidate = group.release.id == *candidate;
                    group.share = if is_candidate { *share } else { share.rest() };
                }
            }
            Action::Prune { .. } => self.groups.retain(Group::is_live),
            Action::Claim
            | Action::Migrate { .. }
            | Action::Roll { .. }
            | Action::Proceed { .. } => {}
        }
    }
}

fn release(name: &str, sequence: u64) -> Release {
    let id = name.parse().expect("it is a name");
    Release { id, digest: Digest::of(name.as_bytes()), sequence }
}

fn group(release: &Release, units: u16, share: Share) -> Group {
    Group {
        release: release.clone(),
        desired: units,
        ready: units,
        restarts: 0,
        in_flight: Some(0),
        share,
        failing: vec![],
    }
}

fn percent(percent: u16) -> Share {
    Share::from_percent(percent).expect("it is a share")
}

pub(crate) fn canary(gates: &[Gate]) -> Strategy {
    let step = |share| CanaryStep { traffic: percent(share), gates: gates.to_vec() };
    Strategy::Canary(Canary { steps: vec![step(10), step(50)], after: vec![] })
}

/// A canary whose errors are judged.
pub(crate) fn judged() -> Strategy {
    let rule = Rule::new(MetricName::errors(), pilotage_judge::Method::default());
    canary(&[Gate::Judge(Judging {
        panel: Panel::of(rule, Risk::ONE_PERCENT),
        interval: Span::from_secs(15),
        horizon: Span::from_mins(10),
        inconclusive: Inconclusive::Revert,
    })])
}

/// The journal of a long soak with this many records, under way.
pub(crate) fn long(records: usize, world: World) -> Vec<Record> {
    let journal = world.sail(canary(&[Gate::Soak(Span::from_mins(60 * 48))]), records);
    assert_eq!(journal.len(), records, "it is long enough");
    journal
}
