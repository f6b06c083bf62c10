//! A place of secrets in memory: Secrets Manager, Parameter Store, Key Vault and Kubernetes in one.
//!
//! It is stricter than the real ones. A call that mixes lanes, repeats a locator, or asks for more
//! than a lane allows at once fails the test, where a real service would sometimes let it pass.

mod kept;

use core::num::NonZeroUsize;
use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_rollout::{Moment, Span};
use pilotage_secrets::reference::Pick;
use pilotage_secrets::{
    Description, Errand, Failure, Fetched, KmsKey, Lane, Locator, Secret, SecretSource, Stage,
    VersionId, Words,
};
use std::sync::Arc;

use super::lock;
use kept::Kept;

/// A place of secrets; see the module.
#[derive(Debug)]
pub struct FakeVault {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: BTreeMap<Locator, Kept>,
    calls: Vec<(Errand, Vec<Locator>)>,
    under_way: BTreeMap<Lane, usize>,
    throttled: u32,
    asked_to_wait: Option<Span>,
    silent: u32,
    forgetful: u32,
    takes: Span,
}

impl FakeVault {
    /// An empty place.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Stores a value, and says in which version.
    pub fn put(&self, locator: &Locator, value: impl Into<Vec<u8>>) -> VersionId {
        self.change(locator, |kept| kept.put(value.into()))
    }

    /// Begins a rotation: a version that is not current yet.
    pub fn begin_rotation(&self, locator: &Locator, value: impl Into<Vec<u8>>) -> VersionId {
        self.change(locator, |kept| kept.begin_rotation(value.into()))
    }

    /// Ends a rotation: the pending version is the current one.
    pub fn end_rotation(&self, locator: &Locator) {
        self.change(locator, Kept::end_rotation);
    }

    /// Prunes versions that have no label.
    pub fn prune(&self, locator: &Locator) {
        self.change(locator, Kept::prune);
    }

    /// Schedules a secret for deletion.
    pub fn delete(&self, locator: &Locator, gone_at: Moment) {
        self.change(locator, |kept| kept.gone_at = Some(gone_at));
    }

    /// From now on, reading this fails like this; describing does as well unless it is the key that
    /// is denied.
    pub fn refuse(&self, locator: &Locator, failure: Failure) {
        self.change(locator, |kept| kept.refused = Some(failure));
    }

    /// From now on, this is encrypted with a key that policies must name.
    pub fn encrypt(&self, locator: &Locator, key: KmsKey) {
        self.change(locator, |kept| kept.key = Some(key));
    }

    /// The next calls are throttled, each for all that it asks for.
    pub fn throttle(&self, calls: u32, wait: Option<Span>) {
        let mut state = lock(&self.state);
        (state.throttled, state.asked_to_wait) = (calls, wait);
    }

    /// The next calls are never answered.
    pub fn fall_silent(&self, calls: u32) {
        lock(&self.state).silent = calls;
    }

    /// The next calls leave the last of their answers out.
    pub fn forget(&self, calls: u32) {
        lock(&self.state).forgetful = calls;
    }

    /// How long each call takes.
    pub fn slow_down(&self, takes: Span) {
        lock(&self.state).takes = takes;
    }

    /// What was asked for, call by call.
    pub fn calls(&self) -> Vec<(Errand, Vec<Locator>)> {
        lock(&self.state).calls.clone()
    }

    fn change<T>(&self, locator: &Locator, change: impl FnOnce(&mut Kept) -> T) -> T {
        let mut state = lock(&self.state);
        let locator = locator.unpinned();
        change(state.kept.entry(locator.clone()).or_insert_with(|| Kept::new(&locator)))
    }

    /// One call: counted, held to the limits, and perhaps not answered as it should be.
    async fn call<T>(
        &self,
        errand: Errand,
        wanted: &[Locator],
        answer: impl Fn(&Kept, &Locator) -> Result<T, Failure>,
    ) -> Vec<Result<T, Failure>> {
        let under_way = self.enter(errand, wanted);
        let takes = lock(&self.state).takes;
        self.clock.sleep(takes).await;
        if self.spend(|state| &mut state.silent) {
            core::future::pending::<()>().await;
        }
        drop(under_way);
        let state = &mut *lock(&self.state);
        if let Some(left) = state.throttled.checked_sub(1) {
            state.throttled = left;
            let wait = state.asked_to_wait;
            return wanted.iter().map(|_| Err(Failure::Throttled { wait })).collect();
        }
        let one = |locator: &Locator| match state.kept.get(&locator.unpinned()) {
            None => Err(Failure::Missing),
            Some(kept) => answer(kept, locator),
        };
        let mut answers: Vec<_> = wanted.iter().map(one).collect();
        if let Some(left) = state.forgetful.checked_sub(1) {
            state.forgetful = left;
            answers.pop();
        }
        answers
    }

