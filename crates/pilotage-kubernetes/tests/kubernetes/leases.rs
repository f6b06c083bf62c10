//! The contract of stores, kept by a real API server, and what that server has beyond it.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::coordination::v1::Lease;
use kube::Api;
use kube::api::{DeleteParams, PostParams};
use pilotage_clock::SystemClock;
use pilotage_lease::client::{Acquisition, LeaseClient, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, LeaseName, LeaseStore, OwnerId, Proposal, Tag, Written};
use pilotage_testkit::contract;

use crate::cluster::{Bench, new_name, proposal, unique};

async fn put(store: &dyn LeaseStore, name: &LeaseName, proposal: &Proposal) -> Tag {
    match store.write(name, proposal).await.expect("it can be used") {
        Written::Applied(tag) => tag,
        other => panic!("it should be applied: {other:?}"),
    }
}

async fn objects(bench: &Bench) -> Api<Lease> {
    Api::namespaced(bench.admin().await, bench.namespace.as_str())
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(bench) = Bench::open().await else { return };
    let (one, other) = (Arc::new(bench.leases().await), Arc::new(bench.leases().await));
    contract::lease_store(one, other, Arc::new(SystemClock::new()), &unique("x")).await;
    bench.close().await;
}

#[tokio::test]
async fn one_of_many_writers_wins() {
    let Some(bench) = Bench::open().await else { return };
    let (store, name) = (bench.leases().await, new_name());
    let mut tag = None;
    for round in 0..5 {
        let proposals = (0..8).map(|nth| proposal(tag.as_ref(), round * 8 + nth));
        let tasks = proposals.map(|proposal| {
            let (store, name) = (store.clone(), name.clone());
            tokio::spawn(async move { (store.write(&name, &proposal).await, proposal) })
        });
        let mut won = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            match task.await.expect("it ends") {
                (Ok(Written::Applied(tag)), proposal) => won.push((tag, proposal.record)),
                (Ok(Written::Refused), _) => {}
                (other, _) => panic!("{other:?}"),
            }
        }
        assert_eq!(won.len(), 1, "{won:?}");
        let now = store.read(&name).await.expect("it can be used").expect("it is there");
        assert_eq!((now.tag.clone(), now.record), won.remove(0));
        tag = Some(now.tag);
    }
    bench.close().await;
}

#[tokio::test]
async fn a_write_that_changes_nothing_is_a_version_of_its_own() {
    let Some(bench) = Bench::open().await else { return };
    let (store, name) = (bench.leases().await, new_name());
    let first = put(&store, &name, &proposal(None, 1)).await;
    let second = put(&store, &name, &proposal(Some(&first), 1)).await;
    assert_ne!(first, second);
    let late = store.write(&name, &proposal(Some(&first), 2)).await;
    assert_eq!(late.expect("it can be used"), Written::Refused);
    bench.close().await;
}

#[tokio::test]
async fn an_object_that_was_made_anew_is_not_the_expected_one() {
    let Some(bench) = Bench::open().await else { return };
    let (store, name, objects) = (bench.leases().await, new_name(), objects(&bench).await);
    let old = put(&store, &name, &proposal(None, 1)).await;
    objects.delete(name.as_str(), &DeleteParams::default()).await.expect("deleted");
    let gone = store.write(&name, &proposal(Some(&old), 2)).await;
    assert_eq!(
        gone.expect("it can be used"),
        Written::Refused,
        "a stale write brings nothing back"
    );
    assert_eq!(store.read(&name).await.expect("it can be used"), None);
    let new = put(&store, &name, &proposal(None, 3)).await;
    let (_, version) = new.0.split_once('/').expect("uid and version");
    let (uid, _) = old.0.split_once('/').expect("uid and version");
    let mixed = Tag(format!("{uid}/{version}"));
    for tag in [old, mixed] {
        let stale = store.write(&name, &proposal(Some(&tag), 4)).await;
        assert_eq!(stale.expect("it can be used"), Written::Refused, "{tag:?}");
    }
    bench.close().await;
}

#[tokio::test]
async fn what_is_somebody_elses_is_an_error_and_stays_as_it_is() {
    let Some(bench) = Bench::open().await else { return };
    let (store, name, objects) = (bench.leases().await, new_name(), objects(&bench).await);
    let mut theirs = Lease::default();
    theirs.metadata.name = Some(name.to_string());
    let theirs = objects.create(&PostParams::default(), &theirs).await.expect("created");
    let error = store.read(&name).await.expect_err("it is foreign").to_string();
    assert!(error.contains("no annotation `pilotage/record`"), "{error}");
    let refused = store.write(&name, &proposal(None, 1)).await;
    assert_eq!(refused.expect("it can be used"), Written::Refused);
    assert_eq!(objects.get(name.as_str()).await.expect("there"), theirs);
    bench.close().await;
}

#[tokio::test]
async fn a_damaged_record_is_an_error_and_not_a_beginning() {
    let Some(bench) = Bench::open().await else { return };
    let (store, name, objects) = (bench.leases().await, new_name(), objects(&bench).await);
    put(&store, &name, &proposal(None, 1)).await;
    let mut object = objects.get(name.as_str()).await.expect("there");
    let damaged = ("pilotage/record".to_owned(), "{}".to_owned());
    object.metadata.annotations = Some(BTreeMap::from([damaged]));
    objects.replace(name.as_str(), &PostParams::default(), &object).await.expect("replaced");
    let error = store.read(&name).await.expect_err("it is damaged").to_string();
    assert!(error.contains("is not the record of the lease"), "{error}");
    bench.close().await;
}

#[tokio::test]
async fn people_see_who_holds_it_and_what_is_kept_when_it_is_given_up() {
    let Some(bench) = Bench::open().await else { return };
    let (store, name, objects) = (bench.leases().await, new_name(), objects(&bench).await);
    let client = LeaseClient::new(name.clone(), Arc::new(store), Arc::new(SystemClock::new()));
    let owner = OwnerId::random().expect("random numbers");
    let claim = Claim::new(owner, Card::of("job 7"));
    let acquired = client.acquire(claim, Waiting::NOT, &mut |_| ()).await.expect("it can be used");
    let Acquisition::Held(mut held) = acquired else { panic!("nobody has it: {acquired:?}") };
    let seen = objects.get(name.as_str()).await.expect("there").spec.expect("whole");
    assert_eq!(seen.holder_identity.as_deref(), Some("job 7"));
    assert_eq!((seen.lease_transitions, seen.lease_duration_seconds), (Some(1), Some(30)));
    assert!(seen.acquire_time.is_some());
    held.release("done").await.expect("it can be used");
    let seen = objects.get(name.as_str()).await.expect("it is never deleted");
    let seen = seen.spec.expect("whole");
    assert_eq!((seen.holder_identity, seen.lease_transitions), (None, Some(1)));
    bench.close().await;
}
