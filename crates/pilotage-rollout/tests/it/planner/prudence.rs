//! Where the planner knows better than the request.

use pilotage_rollout::gate::Inconclusive;
use pilotage_rollout::plan::{Limits, Refusal, plan};
use pilotage_rollout::{Share, Span};

use crate::fixtures::{
    START, blue_green, can, can_delegate, comparing_panel, judging, planned, request, rolling,
    v1_serves,
};

#[test]
fn a_delegated_rollout_gives_a_comparing_judge_no_moment() {
    let judge = judging(comparing_panel(), Inconclusive::Revert);
    let asked = request(rolling(2, vec![judge]));
    let refused = plan(asked, &v1_serves(), &can_delegate(), START);
    assert_eq!(refused, Err(Refusal::IdleJudge { step: 1, traffic: Share::ALL }));
}

#[test]
fn a_rollout_never_shrinks_what_serves() {
    let live = v1_serves();
    let serving = live.groups[0].desired;
    let mut asked = request(blue_green(vec![], vec![]));
    asked.size = Some(1);
    let plan = planned(asked, &live, &can());
    assert_eq!(plan.size, serving);
    assert_eq!(
        plan.notes,
        [format!("1 units become {serving}, as many as serve now: scale down apart")]
    );
}

#[test]
fn limits_trust_a_target_no_more_than_it_asks_for() {
    let mut slow = can();
    (slow.lag, slow.settle) = (Span::from_secs(7), Span::from_secs(20));
    let hasty = Limits { lag: Span::ZERO, settle: Span::ZERO, ..Limits::usual(&slow) };
    let mut asked = request(blue_green(vec![], vec![]));
    asked.limits = Some(hasty);
    let limits = planned(asked, &v1_serves(), &slow).limits;
    assert_eq!((limits.lag, limits.settle), (slow.lag, slow.settle));
}
