//! The threshold judge.

use pilotage_judge::{Method, Panel, Scale, Threshold, ThresholdOptions};

use crate::fixtures::{conclude, gauge, judge, missing, panel, ratio, weigh};

fn at_most(max: f64, scale: Scale) -> Panel {
    let options = ThresholdOptions { max: Some(max), scale, ..ThresholdOptions::default() };
    panel(Method::Threshold(Threshold::try_from(options).unwrap()))
}

#[test]
fn three_breaches_of_five_looks_fail() {
    let panel = at_most(0.8, Scale::Absolute);
    let looks = |values: &[f64]| values.iter().map(|value| gauge(0.5, *value)).collect::<Vec<_>>();
    assert!(judge(&panel, &looks(&[0.9, 0.5, 0.9, 0.5, 0.9])).is_fail());
    assert!(judge(&panel, &looks(&[0.9, 0.5, 0.9, 0.5, 0.5, 0.9])).is_pass(), "the first is old");
    let judgement = judge(&panel, &looks(&[0.9, 0.9, 0.95]));
    assert_eq!(
        judgement.to_string(),
        "the candidate is worse: `errors`: the candidate's value was 0.9500, beyond the bound \
         0.8000, in 3 of the last 5 looks"
    );
}

#[test]
fn a_pass_needs_every_look_of_the_window() {
    let panel = at_most(0.8, Scale::Absolute);
    let mut readings = vec![gauge(0.5, 0.5); 4];
    assert!(!judge(&panel, &readings).is_pass());
    readings.push(missing());
    assert!(!conclude(&panel, &readings).is_pass());
    readings.push(gauge(f64::NAN, 0.5));
    assert!(conclude(&panel, &readings).is_pass(), "an absolute bound needs no stable value");
}

#[test]
fn the_next_step_begins_its_window_anew_but_remembers_breaches() {
    let panel = at_most(0.8, Scale::Absolute);
    let (evidence, judgement) = weigh(&panel, &vec![gauge(0.5, 0.5); 5]);
    assert!(judgement.is_pass());
    let next = evidence.for_next_step();
    assert!(!panel.weigh(next, &[gauge(0.5, 0.5)]).unwrap().1.is_pass());

    let (evidence, _) = weigh(&panel, &vec![gauge(0.5, 0.9); 2]);
    assert!(panel.weigh(evidence.for_next_step(), &[gauge(0.5, 0.9)]).unwrap().1.is_fail());
}

#[test]
fn relative_bounds_follow_the_stable_version() {
    let panel = at_most(1.2, Scale::RelativeToStable);
    assert!(judge(&panel, &vec![gauge(10.0, 11.0); 5]).is_pass());
    assert!(judge(&panel, &vec![gauge(10.0, 13.0); 5]).is_fail());
    assert!(judge(&panel, &vec![ratio((50, 100), (55, 100)); 5]).is_pass());
    let judgement = judge(&panel, &vec![gauge(0.0, 13.0); 5]);
    assert!(!judgement.is_pass() && !judgement.is_fail(), "{judgement}");
}

#[test]
fn settings_that_cannot_decide_are_refused() {
    for text in [
        r#"{"kind":"threshold"}"#,
        r#"{"kind":"threshold","min":2.0,"max":1.0}"#,
        r#"{"kind":"threshold","max":1.0,"breaches":0}"#,
        r#"{"kind":"threshold","max":1.0,"breaches":6}"#,
        r#"{"kind":"threshold","max":1.0,"of_looks":65}"#,
        r#"{"kind":"threshold","maximum":1.0}"#,
    ] {
        assert!(serde_json::from_str::<Method>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Method>(r#"{"kind":"threshold","max":1.0}"#).is_ok());
}
