//! What a lease promises.

use pilotage_driver::role::{Acquired, Grant, Lease, Renewed};
use pilotage_rollout::{Fence, Span};

/// Checks a lease that was never granted, through two would-be holders of the same thing.
pub async fn lease(one: &dyn Lease, other: &dyn Lease) {
    seen_by_all(&[one, other], None).await;
    let first = held(one, Fence::default()).await;
    seen_by_all(&[one, other], Some("the holder")).await;
    assert!(first.ttl > Span::ZERO, "a grant lasts for some time");
    busy_for_all_others(one, other).await;
    renewed_by_its_holder_only(one, other, first).await;

    one.release(first.fence).await.expect("it is held");
    seen_by_all(&[one, other], None).await;
    lost(one, first.fence).await;
    let second = held(other, Fence::default()).await;
    assert!(second.fence > first.fence, "fences only grow");
    lost(one, first.fence).await;

    // Releasing what is not held does nothing.
    one.release(first.fence).await.expect("nothing is done");
    busy_for_all_others(other, one).await;

    other.release(second.fence).await.expect("it is held");
    let above = Fence(second.fence.0 + 100);
    let third = held(one, above).await;
    assert!(third.fence > above, "a fence is above whatever the target has seen");
    one.release(third.fence).await.expect("it is held");
    let fourth = held(other, Fence::default()).await;
    assert!(fourth.fence > third.fence, "fences only grow");
    other.release(fourth.fence).await.expect("it is held");
}

async fn held(lease: &dyn Lease, above: Fence) -> Grant {
    match lease.acquire("the holder", above).await.expect("the store can be asked") {
        Acquired::Held(grant) => grant,
        Acquired::Busy { holder } => panic!("nobody should hold it, but {holder:?} does"),
    }
}

/// Whoever holds it is seen by everybody, and by looking nobody loses it.
async fn seen_by_all(leases: &[&dyn Lease], name: Option<&str>) {
    for lease in leases {
        let holder = lease.holder().await.expect("the store can be asked");
        assert_eq!(holder.map(|holder| holder.name).as_deref(), name);
    }
}

async fn busy_for_all_others(holder: &dyn Lease, other: &dyn Lease) {
    let refused = other.acquire("another", Fence::default()).await;
    match refused.expect("the store can be asked") {
        Acquired::Busy { holder } => {
            assert!(holder.name.contains("the holder"), "{holder:?}");
        }
        Acquired::Held(grant) => panic!("two hold it, one under {}", grant.fence),
    }
    let again = holder.acquire("the holder", Fence::default()).await;
    let again = again.expect("the store can be asked");
    assert!(matches!(again, Acquired::Busy { .. }), "granted twice: {again:?}");
}

async fn renewed_by_its_holder_only(holder: &dyn Lease, other: &dyn Lease, grant: Grant) {
    for _ in 0..3 {
        let renewed = holder.renew(grant.fence).await.expect("the store can be asked");
        assert_eq!(renewed, Renewed::Kept);
    }
    lost(holder, Fence(grant.fence.0 + 1)).await;
    other.release(Fence(grant.fence.0 + 1)).await.expect("nothing is done");
    let renewed = holder.renew(grant.fence).await.expect("the store can be asked");
    assert_eq!(renewed, Renewed::Kept);
}

async fn lost(lease: &dyn Lease, fence: Fence) {
    let renewed = lease.renew(fence).await.expect("the store can be asked");
    assert!(matches!(renewed, Renewed::Lost { .. }), "{fence} is not held: {renewed:?}");
}
