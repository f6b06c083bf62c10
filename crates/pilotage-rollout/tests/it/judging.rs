//! Gates that the judge keeps: what it looks at, when it decides, and what it remembers.

use pilotage_judge::{
    MannWhitney, MannWhitneyOptions, Method, Panel, Reading, Risk, Rule, Threshold,
    ThresholdOptions,
};
use pilotage_rollout::gate::Inconclusive;
use pilotage_rollout::{Cause, Effect, Moment, Span, Verdict};

use crate::fixtures::*;
use crate::gates::{OLD_SERVES, deployed, held_by, time_at_a_tenth, wants_after};
use crate::scenarios;
use crate::voyage::{Voyage, aborted, reverted};

fn gauge(candidate: f64) -> Reading {
    Reading::Gauge { stable: 50.0, candidate }
}

#[test]
fn a_good_judgement_passes() {
    let mut voyage = held_by(judging(latency_panel(), Inconclusive::Revert));
    assert_eq!(voyage.sail(), deployed());
}

#[test]
fn the_judge_looks_at_windows_without_gap_or_overlap() {
    let mut voyage = held_by(judging(latency_panel(), Inconclusive::Revert));
    let mut windows: Vec<(Moment, Moment)> = Vec::new();
    while voyage.run.verdict().is_none() {
        if let Effect::Measure { metrics, from, to } = voyage.run.effect() {
            assert_eq!(metrics.as_slice(), ["latency".parse().unwrap()]);
            windows.push((*from, *to));
        }
        voyage.step();
    }
    assert_eq!(windows.len(), 3, "{windows:?}");
    assert!(
        windows.windows(2).all(|pair| pair[0].1.as_millis() + 1 == pair[1].0.as_millis()),
        "{windows:?}"
    );
    assert!(windows.iter().all(|(from, to)| to.since(*from) >= secs(2)), "{windows:?}");
}

