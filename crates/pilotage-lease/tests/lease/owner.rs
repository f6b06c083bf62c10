//! Taking, keeping, handing over and losing.

use pilotage_clock::Clock as _;
use pilotage_lease::client::{Acquisition, Loss, Renewal, Waiting};
use pilotage_lease::machine::{Busy, Claim, Gone};
use pilotage_lease::{Fence, Span};
use pilotage_testkit::fake::LeaseFault;

use crate::harbour::{DAWN, Harbour, claim, with_ticket};

#[tokio::test(start_paused = true)]
async fn an_uncontended_lease_costs_a_look_and_two_writes() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    assert_eq!(harbour.store.calls(), (1, 1));
    assert_eq!(held.release("shipped").await.expect("it works"), Gone::Free);
    assert_eq!(harbour.store.calls(), (1, 2));
    assert_eq!(held.left(), Span::ZERO, "nothing may be done any more");
}

#[tokio::test(start_paused = true)]
async fn others_see_who_has_it_and_what_is_done() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    assert_eq!(held.say("migrating").await, Renewal::Kept);
    let busy = harbour.busy(2, Waiting::NOT).await;
    assert_eq!(busy.to_string(), "job 1, migrating");
    let Busy::Owned { fence, .. } = busy else { panic!("{busy:?}") };
    assert_eq!(fence, held.fence());
}

#[tokio::test(start_paused = true)]
async fn a_fence_exceeds_what_the_thing_has_seen() {
    let harbour = Harbour::new();
    let claim = Claim { above: Fence(41), ..claim(1) };
    let Acquisition::Held(held) = harbour.asked(claim, Waiting::NOT).await else {
        panic!("nobody has it")
    };
    assert_eq!(held.fence(), Fence(42));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_gets_it_once_the_owner_is_silent_for_its_term() {
    let harbour = Harbour::new();
    let mut first = harbour.held(1).await;
    harbour.pass(5).await;
    let begun = harbour.clock.elapsed();
    let Acquisition::Held(second) =
        harbour.asked(claim(2), Waiting::up_to(Span::from_secs(120))).await
    else {
        panic!("the first one is silent")
    };
    let waited = harbour.clock.elapsed().as_millis() - begun.as_millis();
    assert!((30_000..33_000).contains(&waited), "{waited} ms");
    assert!(second.fence() > first.fence());
    assert_eq!(first.left(), Span::ZERO, "it stopped to rely upon it long before");
    assert_eq!(first.renew().await, Renewal::Lost(Loss::Silent));
    let gone = first.release("").await.expect("it can be asked");
    assert!(matches!(gone, Gone::Taken(..)), "{gone:?}");
    assert_eq!(harbour.record().ticket(), Some(second.ticket()), "it is left to the second one");
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_renews_is_never_robbed_whatever_the_wall_clock_does() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    let jumps = async {
        for day in [1_u64, 0, 300] {
            harbour.pass(40).await;
            harbour.clock.set(DAWN + Span::from_mins(day * 24 * 60));
        }
    };
    let waiting = Waiting::up_to(Span::from_secs(150));
    tokio::select! {
        busy = async { tokio::join!(harbour.busy(2, waiting), jumps).0 } => {
            assert!(matches!(busy, Busy::Owned { .. }), "{busy:?}");
        }
        loss = held.lost() => panic!("{loss}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_takes_over_without_a_gap() {
    let harbour = Harbour::new();
    let mut ci = harbour.held(1).await;
    let hand = with_ticket(2, ci.ticket());
    let Acquisition::Held(worker) = harbour.asked(hand.clone(), Waiting::NOT).await else {
        panic!("it has a ticket")
    };
    assert!(worker.fence() > ci.fence(), "the old fence is spent");
    let Renewal::Lost(Loss::Seen(gone)) = ci.renew().await else {
        panic!("it is not its any more")
    };
    assert!(matches!(gone, Gone::HandedOver(..)), "{gone:?}");
    let third = with_ticket(3, hand.ticket.expect("it has one"));
    let used = harbour.asked(third, Waiting::NOT).await;
    assert!(matches!(used, Acquisition::Busy(_)), "a ticket is good for one: {used:?}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_survived_until_it_could_be_somebody_elses() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    harbour.pass(11).await;
    harbour.store.fail_next(LeaseFault::Away);
    let unsure = held.renew().await;
    assert!(matches!(unsure, Renewal::Unsure { .. }), "{unsure:?}");
    assert_eq!(held.renew().await, Renewal::Kept);
    for _ in 0..100 {
        harbour.store.fail_next(LeaseFault::Away);
    }
    let begun = harbour.clock.elapsed();
    assert_eq!(held.lost().await, Loss::Silent);
    let lasted = harbour.clock.elapsed().as_millis() - begun.as_millis();
    assert!((19_000..=20_500).contains(&lasted), "told after {lasted} ms of a term of 30 s");
}

#[tokio::test(start_paused = true)]
async fn who_was_suspended_knows_before_it_acts() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    harbour.pass(25).await;
    assert_eq!(held.left(), Span::ZERO, "the clock alone tells");
    assert_eq!(held.renew().await, Renewal::Lost(Loss::Silent), "and it stays so");
}
