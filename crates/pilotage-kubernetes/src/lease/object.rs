//! A record as an object, and an object as a record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use pilotage_lease::{LeaseName, OwnerId, Record, StoreFailure, Stored, Tag, Tenure};
use serde::{Deserialize, Serialize};

/// The one annotation that counts.
const ANNOTATION: &str = "pilotage/record";
/// How much of a holder's own words is shown.
const SHOWN: usize = 200;

/// What the annotation holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Whose record it is, so that a copied object is not taken for another lease's.
    name: String,
    /// A number of its own for each write: without it, one that changes nothing would leave the
    /// version as it was, and two writers would both be told that theirs was done.
    write: String,
    record: Record,
}

/// An object that is not one of ours.
#[derive(Debug, thiserror::Error)]
#[error(
    "the object `{object}` is not the record of the lease `{lease}` ({why}): look what else writes \
     there, or use a newer version"
)]
pub(super) struct Foreign {
    object: String,
    lease: LeaseName,
    why: String,
}

/// The object that keeps a record, for whoever expects nothing to be there.
pub(super) fn lease(name: &LeaseName, record: &Record) -> Result<Lease, StoreFailure> {
    let write = OwnerId::random();
    let write = write
        .map_err(|why| StoreFailure::from_source("a write cannot be told apart", why))?
        .to_string();
    let entry = Entry { name: name.to_string(), write, record: record.clone() };
    let entry = serde_json::to_string(&entry)
        .map_err(|why| StoreFailure::from_source("a record cannot be written down", why))?;
    let metadata = ObjectMeta {
        name: Some(super::name::of(name)),
        annotations: Some(BTreeMap::from([(ANNOTATION.to_owned(), entry)])),
        ..ObjectMeta::default()
    };
    Ok(Lease { metadata, spec: Some(shown(record)) })
}

/// Makes it replace the version of this tag only; none where it is no tag of ours.
pub(super) fn expect(lease: &mut Lease, tag: &str) -> Option<()> {
    let (uid, version) = tag.split_once('/')?;
    lease.metadata.uid = Some(uid.into());
    lease.metadata.resource_version = Some(version.into());
    Some(())
}

/// By what this version of an object is known.
///
/// The `uid` is part of it, for an object that somebody deleted and made anew is another one.
pub(super) fn tag(lease: &Lease) -> Option<Tag> {
    let metadata = &lease.metadata;
    let (uid, version) = (metadata.uid.as_ref()?, metadata.resource_version.as_ref()?);
    Some(Tag(format!("{uid}/{version}")))
}

/// The record that an object keeps.
pub(super) fn stored(lease: &Lease, name: &LeaseName) -> Result<Stored, Foreign> {
    let object = lease.metadata.name.clone().unwrap_or_default();
    let foreign = |why: String| Foreign { object: object.clone(), lease: name.clone(), why };
    let annotation = lease.metadata.annotations.as_ref().and_then(|all| all.get(ANNOTATION));
    let annotation = annotation.ok_or_else(|| foreign(format!("no annotation `{ANNOTATION}`")))?;
    let entry: Entry = serde_json::from_str(annotation).map_err(|why| foreign(why.to_string()))?;
    if entry.name != name.as_str() {
        return Err(foreign(format!("it is that of `{}`", entry.name)));
    }
    let tag = tag(lease).ok_or_else(|| foreign("it has no version".into()))?;
    Ok(Stored { record: entry.record, tag })
}

/// What people see; nothing is decided by it.
fn shown(record: &Record) -> LeaseSpec {
    let tenure = record.tenure();
    LeaseSpec {
        holder_identity: tenure.map(holder),
        lease_duration_seconds: tenure.map(seconds),
        lease_transitions: Some(i32::try_from(record.fence.0).unwrap_or(i32::MAX)),
        acquire_time: tenure.and_then(since),
        ..LeaseSpec::default()
    }
}

/// The holder's own words without what could move a cursor; its number where it said nothing.
fn holder(tenure: &Tenure) -> String {
    let said = tenure.card.who.chars().filter(|char| !char.is_control());
    let said: String = said.take(SHOWN).collect();
    if said.is_empty() { tenure.owner.to_string() } else { said }
}

fn seconds(tenure: &Tenure) -> i32 {
    let seconds = tenure.term.span().as_millis().div_ceil(1_000);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

fn since(tenure: &Tenure) -> Option<MicroTime> {
    let millis = i64::try_from(tenure.since.as_millis()).ok()?;
    Timestamp::from_millisecond(millis).ok().map(MicroTime)
}

#[cfg(test)]
mod tests {
    use pilotage_lease::{Card, Fence, Moment, Tenancy, Term};

    use super::*;

    fn name() -> LeaseName {
        "Shop".parse().expect("a name")
    }

    fn held(who: &str) -> Record {
        let tenure = Tenure {
            owner: OwnerId::from_bits(7),
            term: Term::USUAL,
            since: Moment::from_millis(1_500),
            card: Card::of(who),
            from: None,
        };
        Record { revision: 3, fence: Fence(u64::MAX), tenancy: Tenancy::Held(tenure), hold: None }
    }

    #[test]
    fn people_see_who_since_when_and_for_how_long() {
        let spec = shown(&held("job \u{1b}[2J7"));
        assert_eq!(spec.holder_identity.as_deref(), Some("job [2J7"));
        assert_eq!(
            (spec.lease_duration_seconds, spec.lease_transitions),
            (Some(30), Some(i32::MAX))
        );
        assert_eq!(spec.acquire_time.map(|time| time.0.as_millisecond()), Some(1_500));
        let silent = shown(&held("\n")).holder_identity;
        assert_eq!(silent, Some(OwnerId::from_bits(7).to_string()));
        assert_eq!(shown(&Record::BLANK).holder_identity, None);
    }

    #[test]
    fn an_object_is_a_record_only_under_its_own_name() {
        let mut object = lease(&name(), &held("a")).expect("it can be made");
        object.metadata.uid = Some("u".into());
        object.metadata.resource_version = Some("9".into());
        let found = stored(&object, &name()).expect("it is ours");
        assert_eq!((found.record, found.tag.0.as_str()), (held("a"), "u/9"));
        let other = "shop".parse().expect("a name");
        let error = stored(&object, &other).expect_err("it is another's").to_string();
        assert!(error.contains("it is that of `Shop`"), "{error}");
        object.metadata.annotations = None;
        let error = stored(&object, &name()).expect_err("it is another's").to_string();
        assert!(error.contains("no annotation"), "{error}");
    }

    #[test]
    fn no_two_writes_of_one_record_are_alike() {
        let record = held("a");
        let twice = [lease(&name(), &record), lease(&name(), &record)];
        let [one, other] = twice.map(|lease| lease.expect("it can be made").metadata.annotations);
        assert_ne!(one, other);
    }
}
