//! The sequential judge: aborts, passes, and what it says while it waits.

use pilotage_judge::{
    Cause, Doubt, Failure, Finding, Judgement, Method, Reading, SequentialOptions, Track,
};

use crate::fixtures::{conclude, counts, judge, missing, panel, ratio, sequential, weigh};

fn cause(judgement: &Judgement) -> &Cause {
    match judgement {
        Judgement::Undecided { why: Doubt::Metric { cause, .. }, .. } => cause,
        other => panic!("{other}"),
    }
}

#[test]
fn a_worse_candidate_fails_with_what_was_seen() {
    let judgement = judge(&panel(Method::default()), &[ratio((100, 10_000), (40, 1_000))]);
    let Judgement::Fail { reason: Failure::Metric { finding, .. } } = &judgement else {
        panic!("{judgement}");
    };
    let Finding::Rate { stable, candidate, evidence, bound } = finding else {
        panic!("{finding}");
    };
    assert_eq!((*stable, *candidate), (counts(100, 10_000), counts(40, 1_000)));
    assert!(*evidence >= 100.0 && (bound - 100.0).abs() < 1e-9);
    let text = judgement.to_string();
    assert!(text.contains("4.00 % of 1,000") && text.contains("1.00 % of 10,000"), "{text}");
}

#[test]
fn a_failure_is_remembered() {
    let mut readings = vec![ratio((100, 10_000), (40, 1_000))];
    readings.extend(vec![ratio((100, 10_000), (0, 1_000)); 30]);
    assert!(judge(&panel(Method::default()), &readings).is_fail());
}

#[test]
fn a_failing_stable_version_does_not_fail_the_candidate() {
    let judgement = judge(&panel(Method::default()), &[ratio((400, 1_000), (400, 1_000))]);
    assert!(!judgement.is_fail(), "{judgement}");
    assert!(judge(&panel(Method::default()), &[ratio((400, 1_000), (10, 1_000))]).is_pass());
}

#[test]
fn one_sided_traffic_says_nothing() {
    let panel = panel(Method::default());
    let lopsided = [ratio((0, 0), (900, 1_000)), ratio((900, 1_000), (0, 0))];
    let (evidence, judgement) = weigh(&panel, &lopsided);
    assert_eq!(cause(&judgement), &Cause::NoTraffic(Track::Candidate));
    assert!(!panel.conclude(&evidence).is_pass());
    let judgement = judge(&panel, &lopsided[..1]);
    assert_eq!(cause(&judgement), &Cause::NoTraffic(Track::Stable));
}

#[test]
fn old_evidence_does_not_pass_a_candidate_that_is_no_longer_seen() {
    let panel = panel(Method::default());
    let sound = ratio((500, 50_000), (500, 50_000));
    assert!(judge(&panel, std::slice::from_ref(&sound)).is_pass());
    for blind in [missing(), ratio((5, 500), (0, 0)), ratio((0, 0), (5, 500))] {
        let readings = [sound.clone(), blind];
        assert!(!judge(&panel, &readings).is_pass());
        assert!(!conclude(&panel, &readings).is_pass());
    }
}

#[test]
fn a_pass_needs_its_requests_in_this_step() {
    let options =
        SequentialOptions { min_candidate_requests: 60_000, ..SequentialOptions::default() };
    let panel = panel(sequential(options));
    let sound = ratio((500, 50_000), (500, 50_000));
    let (evidence, judgement) = weigh(&panel, std::slice::from_ref(&sound));
    assert_eq!(cause(&judgement), &Cause::FewRequests);
    assert!(matches!(judgement, Judgement::Undecided { needed: Some(10_000), .. }), "{judgement}");

    let next = evidence.clone().for_next_step();
    assert!(panel.weigh(evidence, std::slice::from_ref(&sound)).unwrap().1.is_pass());
    assert!(!panel.weigh(next, &[sound]).unwrap().1.is_pass());
}

#[test]
fn the_next_step_begins_without_trust() {
    let options = SequentialOptions {
        min_candidate_requests: 0,
        harmless_rate: Some(0.001),
        ..SequentialOptions::default()
    };
    let panel = panel(sequential(options));
    for earned in [ratio((500, 50_000), (500, 50_000)), ratio((0, 50_000), (0, 50_000))] {
        let (evidence, judgement) = weigh(&panel, &[earned]);
        assert!(judgement.is_pass());
        let next = evidence.for_next_step();
        assert_eq!(cause(&panel.conclude(&next)), &Cause::NotLooked);
        assert!(!panel.weigh(next, &[ratio((1, 100), (1, 100))]).unwrap().1.is_pass());
    }
}

#[test]
fn nothing_is_known_before_the_first_look() {
    assert_eq!(cause(&conclude(&panel(Method::default()), &[])), &Cause::NotLooked);
}

