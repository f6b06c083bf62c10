//! Shares as weights of a rule, and back.

use pilotage_aws::elb::Forward;
use pilotage_rollout::Share;

/// The smallest step: weights go up to 999, which makes thousandths.
pub(super) const FINEST: Share = match Share::from_basis_points(10) {
    Ok(share) => share,
    Err(_) => Share::NONE,
};

/// The weights of a share and of the rest: in percent where that is exact, for people read them.
pub(super) fn weights(share: Share) -> (u16, u16) {
    let (ours, rest) = (share.basis_points(), share.rest().basis_points());
    let unit = if ours % 100 == 0 { 100 } else { 10 };
    (ours / unit, rest / unit)
}

/// The shares of two groups. A group that the rule does not know gets nothing.
pub(super) fn shares(forward: &Forward, [one, other]: [&str; 2]) -> [Share; 2] {
    let weight = |group| forward.weight(group).unwrap_or(0);
    let whole = weight(one).saturating_add(weight(other));
    if whole == 0 {
        return [Share::NONE; 2];
    }
    let share = Share::ratio(weight(one), whole);
    [share, share.rest()]
}

/// A group beside the two that gets requests as well.
pub(super) fn stranger<'f>(forward: &'f Forward, pair: [&str; 2]) -> Option<&'f str> {
    let others = forward.weights.iter().filter(|one| !pair.contains(&&*one.group));
    others.filter(|one| one.weight > 0).map(|one| one.group.as_str()).next()
}

#[cfg(test)]
mod tests {
    use pilotage_aws::elb::Weight;

    use super::*;

    fn forward(weights: &[(&str, u16)]) -> Forward {
        let weight =
            |(group, weight): &(&str, u16)| Weight { group: (*group).into(), weight: *weight };
        Forward { weights: weights.iter().map(weight).collect(), sticky: None }
    }

    #[test]
    fn every_share_that_can_be_asked_for_is_read_back_exactly_and_in_range() {
        for points in (0..=10_000).step_by(usize::from(FINEST.basis_points())) {
            let share = Share::from_basis_points(points).expect("a share");
            let (ours, rest) = weights(share);
            assert!(ours <= 999 && rest <= 999, "{share}: {ours} and {rest}");
            let seen = shares(&forward(&[("b", rest), ("g", ours)]), ["b", "g"]);
            assert_eq!(seen, [share.rest(), share], "{ours} and {rest}");
        }
    }

    #[test]
    fn a_group_that_is_not_there_gets_nothing_and_a_third_one_is_named() {
        let rule = forward(&[("b", 1)]);
        assert_eq!(shares(&rule, ["b", "g"]), [Share::ALL, Share::NONE]);
        assert_eq!(shares(&forward(&[("b", 0)]), ["b", "g"]), [Share::NONE; 2]);
        assert_eq!(stranger(&forward(&[("b", 1), ("x", 0)]), ["b", "g"]), None);
        assert_eq!(stranger(&forward(&[("b", 1), ("x", 3)]), ["b", "g"]), Some("x"));
    }
}
