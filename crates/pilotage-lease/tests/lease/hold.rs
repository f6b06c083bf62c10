//! What a person holds, no machine takes.

use pilotage_clock::Clock as _;
use pilotage_lease::client::{Acquisition, HoldOutcome, Renewal, UnholdOutcome, Waiting};
use pilotage_lease::machine::Busy;
use pilotage_lease::{Hold, Moment, Span};
use pilotage_testkit::fake::LeaseFault;

use crate::harbour::{Harbour, claim, with_ticket};

fn hold(by: &str) -> Hold {
    Hold { by: by.into(), reason: "audit".into(), since: Moment::from_millis(1) }
}

#[tokio::test(start_paused = true)]
async fn what_a_person_holds_is_taken_by_nobody_however_long_they_wait() {
    let harbour = Harbour::new();
    let outcome = harbour.client().hold(hold("ada")).await.expect("it works");
    assert!(matches!(outcome, HoldOutcome::OnHold(_)), "{outcome:?}");
    let busy = harbour.busy(1, Waiting::up_to(Span::from_mins(60))).await;
    assert_eq!(busy, Busy::OnHold(hold("ada")));
    assert_eq!(busy.to_string(), "ada holds it: audit");
}

#[tokio::test(start_paused = true)]
async fn a_person_is_waited_for_no_longer_than_was_said() {
    let harbour = Harbour::new();
    let begun = harbour.clock.elapsed();
    harbour.client().hold(hold("ada")).await.expect("it works");
    let waiting = Waiting::up_to(Span::from_mins(60)).with_hold(Span::from_mins(3));
    assert_eq!(harbour.busy(1, waiting).await, Busy::OnHold(hold("ada")));
    let waited = harbour.clock.elapsed().as_millis() - begun.as_millis();
    assert!((180_000..190_000).contains(&waited), "{waited} ms");
    assert_eq!(harbour.busy(1, waiting.with_hold(Span::ZERO)).await, Busy::OnHold(hold("ada")));
    assert!(harbour.clock.elapsed().as_millis() - begun.as_millis() - waited < 1_000, "not at all");
}

#[tokio::test(start_paused = true)]
async fn an_ownership_goes_on_under_a_hold_and_nobody_follows() {
    let harbour = Harbour::new();
    let mut held = harbour.held(1).await;
    harbour.client().hold(hold("ada")).await.expect("it works");
    assert_eq!(held.renew().await, Renewal::Kept);
    let worker = harbour.asked(with_ticket(2, held.ticket()), Waiting::NOT).await;
    let Acquisition::Held(mut worker) = worker else { panic!("it goes on: {worker:?}") };
    worker.release("").await.expect("it works");
    assert_eq!(harbour.busy(3, Waiting::NOT).await, Busy::OnHold(hold("ada")));
}

#[tokio::test(start_paused = true)]
async fn only_who_names_the_person_lifts_the_hold() {
    let harbour = Harbour::new();
    let client = harbour.client();
    assert_eq!(client.unhold("ada").await.expect("it works"), UnholdOutcome::NotOnHold);
    client.hold(hold("ada")).await.expect("it works");
    let again = client.hold(hold("bob")).await.expect("it works");
    assert_eq!(again, HoldOutcome::Already(hold("ada")));
    let others = client.unhold("bob").await.expect("it works");
    assert_eq!(others, UnholdOutcome::Others(hold("ada")));
    assert_eq!(client.unhold("ada").await.expect("it works"), UnholdOutcome::Lifted);
    harbour.held(1).await;
}

#[tokio::test(start_paused = true)]
async fn a_word_whose_answer_is_lost_is_read_back() {
    for fault in [LeaseFault::Lost, LeaseFault::InVain, LeaseFault::Late, LeaseFault::Twice] {
        let harbour = Harbour::new();
        harbour.store.fail_next(fault);
        harbour.client().hold(hold("ada")).await.expect("it works");
        assert_eq!(harbour.record().hold, Some(hold("ada")), "{fault:?}");
        harbour.store.fail_next(fault);
        let lifted = harbour.client().unhold("ada").await.expect("it works");
        assert_eq!(lifted, UnholdOutcome::Lifted, "{fault:?}");
        let asked = harbour.asked(claim(1), Waiting::NOT).await;
        assert!(matches!(asked, Acquisition::Held(_)), "{fault:?}: {asked:?}");
    }
}
