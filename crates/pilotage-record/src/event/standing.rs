//! What the events of a release add up to.

use std::collections::BTreeMap;

use pilotage_artifact::Digest;

use super::chain::Link;
use super::{Deed, History, RuleName, ScanOutcome, Scope, TestVerdict};
use crate::text::{Actor, EnvironmentName, Platform, Role, Suite, Words};
use crate::time::{Span, Time};

/// The event that something rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// Which event.
    pub id: Digest,
    /// When.
    pub at: Time,
    /// By whom.
    pub by: Actor,
    /// In words, where it has some.
    pub words: Option<Words>,
}

/// What is known of a release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// That it is vouched for.
    pub built: Option<Grounds>,
    /// That it must go nowhere. There is no way back from this.
    pub revoked: Option<Grounds>,
    /// That another took its place.
    pub superseded: Option<Grounds>,
    /// The last result of each suite on each platform.
    pub tests: BTreeMap<(Suite, Platform), Tested>,
    /// The last scan of each image.
    pub scans: BTreeMap<(Platform, Digest), Scanned>,
    environments: BTreeMap<EnvironmentName, InEnvironment>,
}

/// The result of a suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// How it ended.
    pub result: TestVerdict,
    /// What that rests on.
    pub grounds: Grounds,
}

/// The result of a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// What was found.
    pub outcome: ScanOutcome,
    /// What that rests on.
    pub grounds: Grounds,
}

/// What is known of a release in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InEnvironment {
    /// Who wants it there.
    pub approvals: Vec<Approval>,
    /// That it was brought to the registry.
    pub promoted: Option<Grounds>,
    /// That it came to serve, and its place in the order.
    pub deployed: Option<(Grounds, u64)>,
    /// That it was good where it serves, after it last came to serve and after the last failure.
    pub verified: Option<Grounds>,
    /// How long it was watched since then.
    pub soaked: Option<(Grounds, Span)>,
    /// That it failed where it serves, and was not good since.
    pub failed: Option<Grounds>,
    /// That it was taken back, and did not come to serve since.
    pub rolled_back: Option<Grounds>,
    /// That it must never enter here again.
    pub revoked: Option<Grounds>,
    /// That the environment stays with it.
    pub held: Option<Grounds>,
    /// Rules that were set aside.
    pub glass: Vec<Glass>,
}

/// Somebody's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// In which role.
    pub role: Role,
    /// Until when.
    pub expires: Time,
    /// Whose.
    pub grounds: Grounds,
}

/// Rules that were set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glass {
    /// Which.
    pub waives: Vec<RuleName>,
    /// Until when.
    pub expires: Time,
    /// By whom and why.
    pub grounds: Grounds,
}

impl Standing {
    /// What the events add up to. The same events give the same answer in whatever order they were
    /// found, and every event means something in every state.
    pub fn of(history: &History) -> Self {
        let mut standing = Self::default();
        for (scope, chain) in history.chains() {
            chain.links().iter().for_each(|link| standing.take(scope, link));
        }
        standing
    }

    /// What is known in an environment; nothing, if nothing happened there.
    pub fn in_environment(&self, name: &EnvironmentName) -> InEnvironment {
        self.environments.get(name).cloned().unwrap_or_default()
    }

    fn take(&mut self, scope: &Scope, link: &Link) {
        let grounds = Grounds::of(link);
        match (&link.proven.event().deed, scope) {
            (Deed::Built { .. }, _) => self.built = Some(grounds),
            (Deed::Superseded { .. }, _) => self.superseded = Some(grounds),
            (Deed::Tested { suite, platform, result, .. }, _) => {
                let key = (suite.clone(), platform.clone());
                self.take_test(key, Tested { result: *result, grounds });
            }
            (Deed::Scanned { platform, image, outcome, .. }, _) => {
                let scanned = Scanned { outcome: outcome.clone(), grounds };
                self.scans.insert((platform.clone(), *image), scanned);
            }
            (Deed::Revoked { .. }, Scope::Release) => self.revoked = Some(grounds),
            (deed, Scope::In(name)) => {
                self.environments.entry(name.clone()).or_default().take(deed, grounds);
            }
            (_, Scope::Release) => {}
        }
    }

    /// Suites may be run in several environments, whose chains do not see each other: there the
    /// later result counts, and of two at one time the worse.
    fn take_test(&mut self, key: (Suite, Platform), tested: Tested) {
        let rank = |tested: &Tested| (tested.grounds.at, tested.result == TestVerdict::Failed);
        let known = self.tests.get(&key);
        if known.is_none_or(|known| rank(known) <= rank(&tested)) {
            self.tests.insert(key, tested);
        }
    }
}

impl InEnvironment {
    fn take(&mut self, deed: &Deed, grounds: Grounds) {
        match deed {
            Deed::Approved { role, expires } => {
                self.approvals.push(Approval { role: role.clone(), expires: *expires, grounds });
            }
            Deed::Promoted { .. } => self.promoted = Some(grounds),
            Deed::Deployed { sequence } => self.deploy(grounds, *sequence),
            Deed::Verified { result, .. } => self.verify(*result, grounds),
            Deed::Soaked { span } => self.soak(*span, grounds),
            Deed::RolledBack { .. } => {
                self.rolled_back = Some(grounds);
                self.forget();
            }
            Deed::Revoked { .. } => {
                self.revoked = Some(grounds);
                self.forget();
            }
            Deed::Held { .. } => self.held = Some(grounds),
            Deed::Unheld { .. } => self.held = None,
            Deed::BrokeGlass { waives, expires, .. } => {
                self.glass.push(Glass { waives: waives.clone(), expires: *expires, grounds });
            }
            Deed::Built { .. }
            | Deed::Tested { .. }
            | Deed::Scanned { .. }
            | Deed::Superseded { .. }
            | Deed::Noted { .. } => {}
        }
    }

    /// Whatever was found out about an earlier stay says nothing about this one, but for a failure
    /// that nothing has outweighed yet: only being good again does.
    fn deploy(&mut self, grounds: Grounds, sequence: u64) {
        self.deployed = Some((grounds, sequence));
        self.rolled_back = None;
        self.forget();
    }

    fn verify(&mut self, result: TestVerdict, grounds: Grounds) {
        self.forget();
        match result {
            TestVerdict::Passed => {
                self.verified = Some(grounds);
                self.failed = None;
            }
            TestVerdict::Failed => self.failed = Some(grounds),
        }
    }

    /// Only what was watched after it was found good counts, and nobody can have watched longer
    /// than it was there.
    fn soak(&mut self, span: Span, grounds: Grounds) {
        let Some(verified) = &self.verified else { return };
        let there = self.deployed.as_ref().map_or(verified.at, |(deployed, _)| deployed.at);
        let possible = span <= grounds.at.since(there);
        let longer = self.soaked.as_ref().is_none_or(|(_, known)| *known < span);
        if possible && longer {
            self.soaked = Some((grounds, span));
        }
    }

    fn forget(&mut self) {
        self.verified = None;
        self.soaked = None;
    }
}

impl Grounds {
    fn of(link: &Link) -> Self {
        let event = link.proven.event();
        let words = match &event.deed {
            Deed::Revoked { reason }
            | Deed::RolledBack { reason, .. }
            | Deed::Held { reason }
            | Deed::Unheld { reason }
            | Deed::BrokeGlass { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        Self { id: link.proven.id(), at: link.at, by: event.by.clone(), words }
    }
}
