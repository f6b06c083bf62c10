//! Events in the order in which each could see the others, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use pilotage_artifact::Digest;

use super::{Event, Scope};
use crate::record::RecordId;
use crate::sign::KeyId;
use crate::time::Time;

/// An event that is signed by a key that may say such a thing. Only a
/// [trust policy](crate::trust::TrustPolicy) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    id: Digest,
    key: KeyId,
    event: Event,
}

impl Proven {
    pub(crate) const fn new(id: Digest, key: KeyId, event: Event) -> Self {
        Self { id, key, event }
    }

    /// The digest of what was signed, by which later events name it.
    pub const fn id(&self) -> Digest {
        self.id
    }

    /// The key that signed it.
    pub const fn key(&self) -> &KeyId {
        &self.key
    }

    /// What it says.
    pub const fn event(&self) -> &Event {
        &self.event
    }
}

/// All that is known of one release, chain by chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    record: RecordId,
    chains: BTreeMap<Scope, Chain>,
}

/// One chain: its events, each after those that it names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    links: Vec<Link>,
    damage: Vec<Damage>,
}

/// An event and when it happened as far as its chain is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) proven: Proven,
    /// Never earlier than the events before it, whatever the writer's clock said.
    pub(super) at: Time,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Damage {
    /// An event is named that is not there, or is not signed by whom the policy trusts.
    #[error("event {missing} is named by {by} and is not there")]
    Gap {
        /// The one that is missing.
        missing: Digest,
        /// The one that names it.
        by: Digest,
    },
    /// Several events are the last one.
    #[error("the chain has {} ends that nobody has joined", ends.len())]
    Fork {
        /// Which.
        ends: Vec<Digest>,
    },
}

impl History {
    /// Puts the events of a release in order. Those of other releases are left out; one that is
    /// there twice counts once.
    pub fn of(record: RecordId, events: impl IntoIterator<Item = Proven>) -> Self {
        let mut scopes: BTreeMap<Scope, BTreeMap<Digest, Proven>> = BTreeMap::new();
        for proven in events.into_iter().filter(|proven| proven.event.record == record) {
            scopes.entry(proven.event.scope.clone()).or_default().insert(proven.id, proven);
        }
        let chains = scopes.into_iter().map(|(scope, events)| (scope, Chain::of(events)));
        Self { record, chains: chains.collect() }
    }

    /// Of which release.
    pub const fn record(&self) -> RecordId {
        self.record
    }

    /// The chains that have events.
    pub fn chains(&self) -> impl Iterator<Item = (&Scope, &Chain)> {
        self.chains.iter()
    }

    /// One chain, if it has events.
    pub fn chain(&self, scope: &Scope) -> Option<&Chain> {
        self.chains.get(scope)
    }

    /// What the next event of a chain has to name.
    pub fn ends(&self, scope: &Scope) -> Vec<Digest> {
        self.chain(scope).map(Chain::ends).unwrap_or_default()
    }
}

impl Chain {
    fn of(events: BTreeMap<Digest, Proven>) -> Self {
        let mut damage: Vec<_> = events.values().flat_map(|event| gaps(event, &events)).collect();
        let links = in_order(events);
        let ends = ends(&links);
        if ends.len() > 1 {
            damage.push(Damage::Fork { ends });
        }
        Self { links, damage }
    }

    /// The events, each after those that it names.
    pub fn events(&self) -> impl Iterator<Item = &Proven> {
        self.links.iter().map(|link| &link.proven)
    }

    /// What is missing or not in one line.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// The events that no other names, in order.
    pub fn ends(&self) -> Vec<Digest> {
        ends(&self.links)
    }

    pub(super) fn links(&self) -> &[Link] {
        &self.links
    }
}

fn gaps(event: &Proven, events: &BTreeMap<Digest, Proven>) -> Vec<Damage> {
    let missing = event.event.after.iter().filter(|named| !events.contains_key(*named));
    missing.map(|missing| Damage::Gap { missing: *missing, by: event.id }).collect()
}

fn ends(links: &[Link]) -> Vec<Digest> {
    let named: BTreeSet<Digest> =
        links.iter().flat_map(|link| link.proven.event.after.iter().copied()).collect();
    let mut ends: Vec<_> =
        links.iter().map(|link| link.proven.id).filter(|id| !named.contains(id)).collect();
    ends.sort();
    ends
}

/// Orders events after those that they name. Of events side by side, those that speak against the
/// release come last, so that they win; the rest is by time and then by digest, so that the order
/// does not depend on how they were listed.
///
/// An event cannot name itself, directly or not, for its digest covers the digests that it names;
/// so there is always one that can come next.
fn in_order(mut waiting: BTreeMap<Digest, Proven>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::with_capacity(waiting.len());
    let mut times: BTreeMap<Digest, Time> = BTreeMap::new();
    while let Some(id) = next(&waiting) {
        let Some(proven) = waiting.remove(&id) else { break };
        let before = proven.event.after.iter().filter_map(|named| times.get(named)).max();
        let at = before.map_or(proven.event.at, |before| proven.event.at.max(*before));
        times.insert(id, at);
        links.push(Link { proven, at });
    }
    links
}

fn next(waiting: &BTreeMap<Digest, Proven>) -> Option<Digest> {
    let free = |proven: &&Proven| {
        !proven.event.after.iter().any(|named| waiting.contains_key(named))
    };
    let rank = |proven: &&Proven| (proven.event.deed.is_against(), proven.event.at, proven.id);
    waiting.values().filter(free).min_by_key(rank).map(|proven| proven.id)
}