#[test]
fn the_next_step_keeps_what_speaks_against_the_candidate() {
    let panel = panel(Method::default());
    let worse = [ratio((10, 1_000), (12, 300))];
    let (evidence, judgement) = weigh(&panel, &worse);
    assert!(!judgement.is_fail());
    let (_, judgement) =
        panel.weigh(evidence.for_next_step(), &[ratio((10, 1_000), (12, 300))]).unwrap();
    assert!(judgement.is_fail(), "{judgement}");
}

#[test]
fn the_forecast_shrinks_as_requests_come_in() {
    let panel = panel(Method::default());
    let mut forecasts = Vec::new();
    let mut evidence = panel.begin();
    for _ in 0..10 {
        let (next, judgement) = panel.weigh(evidence, &[ratio((19, 1_900), (1, 100))]).unwrap();
        evidence = next;
        match judgement {
            Judgement::Undecided { needed, .. } => forecasts.push(needed.unwrap()),
            other => panic!("{other}"),
        }
    }
    assert!(forecasts.windows(2).all(|pair| pair[0] == pair[1] + 100), "{forecasts:?}");
    let text = panel.conclude(&evidence).to_string();
    assert!(text.starts_with("not enough data: about "), "{text}");
}

#[test]
fn the_forecast_is_about_right() {
    let panel = panel(Method::default());
    let look = ratio((9, 900), (1, 100));
    let Judgement::Undecided { needed: Some(needed), .. } =
        judge(&panel, std::slice::from_ref(&look))
    else {
        panic!("undecided, with a forecast");
    };
    let looks = usize::try_from(needed / 100).unwrap();
    assert!(!judge(&panel, &vec![look.clone(); looks * 3 / 4]).is_pass());
    assert!(judge(&panel, &vec![look; looks + 3]).is_pass());
}

/// Three things may not be confused: no errors, harmless errors, and errors.
#[test]
fn a_service_without_errors_passes_by_its_harmless_rate() {
    let quiet = vec![ratio((0, 1_000), (0, 1_000)); 20];
    let judgement = judge(&panel(Method::default()), &quiet);
    assert_eq!(cause(&judgement), &Cause::NoEvents);
    assert!(matches!(judgement, Judgement::Undecided { needed: None, .. }));

    let harmless = panel(sequential(SequentialOptions {
        harmless_rate: Some(0.001),
        ..SequentialOptions::default()
    }));
    assert!(judge(&harmless, &quiet).is_pass());
    assert!(!judge(&harmless, &quiet[..2]).is_pass());
    assert!(!judge(&harmless, &vec![ratio((2, 1_000), (2, 1_000)); 2]).is_pass());
}

/// The evidence of 4,800 requests without an event is 26 against a rate of 0.001, that of 6,000
/// is 66: the first would do for a risk of 1/20, but two ways to a pass share it.
#[test]
fn each_of_two_ways_to_pass_has_half_the_risk() {
    let options = SequentialOptions { harmless_rate: Some(0.001), ..SequentialOptions::default() };
    let panel = panel(sequential(options));
    assert!(!judge(&panel, &[ratio((0, 10), (0, 4_800))]).is_pass());
    assert!(judge(&panel, &[ratio((0, 10), (0, 6_000))]).is_pass());
}

#[test]
fn the_tolerated_increase_is_tolerated() {
    let options = SequentialOptions {
        tolerated_increase_ratio: 1.0,
        bad_rate_ratio: 4.0,
        ..SequentialOptions::default()
    };
    let doubled = vec![ratio((100, 10_000), (200, 10_000)); 50];
    assert!(judge(&panel(sequential(options)), &doubled).is_pass());
    assert!(judge(&panel(Method::default()), &doubled).is_fail());
}

#[test]
fn settings_are_checked_and_typos_refused() {
    for text in [
        r#"{"kind":"sequential","tolerated_increase_ratio":-0.1}"#,
        r#"{"kind":"sequential","bad_rate_ratio":1.0}"#,
        r#"{"kind":"sequential","bad_rate_ratio":1e300}"#,
        r#"{"kind":"sequential","missed_regression_risk":0}"#,
        r#"{"kind":"sequential","harmless_rate":1.5}"#,
        r#"{"kind":"sequential","bad_ratio":3.0}"#,
        r#"{"kind":"sequental"}"#,
    ] {
        assert!(serde_json::from_str::<Method>(text).is_err(), "{text}");
    }
    let parsed: Method = serde_json::from_str(r#"{"kind":"sequential"}"#).unwrap();
    assert_eq!(parsed, Method::default());
}

#[test]
fn gauges_are_refused() {
    let panel = panel(Method::default());
    let refused = panel.weigh(panel.begin(), &[Reading::Gauge { stable: 1.0, candidate: 1.0 }]);
    assert!(refused.unwrap_err().to_string().contains("`errors`"));
}
