//! Whatever a store does to a call, everybody ends up knowing the truth.

use pilotage_lease::client::{Acquisition, LeaseError, Renewal, Waiting};
use pilotage_lease::machine::Gone;
use pilotage_lease::{Fence, Tenancy};
use pilotage_testkit::fake::LeaseFault;

use crate::harbour::{Harbour, claim};

const MAY_BE_DONE: [LeaseFault; 4] =
    [LeaseFault::Lost, LeaseFault::InVain, LeaseFault::Late, LeaseFault::Twice];

#[tokio::test(start_paused = true)]
async fn a_taking_whose_answer_is_lost_is_read_back() {
    for fault in MAY_BE_DONE {
        let harbour = Harbour::new();
        harbour.store.fail_next(fault);
        let mut held = harbour.held(1).await;
        assert_eq!(held.fence(), Fence(1), "{fault:?}: no fence is spent in vain");
        assert_eq!(harbour.record().ticket(), Some(held.ticket()), "{fault:?}");
        assert_eq!(held.renew().await, Renewal::Kept, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_whose_answer_is_lost_is_read_back() {
    for fault in MAY_BE_DONE {
        let harbour = Harbour::new();
        let mut held = harbour.held(1).await;
        harbour.pass(10).await;
        harbour.store.fail_next(fault);
        assert_eq!(held.renew().await, Renewal::Kept, "{fault:?}");
        harbour.pass(15).await;
        assert_eq!(held.renew().await, Renewal::Kept, "{fault:?}: it was renewed in between");
    }
}

#[tokio::test(start_paused = true)]
async fn a_giving_up_whose_answer_is_lost_never_ends_the_next_ownership() {
    for fault in MAY_BE_DONE {
        let harbour = Harbour::new();
        let mut first = harbour.held(1).await;
        harbour.store.fail_next(fault);
        assert_eq!(first.release("").await.expect("it works"), Gone::Free, "{fault:?}");
        let mut second = harbour.held(2).await;
        assert_eq!(second.renew().await, Renewal::Kept, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_is_passed_over() {
    let harbour = Harbour::new();
    let mut first = harbour.held(1).await;
    first.release("").await.expect("it works");
    // What a store shows is as old as when the first one had it; the write is compared, though.
    harbour.store.fail_next(LeaseFault::Stale);
    let asked = harbour.asked(claim(2), Waiting::NOT).await;
    assert!(matches!(asked, Acquisition::Busy(_)), "nobody can know better: {asked:?}");
    let mut second = harbour.held(3).await;
    harbour.store.fail_next(LeaseFault::InVain);
    harbour.store.fail_next(LeaseFault::Stale);
    assert_eq!(second.renew().await, Renewal::Kept);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_an_error_and_no_answer() {
    let harbour = Harbour::new();
    harbour.store.fail_next(LeaseFault::Away);
    let error = harbour.client().acquire(claim(1), Waiting::NOT, &mut |_| ()).await;
    let error = error.expect_err("nobody can know who has it");
    assert!(matches!(error, LeaseError::Store { .. }), "{error}");
    assert_eq!(harbour.held(2).await.fence(), Fence(1));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_answers_nothing_is_given_up() {
    let harbour = Harbour::new();
    for _ in 0..40 {
        harbour.store.fail_next(LeaseFault::Lost);
    }
    let error = harbour.client().acquire(claim(1), Waiting::NOT, &mut |_| ()).await;
    let error = error.expect_err("nothing settles");
    assert!(matches!(error, LeaseError::Unsettled { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_was_done_last_stays_to_be_read() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    held.release("shipped web-42").await.expect("it works");
    let Tenancy::Free(Some(card)) = harbour.record().tenancy else { panic!("it is free") };
    assert_eq!((card.who.as_str(), card.doing.as_str()), ("job 1", "shipped web-42"));
}