#[test]
fn a_bad_judgement_reverts() {
    let mut voyage = held_by(judging(latency_panel(), Inconclusive::Promote));
    voyage.toy.reading = gauge(900.0);
    let Cause::Judged { reason } = reverted(voyage.sail()) else { panic!("not judged") };
    assert_eq!(
        reason,
        "`latency`: the candidate's value was 900.0000, beyond the bound 100.0000, in 2 of the last \
         3 looks"
    );
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

fn without_data(policy: Inconclusive) -> Voyage {
    let mut voyage = held_by(judging(latency_panel(), policy));
    voyage.toy.reading = Reading::Missing { reason: "no answer".into() };
    voyage
}

#[test]
fn no_data_is_no_pass() {
    let mut voyage = without_data(Inconclusive::Revert);
    let Cause::Inconclusive { reason } = reverted(voyage.sail()) else { panic!("conclusive") };
    assert!(reason.contains("no answer"), "{reason}");
}

#[test]
fn no_data_is_waited_for_until_the_horizon() {
    let lasted = time_at_a_tenth(&mut without_data(Inconclusive::Revert));
    assert!((20_000..27_000).contains(&lasted), "{lasted} ms");
}

#[test]
fn no_data_promotes_only_where_the_plan_says_so() {
    assert_eq!(without_data(Inconclusive::Promote).sail(), deployed());
}

#[test]
fn no_data_can_be_left_to_a_person() {
    let mut voyage = without_data(Inconclusive::Pause);
    let Verdict::Paused { reason } = voyage.sail() else { panic!("not paused") };
    assert!(reason.starts_with("the judge could not decide (undecided: "), "{reason}");
    assert!(reason.ends_with("judge again or abort?"), "{reason}");
    assert_eq!(voyage.toy.serving(), [("v1", 4, 90), ("v2", 1, 10)]);
    let mut given_up = voyage.clone();
    given_up.feed(aborted());
    given_up.resume(false);
    assert_eq!(reverted(given_up.sail()), Cause::Aborted { by: "ana".into() });
    voyage.toy.reading = gauge(50.0);
    voyage.resume(false);
    assert_eq!(voyage.sail(), deployed(), "a resumed run is judged by what is seen then");
}

#[test]
fn a_judge_that_is_asked_too_late_concludes() {
    let panel = comparing_panel();
    let mut voyage = held_by(judging(panel, Inconclusive::Revert));
    let counts = pilotage_judge::Counts::new(0, 1).unwrap();
    voyage.toy.reading = Reading::Ratio { stable: counts, candidate: counts };
    assert!(matches!(reverted(voyage.sail()), Cause::Inconclusive { .. }));
}

/// Goes on until the judge has looked this often again.
fn look(voyage: &mut Voyage, looks: usize, candidate: f64) {
    voyage.toy.reading = gauge(candidate);
    for _ in 0..looks {
        voyage.until("a look", |voyage| matches!(voyage.run.effect(), Effect::Measure { .. }));
        voyage.step();
    }
}

#[test]
fn what_speaks_against_the_candidate_is_kept_from_step_to_step() {
    let judge = judging(latency_panel(), Inconclusive::Revert);
    let mut voyage = scenarios::deploy(canary(&[10, 50], &[judge]));
    look(&mut voyage, 2, 50.0);
    look(&mut voyage, 1, 900.0);
    assert!(!voyage.run.goes_back(), "one breach of three passes");
    look(&mut voyage, 1, 900.0);
    assert!(voyage.run.goes_back(), "the second one is the second of the last three");
    assert_eq!(voyage.toy.share("v2"), percent(50));
}

#[test]
fn what_speaks_against_the_candidate_is_kept_over_a_resumption() {
    let mut voyage = held_by(judging(latency_panel(), Inconclusive::Revert));
    look(&mut voyage, 1, 900.0);
    voyage.resume(false);
    look(&mut voyage, 1, 900.0);
    assert!(voyage.run.goes_back());
}

#[test]
fn what_speaks_for_the_candidate_is_earned_at_each_step() {
    let judge = judging(latency_panel(), Inconclusive::Revert);
    let mut voyage = scenarios::deploy(canary(&[10, 50], &[judge]));
    look(&mut voyage, 3, 50.0);
    voyage.until("half", |voyage| voyage.toy.share("v2") == percent(50));
    look(&mut voyage, 2, 50.0);
    voyage.step();
    assert_eq!((voyage.stage().as_str(), voyage.toy.share("v2")), ("holding", percent(50)));
}

#[test]
fn another_panel_begins_with_other_evidence() {
    let first = judging(latency_panel(), Inconclusive::Revert);
    let options =
        ThresholdOptions { max: Some(800.0), breaches: 2, of_looks: 3, ..Default::default() };
    let method = Method::Threshold(Threshold::try_from(options).unwrap());
    let lenient = Panel::of(Rule::new("latency".parse().unwrap(), method), Risk::ONE_PERCENT);
    let second = judging(lenient, Inconclusive::Revert);
    let mut voyage = scenarios::deploy(canary(&[10], &[first, second]));
    look(&mut voyage, 2, 50.0);
    look(&mut voyage, 1, 900.0);
    look(&mut voyage, 1, 900.0);
    assert!(!voyage.run.goes_back(), "one breach of the second panel");
    look(&mut voyage, 1, 900.0);
    assert!(voyage.run.goes_back());
}

#[test]
fn a_judge_after_a_question_has_its_whole_horizon() {
    let gates = [manual(), judging(latency_panel(), Inconclusive::Revert)];
    let mut voyage = scenarios::deploy(canary(&[10], &gates));
    voyage.until("the question", |voyage| matches!(voyage.run.effect(), Effect::Ask { .. }));
    voyage.now = voyage.now + secs(25);
    assert_eq!(voyage.sail(), deployed());
}

#[test]
fn the_judge_looks_as_soon_as_its_interval_is_over() {
    let mut voyage = held_by(judging(latency_panel(), Inconclusive::Revert));
    voyage.reach("holding");
    let early = wants_after(&voyage, Span::from_millis(1_999));
    assert!(matches!(early, Effect::Wait { .. }), "{early:?}");
    let due = wants_after(&voyage, secs(2));
    assert!(matches!(due, Effect::Measure { .. }), "{due:?}");
}

/// Ranks are compared once, when the time is over, and not at each look on the way.
#[test]
fn a_judge_that_judges_once_does_so_at_the_horizon() {
    let options = MannWhitneyOptions { min_points_per_track: 3, ..MannWhitneyOptions::default() };
    let method = Method::MannWhitney(MannWhitney::try_from(options).unwrap());
    let panel = Panel::of(Rule::new("latency".parse().unwrap(), method), Risk::ONE_PERCENT);
    let mut voyage = held_by(judging(panel, Inconclusive::Revert));
    let lasted = time_at_a_tenth(&mut voyage);
    assert!((20_000..27_000).contains(&lasted), "{lasted} ms");
    assert_eq!(voyage.sail(), deployed());
}
