//! One environment, checked: from what is written to what the engine takes.

use std::collections::BTreeMap;

use pilotage_config::Fault;
use pilotage_rollout::Span;
use pilotage_rollout::gate::HealthRule;
use pilotage_rollout::plan::Limits;
use pilotage_rollout::ramp::{self, Strategy};
use pilotage_rollout::target::Capabilities;

use super::check::Check;
use super::file;
use super::gates::{Bench, Means};
use super::migration::Migration;
use super::outward;
use super::quantity::{Length, span};
use super::receiver::Receiver;
use super::strategy::{each, strategy_of};

/// How one environment is deployed to; checked as far as that is possible without the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// How a new release takes over.
    pub strategy: Strategy,
    /// How an old release comes back.
    pub rollback: Strategy,
    /// How many units; the live number is kept if absent.
    pub size: Option<u16>,
    /// When units count as healthy.
    pub health: HealthRule,
    /// What must be applied before a new release may serve.
    pub migration: Option<Migration>,
    /// How many earlier releases clean-up leaves alone; no clean-up if absent.
    pub keep: Option<usize>,
    /// How long a plan may wait before it is started.
    pub plan_valid_for: Span,
    /// The smoke checks, by name.
    pub checks: BTreeMap<String, Check>,
    /// Who is told of a run.
    pub notify: Vec<Receiver>,
    limits: Overrides,
}

/// What the file says of the limits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Overrides {
    spans: [Option<Span>; 6],
    tries: Option<u8>,
    repairs: Option<u8>,
    calls: Option<u32>,
}

impl Environment {
    /// The limits for a target that can do this much.
    pub fn limits(&self, can: &Capabilities) -> Limits {
        let usual = Limits::usual(can);
        let [prove, confirm, drain, delegated, migrate, poll] = self.limits.spans;
        Limits {
            prove: prove.unwrap_or(usual.prove),
            confirm: confirm.unwrap_or(usual.confirm),
            drain: drain.unwrap_or(usual.drain),
            delegated: delegated.unwrap_or(usual.delegated),
            migrate: migrate.unwrap_or(usual.migrate),
            poll: poll.unwrap_or(usual.poll),
            tries: self.limits.tries.unwrap_or(usual.tries),
            repairs: self.limits.repairs.unwrap_or(usual.repairs),
            calls: self.limits.calls.unwrap_or(usual.calls),
            ..usual
        }
    }

    /// How long requests in flight may take to finish, if the file says so.
    pub fn drain(&self) -> Option<Span> {
        let [_, _, drain, ..] = self.limits.spans;
        drain
    }

    /// Checks what is written; a fault carries the path below the environment.
    pub(crate) fn check(env: file::Env) -> Result<Self, Fault> {
        let judge = env.judge.map(Bench::new).transpose();
        let judge = judge.map_err(|fault| fault.under("judge"))?;
        let checks = checks(env.checks)?;
        let means = Means { judge: judge.as_ref(), checks: &checks };
        let convert =
            |strategy, key: &str| strategy_of(strategy, means).map_err(|fault| fault.under(key));
        let at_once = ramp::BlueGreen { before: vec![], after: vec![], keep: Span::ZERO };
        if env.size == Some(0) {
            return Err(Fault::new("no units serve nothing")
                .with_help("ask for at least 1, or leave it out to keep the live number")
                .under("size"));
        }
        Ok(Self {
            strategy: convert(env.strategy, "strategy")?,
            rollback: match env.rollback {
                Some(rollback) => convert(rollback, "rollback")?,
                None => Strategy::BlueGreen(at_once),
            },
            size: env.size,
            health: health(env.health.as_ref()).map_err(|fault| fault.under("health"))?,
            migration: checked(env.migration)?,
            keep: env.keep.map(usize::from),
            plan_valid_for: span(env.plan_valid_for, Span::from_mins(30)),
            notify: each("notify", env.notify, Receiver::new)?,
            limits: overrides(&env.limits).map_err(|fault| fault.under("limits"))?,
            checks,
        })
    }
}

fn checked(migration: Option<Migration>) -> Result<Option<Migration>, Fault> {
    let checked = migration.as_ref().map_or(Ok(()), Migration::check);
    checked.map_err(|fault| fault.under("migration"))?;
    Ok(migration)
}

fn checks(checks: BTreeMap<String, outward::Check>) -> Result<BTreeMap<String, Check>, Fault> {
    let check = |(name, check): (String, outward::Check)| match Check::new(check) {
        Ok(check) => Ok((name, check)),
        Err(fault) => Err(fault.under(name).under("checks")),
    };
    checks.into_iter().map(check).collect()
}

fn health(health: Option<&file::Health>) -> Result<HealthRule, Fault> {
    let usual = HealthRule::default();
    let Some(&file::Health { good, of, interval, max_age }) = health else { return Ok(usual) };
    // Whoever says one number of "3 of 3" means it of both, where that is possible.
    let of = of.unwrap_or_else(|| usual.n().max(good.unwrap_or_default()));
    let good = good.unwrap_or_else(|| usual.k().min(of));
    let interval = span(interval, usual.interval());
    let max_age = span(max_age, usual.max_age().max(interval * 2));
    let help = "`good` is how many must be good, `of` is how many of the latest count";
    HealthRule::new(good, of, interval, max_age).map_err(|error| Fault::of(&error).with_help(help))
}

fn overrides(limits: &file::Limits) -> Result<Overrides, Fault> {
    let zero = |key: &str| {
        let help = "raise it, or leave it out for the usual one";
        Fault::new("a limit of zero allows nothing, so the run could only fail")
            .with_help(help)
            .under(key)
    };
    let file::Limits { prove, confirm, drain, delegated, migrate, poll, .. } = limits;
    let needed = [("prove", prove), ("confirm", confirm), ("delegated", delegated)];
    let needed = needed.into_iter().chain([("migrate", migrate), ("poll", poll)]);
    let is_zero = |length: &Option<Length>| *length == Some(Length(Span::ZERO));
    if let Some((key, _)) = needed.into_iter().find(|(_, length)| is_zero(length)) {
        return Err(zero(key));
    }
    if limits.tries == Some(0) {
        return Err(zero("tries"));
    }
    let spans = [prove, confirm, drain, delegated, migrate, poll];
    Ok(Overrides {
        spans: spans.map(|length| length.map(|Length(span)| span)),
        tries: limits.tries,
        repairs: limits.repairs,
        calls: limits.calls,
    })
}
