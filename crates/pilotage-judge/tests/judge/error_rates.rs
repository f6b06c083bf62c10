//! The promises about error rates, measured on seeded traffic: the numbers cannot flake.

use pilotage_judge::trial::{Contender, Random, Scenario, Summary, compare, summarise};
use pilotage_judge::{Judgement, Method, Reading, SequentialOptions};

use crate::fixtures::{counts, panel, sequential};

const SEEDS: u64 = 2_000;

const EQUAL: Scenario = Scenario {
    stable_rate: 0.01,
    rate_ratio: 1.0,
    candidate_per_look: 500,
    stable_per_look: 500,
    looks: 60,
};

fn ours(scenario: Scenario) -> Summary {
    summarise(&Contender::sequential(), scenario, SEEDS)
}

#[test]
fn equal_versions_are_rarely_aborted_whatever_the_split() {
    for (candidate_per_look, stable_per_look) in [(500, 500), (50, 950), (5, 95), (950, 50)] {
        let summary = ours(Scenario { candidate_per_look, stable_per_look, ..EQUAL });
        assert!(summary.aborted_percent <= 1.0, "{candidate_per_look}: {summary:?}");
    }
}

#[test]
fn high_error_rates_do_not_break_the_promise() {
    let summary = ours(Scenario { stable_rate: 0.4, ..EQUAL });
    assert!(summary.aborted_percent <= 1.0, "{summary:?}");
}

#[test]
fn equal_versions_pass_early() {
    let even = ours(EQUAL);
    assert!(even.passed_percent >= 99.0 && even.median_pass_look <= Some(10), "{even:?}");
    let uneven = ours(Scenario { candidate_per_look: 50, stable_per_look: 950, ..EQUAL });
    assert!(uneven.passed_percent >= 90.0, "{uneven:?}");
}

#[test]
fn thrice_the_errors_on_fifty_requests_a_minute_are_found_within_a_quarter_of_an_hour() {
    let small = Scenario { candidate_per_look: 50, stable_per_look: 950, ..EQUAL };
    let summary = ours(Scenario { rate_ratio: 3.0, ..small });
    assert!(summary.aborted_percent >= 99.0, "{summary:?}");
    assert!(summary.median_abort_look.is_some_and(|look| look <= 15), "{summary:?}");
}

#[test]
fn a_candidate_as_bad_as_ruled_out_passes_no_more_often_than_accepted() {
    for (candidate_per_look, stable_per_look) in [(500, 500), (50, 950)] {
        let bad = Scenario { rate_ratio: 2.0, candidate_per_look, stable_per_look, ..EQUAL };
        let summary = ours(bad);
        assert!(summary.passed_percent <= 5.0, "{summary:?}");
    }
}

/// Twice the stable rate, and exactly at the rate that would be harmless below: both ways to a
/// pass are wrong, and share the accepted risk.
#[test]
fn two_ways_to_pass_share_the_risk() {
    let options = SequentialOptions { harmless_rate: Some(0.01), ..SequentialOptions::default() };
    let contender = Contender::Panel(panel(sequential(options)));
    let bad = Scenario { stable_rate: 0.005, rate_ratio: 2.0, ..EQUAL };
    let summary = summarise(&contender, bad, SEEDS);
    assert!(summary.passed_percent <= 5.0, "{summary:?}");
}

/// Between the tracks traffic moves step by step, and both share an error rate that swings by a
/// factor of ten within the hour.
#[test]
fn a_ramp_through_a_shared_incident_keeps_the_promise() {
    let panel = panel(Method::default());
    let aborted = (0..SEEDS).filter(|seed| {
        let mut random = Random::new(*seed);
        let mut evidence = panel.begin();
        (0..60_u32).any(|look| {
            let candidate = [10, 50, 250, 500, 900].into_iter().nth(look as usize / 12).unwrap();
            let rate = if look % 20 < 10 { 0.005 } else { 0.05 };
            let mut draw = |total| counts(random.events(total, rate), total);
            let reading =
                Reading::Ratio { stable: draw(1_000 - candidate), candidate: draw(candidate) };
            let (next, judgement) = panel.weigh(evidence.clone(), &[reading]).unwrap();
            evidence = if look % 12 == 11 { next.for_next_step() } else { next };
            matches!(judgement, Judgement::Fail { .. })
        })
    });
    assert!(aborted.count() <= 20);
}

#[test]
fn the_comparison_shows_why() {
    let rows = compare(60);
    let false_aborts: Vec<_> = rows.iter().filter(|row| row.unit == "% false aborts").collect();
    assert_eq!(false_aborts.len(), 2);
    for row in false_aborts {
        assert!(row.ours <= Some(2.0) && row.naive >= Some(20.0), "{row:?}");
    }
    assert!(rows.iter().all(|row| row.ours.is_some() && row.naive.is_some()), "{rows:?}");
}

#[test]
fn a_naive_test_aborts_every_fourth_good_candidate() {
    let naive = summarise(&Contender::RepeatedZTest, EQUAL, SEEDS);
    assert!((24.0..36.0).contains(&naive.aborted_percent), "{naive:?}");
}
