//! The stores of leases against the emulator.

mod dynamodb;
mod s3;

use pilotage_lease::{Fence, LeaseName, LeaseStore, Proposal, Record, Stored, Tag, Written};

use crate::emulator::unique;

fn new_name() -> LeaseName {
    unique("shop").parse().expect("a name")
}

fn record(fence: u64) -> Record {
    Record { revision: fence, fence: Fence(fence), ..Record::BLANK }
}

fn proposal(expected: Option<&Tag>, fence: u64) -> Proposal {
    Proposal { expected: expected.cloned(), record: record(fence) }
}

async fn stored(store: &dyn LeaseStore, name: &LeaseName) -> Stored {
    store.read(name).await.expect("it can be used").expect("it is there")
}

/// Of many who write at once, one is told that it did.
async fn one_of_many_wins<S: LeaseStore + Clone + 'static>(store: &S) {
    let name = new_name();
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
        let now = stored(store, &name).await;
        assert_eq!((now.tag.clone(), now.record), won.remove(0));
        tag = Some(now.tag);
    }
}