    fn spend(&self, which: impl FnOnce(&mut State) -> &mut u32) -> bool {
        let mut state = lock(&self.state);
        let left = which(&mut state);
        let spent = *left > 0;
        *left = left.saturating_sub(1);
        spent
    }

    fn enter(&self, errand: Errand, wanted: &[Locator]) -> UnderWay<'_> {
        let lanes: Vec<Lane> = wanted.iter().filter_map(|one| self.lane(errand, one)).collect();
        let [lane, ..] = lanes.as_slice() else { panic!("a call without a locator of ours") };
        assert!(lanes.iter().all(|other| other == lane), "a call mixes lanes: {lanes:?}");
        assert_eq!(lanes.len(), wanted.len(), "a call asks for what is not ours: {wanted:?}");
        assert!(wanted.len() <= lane.batch.get(), "a call asks for {} of {lane:?}", wanted.len());
        let mut once = wanted.to_vec();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), wanted.len(), "a call repeats a locator");
        let mut state = lock(&self.state);
        state.calls.push((errand, wanted.to_vec()));
        let under_way = state.under_way.entry(lane.clone()).or_default();
        *under_way += 1;
        assert!(*under_way <= lane.parallel.get(), "{under_way} calls at once in {lane:?}");
        UnderWay { vault: self, lane: lane.clone() }
    }
}

/// A call that has begun and has neither ended nor been given up.
struct UnderWay<'v> {
    vault: &'v FakeVault,
    lane: Lane,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(under_way) = lock(&self.vault.state).under_way.get_mut(&self.lane) {
            *under_way -= 1;
        }
    }
}

#[async_trait]
impl SecretSource for FakeVault {
    fn place(&self) -> String {
        "a vault in memory".into()
    }

    fn lane(&self, errand: Errand, locator: &Locator) -> Option<Lane> {
        let (name, batch, parallel) = match (locator, errand) {
            (Locator::SecretsManager(secret), Errand::Fetch) => match secret.pick {
                Pick::Current => ("asm/current", 20, 4),
                Pick::Stage(_) | Pick::Id(_) => ("asm/one", 1, 4),
            },
            (Locator::SecretsManager(_), Errand::Describe) => ("asm/describe", 1, 4),
            (Locator::Parameter(_), _) => ("ssm", 10, 2),
            (Locator::KeyVault(_), _) => ("akv", 1, 8),
            (Locator::Kubernetes(_), _) => ("k8s", 1, 4),
            (Locator::Env(_) | Locator::File(_), _) => return None,
        };
        let number = |number: usize| NonZeroUsize::new(number).unwrap_or(NonZeroUsize::MIN);
        Some(Lane { name: name.into(), batch: number(batch), parallel: number(parallel) })
    }

    async fn fetch(&self, wanted: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        let answer = |kept: &Kept, locator: &Locator| {
            if let Some(refused) = &kept.refused {
                return Err(refused.clone());
            }
            if let Some(gone_at) = kept.gone_at {
                return Err(Failure::Deleted { gone_at: Some(gone_at) });
            }
            let version = kept.meant(locator).ok_or(Failure::NoSuchVersion)?;
            let value = kept.value(&version).ok_or(Failure::NoSuchVersion)?;
            Ok(Fetched { version: Some(version), value: Secret::new(value) })
        };
        self.call(Errand::Fetch, wanted, answer).await
    }

    async fn describe(&self, wanted: &[Locator]) -> Vec<Result<Description, Failure>> {
        let answer = |kept: &Kept, locator: &Locator| match &kept.refused {
            Some(refused) if !matches!(refused, Failure::KeyDenied { .. }) => Err(refused.clone()),
            _ => Ok(kept.description(locator)),
        };
        self.call(Errand::Describe, wanted, answer).await
    }
}

/// A failure as a provider says it.
pub fn denied(said: &str) -> Failure {
    Failure::Denied { said: Words::new(said) }
}

/// The stage of that name.
fn stage(name: &str) -> Stage {
    name.parse().unwrap_or_else(|error| panic!("{name}: {error}"))
}
