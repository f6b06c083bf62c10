//! What holds for every input.

use pilotage_judge::{
    Counts, Evidence, Judgement, MannWhitney, Method, Panel, Reading, Scale, SequentialOptions,
    Threshold, ThresholdOptions,
};
use proptest::prelude::*;

use crate::fixtures::{counts, judge, missing, panel, sequential, weigh};

fn any_counts(most: u64) -> impl Strategy<Value = Counts> {
    (0..=most).prop_flat_map(|total| (0..=total).prop_map(move |events| counts(events, total)))
}

fn any_ratio(most: u64) -> impl Strategy<Value = Reading> {
    (any_counts(most), any_counts(most))
        .prop_map(|(stable, candidate)| Reading::Ratio { stable, candidate })
}

fn any_gauge() -> impl Strategy<Value = Reading> {
    (any::<f64>(), any::<f64>())
        .prop_map(|(stable, candidate)| Reading::Gauge { stable, candidate })
}

/// Readings that every method accepts.
fn any_readings() -> impl Strategy<Value = Vec<Reading>> {
    let reading = prop_oneof![any_ratio(1_000), any_ratio(u64::MAX), Just(missing())];
    prop::collection::vec(reading, 0..12)
}

/// Readings that cannot speak for anyone.
fn empty_readings() -> impl Strategy<Value = Vec<Reading>> {
    let reading = prop_oneof![
        Just(missing()),
        any_counts(9).prop_map(|stable| Reading::Ratio { stable, candidate: Counts::NONE }),
    ];
    prop::collection::vec(reading, 0..20)
}

fn any_panel() -> impl Strategy<Value = Panel> {
    let harmless = SequentialOptions {
        harmless_rate: Some(0.01),
        min_candidate_requests: 0,
        ..SequentialOptions::default()
    };
    let bound = ThresholdOptions {
        max: Some(0.5),
        scale: Scale::RelativeToStable,
        breaches: 1,
        of_looks: 1,
        ..ThresholdOptions::default()
    };
    prop::sample::select(vec![
        panel(Method::default()),
        panel(sequential(harmless)),
        panel(Method::MannWhitney(MannWhitney::default())),
        panel(Method::MannWhitney(MannWhitney::like_kayenta())),
        panel(Method::Threshold(Threshold::try_from(bound).unwrap())),
    ])
}

fn round_trip(evidence: &Evidence) -> Evidence {
    serde_json::from_str(&serde_json::to_string(evidence).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_data_never_passes_nor_fails(panel in any_panel(), readings in empty_readings()) {
        let (evidence, judgement) = weigh(&panel, &readings);
        let undecided = |judgement| matches!(judgement, Judgement::Undecided { .. });
        prop_assert!(undecided(judgement));
        prop_assert!(undecided(panel.conclude(&evidence)));
    }

    #[test]
    fn a_missing_latest_reading_never_passes(panel in any_panel(), readings in any_readings()) {
        let (evidence, _) = weigh(&panel, &readings);
        let (evidence, judgement) = panel.weigh(evidence, &[missing()]).unwrap();
        prop_assert!(!judgement.is_pass());
        prop_assert!(!panel.conclude(&evidence).is_pass());
    }

    /// A value that is not a number would not equal itself.
    #[test]
    fn evidence_and_judgements_are_read_back_as_written(
        panel in any_panel(),
        readings in any_readings(),
    ) {
        let (evidence, judgement) = weigh(&panel, &readings);
        prop_assert_eq!(&round_trip(&evidence), &evidence);
        let text = serde_json::to_string(&judgement).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Judgement>(&text).unwrap(), &judgement);
        let text = serde_json::to_string(&panel).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Panel>(&text).unwrap(), &panel);
        prop_assert!(!judgement.to_string().contains("NaN"));
    }

    #[test]
    fn a_journal_in_the_middle_changes_nothing(panel in any_panel(), readings in any_readings()) {
        let mut evidence = panel.begin();
        for reading in &readings {
            evidence = panel.weigh(round_trip(&evidence), std::slice::from_ref(reading)).unwrap().0;
        }
        prop_assert_eq!(evidence, weigh(&panel, &readings).0);
    }

    #[test]
    fn gauges_are_read_back_to_the_bit(reading in any_gauge()) {
        let text = serde_json::to_string(&reading).unwrap();
        let Reading::Gauge { stable, candidate } = reading else { unreachable!() };
        let Reading::Gauge { stable: s, candidate: c } = serde_json::from_str(&text).unwrap() else {
            return Err(TestCaseError::fail(text));
        };
        prop_assert!(stable.to_bits() == s.to_bits() || stable.is_nan() && s.is_nan());
        prop_assert!(candidate.to_bits() == c.to_bits() || candidate.is_nan() && c.is_nan());
    }

    #[test]
    fn any_gauges_are_survived(readings in prop::collection::vec(any_gauge(), 0..30)) {
        let panel = panel(Method::MannWhitney(MannWhitney::like_kayenta()));
        let (evidence, judgement) = weigh(&panel, &readings);
        prop_assert_eq!(&round_trip(&evidence), &evidence);
        prop_assert!(!judgement.to_string().contains("NaN"));
    }

    #[test]
    fn of_two_versions_at_most_one_is_worse(stable in any_counts(5_000), candidate in any_counts(5_000)) {
        let panel = panel(Method::default());
        let there = judge(&panel, &[Reading::Ratio { stable, candidate }]);
        let back = judge(&panel, &[Reading::Ratio { stable: candidate, candidate: stable }]);
        prop_assert!(!(there.is_fail() && back.is_fail()));
    }

    #[test]
    fn more_errors_on_the_candidate_never_help_it(
        stable in any_counts(5_000),
        total in 1_u64..5_000,
        events in any::<prop::sample::Index>(),
    ) {
        let panel = panel(Method::default());
        let fewer = events.index(usize::try_from(total).unwrap()) as u64;
        let with = |events| judge(&panel, &[Reading::Ratio { stable, candidate: counts(events, total) }]);
        let (before, after) = (with(fewer), with(fewer + 1));
        prop_assert!(!before.is_fail() || after.is_fail());
        prop_assert!(before.is_pass() || !after.is_pass());
    }
}
