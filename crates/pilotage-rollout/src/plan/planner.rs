//! The planner: a pure function from what is asked and what is seen to a plan or a refusal.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use pilotage_artifact::{Release, ReleaseId};

use super::{Kind, Limits, Plan, Refusal, SCHEMA, fingerprint};
use crate::gate::{Gate, HealthRule, Via};
use crate::ramp::{Step, Strategy};
use crate::target::{Capabilities, Delegation, Group, MigrationId, Observation, TrafficControl};
use crate::{Moment, Ramp, Share, Span};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Deploy or rollback.
    pub kind: Kind,
    /// The target by name.
    pub target: String,
    /// What shall serve.
    pub to: Release,
    /// How it shall take over.
    pub strategy: Strategy,
    /// How many units, if the live number shall not simply be kept.
    pub size: Option<u16>,
    /// When units count as healthy.
    pub health: HealthRule,
    /// What must be applied before the candidate may serve.
    pub migration: Option<MigrationId>,
    /// What clean-up leaves alone besides the releases of this plan; no clean-up if absent.
    pub keep: Option<Vec<ReleaseId>>,
    /// Deadlines and budgets; the usual ones if absent.
    pub limits: Option<Limits>,
    /// Whether an older release may land over a newer one.
    pub allow_downgrade: bool,
    /// How long the plan may wait before it is started.
    pub valid_for: Span,
}

/// What planning came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Planned {
    /// There is something to do.
    Plan(Arc<Plan>),
    /// Exactly the requested release serves already.
    Unchanged(ReleaseId),
}

/// Makes a plan for what is asked, given what is seen and what the target can do.
pub fn plan(
    request: Request,
    live: &Observation,
    can: &Capabilities,
    now: Moment,
) -> Result<Planned, Refusal> {
    let from = serving(live, &request.to)?;
    guard(&request, from)?;
    let size = request.size.or(from.map(|group| group.desired)).unwrap_or(1);
    if let Some(group) = from.filter(|group| group.runs(&request.to)) {
        return unchanged(group);
    }
    if size == 0 {
        return Err(Refusal::NoUnits);
    }
    let (size, shrunk) = no_less_than_live(size, from);
    let (ramp, mut notes) = negotiate(&request.strategy, can, size, from.is_none())?;
    notes.extend(shrunk);
    let mut limits = request.limits.unwrap_or_else(|| Limits::usual(can)).for_target(can);
    limits.check()?;
    if limits.calls == 0 {
        limits.calls = limits.budget(&ramp, request.health);
    }
    let from = from.map(|group| group.release.clone());
    Ok(Planned::Plan(Arc::new(Plan {
        schema: SCHEMA,
        kind: request.kind,
        target: request.target,
        incarnation: live.incarnation,
        keep: keep_set(request.keep, from.as_ref(), &request.to),
        from,
        to: request.to,
        size,
        ramp,
        health: request.health,
        migration: request.migration,
        limits,
        fencing: can.fencing,
        fingerprint: fingerprint(live),
        made_at: now,
        expires_at: now + request.valid_for,
        notes,
    })))
}

/// A rollout is no way to shrink a service: while both releases run, fewer units than serve now
/// would carry the same traffic.
fn no_less_than_live(size: u16, from: Option<&Group>) -> (u16, Option<String>) {
    match from.map(|group| group.desired) {
        Some(live) if live > size => {
            let note =
                format!("{size} units become {live}, as many as serve now: scale down apart");
            (live, Some(note))
        }
        _ => (size, None),
    }
}

/// The group that serves now. Units of the requested release without traffic were staged by an
/// earlier run; they are the same content, so a new run may go on with them.
fn serving<'a>(live: &'a Observation, to: &Release) -> Result<Option<&'a Group>, Refusal> {
    if let Delegation::Rolling { release } | Delegation::Awaiting { release, .. } = &live.delegation
    {
        return Err(Refusal::PlatformBusy { release: release.clone() });
    }
    let staged = |group: &&Group| group.runs(to) && group.share == Share::NONE;
    let mut groups = live.groups.iter().filter(|group| group.is_live() && !staged(group));
    match (groups.next(), groups.next()) {
        (Some(one), Some(other)) => Err(Refusal::Unfinished {
            one: one.release.id.clone(),
            other: other.release.id.clone(),
        }),
        (one, _) => Ok(one),
    }
}

fn guard(request: &Request, from: Option<&Group>) -> Result<(), Refusal> {
    if request.valid_for == Span::ZERO {
        return Err(Refusal::BornExpired { lifetime: request.valid_for });
    }
    let Some(Group { release: live, .. }) = from else {
        let nothing = request.kind == Kind::Rollback;
        return if nothing { Err(Refusal::NothingToRollBack) } else { Ok(()) };
    };
    if live.id == request.to.id && live.digest != request.to.digest {
        return Err(Refusal::SameNameOtherContent { release: live.id.clone() });
    }
    let downgrade = request.kind == Kind::Rollback || request.allow_downgrade;
    if request.to.sequence < live.sequence && !downgrade {
        return Err(Refusal::Older {
            to: request.to.id.clone(),
            to_sequence: request.to.sequence,
            live: live.id.clone(),
            live_sequence: live.sequence,
        });
    }
    Ok(())
}

/// Nothing would change by deploying what is live. If it is not well, pretending to deploy it
/// again would only wait for the same failure.
fn unchanged(group: &Group) -> Result<Planned, Refusal> {
    let Group { release, desired, ready, share, .. } = group;
    if *ready > 0 && ready >= desired && *share == Share::ALL {
        return Ok(Planned::Unchanged(release.id.clone()));
    }
    let (ready, desired) = (*ready, *desired);
    Err(Refusal::LiveButUnwell { release: release.id.clone(), ready, desired, share: *share })
}

fn keep_set(keep: Option<Vec<ReleaseId>>, from: Option<&Release>, to: &Release) -> Vec<ReleaseId> {
    let Some(mut keep) = keep else { return Vec::new() };
    keep.extend(from.map(|release| release.id.clone()));
    keep.push(to.id.clone());
    keep.sort_unstable();
    keep.dedup();
    keep
}

fn negotiate(
    strategy: &Strategy,
    can: &Capabilities,
    size: u16,
    first: bool,
) -> Result<(Ramp, Vec<String>), Refusal> {
    let asked = strategy.compile(can)?;
    if asked.is_delegated() {
        // The platform moves traffic as it sees fit, and when it is through, stable has none.
        if asked.gates(0).iter().any(compares) {
            return Err(Refusal::IdleJudge { step: 1, traffic: Share::ALL });
        }
        refuse_blind_checks(&asked, can)?;
        return Ok((asked, Vec::new()));
    }
    if first {
        return at_once(&asked, can);
    }
    let mut notes = Vec::new();
    let mut steps = Vec::with_capacity(asked.steps().len());
    let mut stable = Share::ALL;
    for step in asked.steps() {
        let traffic = possible(step, stable, can, size)?;
        stable = step.stable;
        if traffic != step.traffic {
            notes.push(format!(
                "{} of the traffic becomes {traffic}: it is divided by the number of units, and \
                 {size} units divide no finer",
                step.traffic
            ));
        }
        steps.push(Step { traffic, ..step.clone() });
    }
    let ramp = Ramp::driven(steps).map_err(|source| crate::ramp::InvalidStrategy::Ramp {
        strategy: strategy.name(),
        source,
    })?;
    refuse_idle_judges(&ramp)?;
    refuse_blind_checks(&ramp, can)?;
    Ok((ramp, notes))
}

/// On a first deploy there is nothing to compare with and nobody to share with: the candidate is
/// brought up whole and gets everything, and only the gates that need no other side remain.
fn at_once(asked: &Ramp, can: &Capabilities) -> Result<(Ramp, Vec<String>), Refusal> {
    let alone = |gate: &&Gate| !compares(gate);
    let blind = |gate: &Gate| matches!(gate, Gate::Smoke(smoke) if smoke.via == Via::Preview);
    let (preview, gates): (Vec<Gate>, Vec<Gate>) =
        asked.all_gates().filter(alone).cloned().partition(blind);
    let step = |traffic, gates, stable| Step { capacity: Share::ALL, traffic, gates, stable };
    let steps =
        alloc::vec![step(Share::NONE, preview, Share::ALL), step(Share::ALL, gates, Share::NONE)];
    let ramp = Ramp::driven(steps)
        .map_err(|source| crate::ramp::InvalidStrategy::Ramp { strategy: "first", source })?;
    refuse_blind_checks(&ramp, can)?;
    let note = "first deploy: nothing serves yet, so all traffic goes to the candidate once it is \
                healthy, and the judge has nothing to compare it with";
    Ok((ramp, alloc::vec![note.into()]))
}

/// The share that the target can really give to the candidate in this step, while the stable
/// release still has the capacity that the step before left it.
fn possible(step: &Step, stable: Share, can: &Capabilities, size: u16) -> Result<Share, Refusal> {
    let wanted = step.traffic;
    let whole = wanted == Share::NONE || wanted == Share::ALL;
    match can.traffic {
        _ if whole => Ok(wanted),
        TrafficControl::Weights { granularity } => weighted(wanted, granularity),
        TrafficControl::Switch => {
            let why = "it can only be switched as a whole; use blue/green".into();
            Err(Refusal::Traffic { wanted, why })
        }
        TrafficControl::Ratio => {
            let (candidate, stable) = (step.capacity.of(size), stable.of(size));
            Ok(wanted.min(Share::ratio(candidate, candidate.saturating_add(stable))))
        }
    }
}

fn weighted(wanted: Share, granularity: Share) -> Result<Share, Refusal> {
    if wanted.rounded_down_to(granularity) == wanted {
        return Ok(wanted);
    }
    let why = format!("the router divides in multiples of {granularity}");
    Err(Refusal::Traffic { wanted, why })
}

fn refuse_blind_checks(ramp: &Ramp, can: &Capabilities) -> Result<(), Refusal> {
    let blind = ramp.all_gates().find_map(|gate| match gate {
        Gate::Smoke(smoke) if smoke.via == Via::Preview && !can.preview => Some(&smoke.check),
        _ => None,
    });
    match blind {
        Some(check) => Err(Refusal::NoPreview { check: check.clone() }),
        None => Ok(()),
    }
}

fn compares(gate: &Gate) -> bool {
    matches!(gate, Gate::Judge(judging) if judging.panel.compares())
}

/// A judge that compares needs requests on both sides.
fn refuse_idle_judges(ramp: &Ramp) -> Result<(), Refusal> {
    let one_sided = |share: Share| share == Share::NONE || share == Share::ALL;
    let idle = |step: &Step| one_sided(step.traffic) && step.gates.iter().any(compares);
    match ramp.steps().iter().enumerate().find(|(_, step)| idle(step)) {
        Some((index, step)) => Err(Refusal::IdleJudge { step: index + 1, traffic: step.traffic }),
        None => Ok(()),
    }
}
