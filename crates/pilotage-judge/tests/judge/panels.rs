//! Panels: how rules decide together.

use core::num::NonZeroU32;

use pilotage_judge::{
    Doubt, Failure, Finding, Importance, Judgement, Method, Panel, PanelOptions, Risk, Rule,
    Threshold, ThresholdOptions, UnfitReadings,
};

use crate::fixtures::{gauge, metric, missing, ratio};

fn at_most_one() -> Method {
    let options = ThresholdOptions {
        max: Some(1.0),
        breaches: 1,
        of_looks: 1,
        ..ThresholdOptions::default()
    };
    Method::Threshold(Threshold::try_from(options).unwrap())
}

fn weighted(name: &str, weight: u32) -> Rule {
    let importance = Importance::Weight(NonZeroU32::new(weight).unwrap());
    Rule { importance, ..Rule::new(metric(name), at_most_one()) }
}

fn one_look(rules: Vec<Rule>, values: &[f64]) -> Judgement {
    let panel = Panel::new(rules, Risk::ONE_PERCENT).unwrap();
    let readings: Vec<_> = values.iter().map(|value| gauge(1.0, *value)).collect();
    panel.weigh(panel.begin(), &readings).unwrap().1
}

#[test]
fn the_risk_is_shared_among_sequential_rules() {
    let names = ["errors", "timeouts", "retries", "conflicts"];
    let mut rules: Vec<_> =
        names.iter().map(|name| Rule::new(metric(name), Method::default())).collect();
    rules.push(Rule::new(metric("cpu"), at_most_one()));
    let panel = Panel::new(rules, Risk::ONE_PERCENT).unwrap();
    let mut readings = vec![ratio((10, 1_000), (10, 1_000)); 3];
    readings.extend([ratio((10, 1_000), (900, 1_000)), gauge(1.0, 1.0)]);
    let (_, judgement) = panel.weigh(panel.begin(), &readings).unwrap();
    let Judgement::Fail { reason: Failure::Metric { metric, finding } } = judgement else {
        panic!("{judgement}");
    };
    let Finding::Rate { bound, .. } = finding else { panic!("{finding}") };
    assert_eq!(metric.as_str(), "conflicts");
    assert!((bound - 400.0).abs() < 1e-9, "{bound}");
}

#[test]
fn every_critical_rule_has_to_pass() {
    let rules =
        || vec![Rule::new(metric("cpu"), at_most_one()), Rule::new(metric("ram"), at_most_one())];
    assert!(one_look(rules(), &[1.0, 1.0]).is_pass());
    assert!(one_look(rules(), &[1.0, 2.0]).is_fail());
    let judgement = one_look(rules(), &[1.0, f64::NAN]);
    assert!(matches!(judgement, Judgement::Undecided { .. }), "{judgement}");
    assert!(one_look(rules(), &[f64::NAN, 2.0]).is_fail());
}

#[test]
fn weights_decide_between_the_marks() {
    let rules = || vec![weighted("a", 1), weighted("b", 1), weighted("c", 2)];
    assert!(one_look(rules(), &[1.0, 2.0, 1.0]).is_pass(), "75 %");
    let between = one_look(rules(), &[1.0, 1.0, 2.0]);
    assert!(
        matches!(&between, Judgement::Undecided { why: Doubt::Score { .. }, .. }),
        "50 %: {between}"
    );
    let failed = one_look(rules(), &[2.0, 1.0, 2.0]);
    assert!(matches!(&failed, Judgement::Fail { reason: Failure::Score { .. } }), "25 %: {failed}");
    assert!(one_look(rules(), &[f64::NAN, 1.0, 1.0]).is_pass(), "enough weight without it");
    let missing = one_look(rules(), &[1.0, 1.0, f64::NAN]);
    assert!(
        matches!(&missing, Judgement::Undecided { why: Doubt::Metric { metric, .. }, .. }
            if metric.as_str() == "c"),
        "missing weight is no pass: {missing}"
    );
}

#[test]
fn the_longest_doubt_is_told() {
    let rules = vec![
        Rule::new(metric("errors"), Method::default()),
        Rule::new(metric("timeouts"), Method::default()),
    ];
    let panel = Panel::new(rules, Risk::ONE_PERCENT).unwrap();
    let (often, rarely) = (ratio((50, 1_000), (5, 100)), ratio((10, 1_000), (1, 100)));
    let (evidence, judgement) = panel.weigh(panel.begin(), &[often.clone(), rarely]).unwrap();
    assert!(judgement.to_string().contains("`timeouts`"), "{judgement}");
    let (_, judgement) = panel.weigh(evidence, &[missing(), often]).unwrap();
    assert_eq!(
        judgement.to_string(),
        "undecided: `errors`: the latest reading is missing (the query timed out)"
    );
}

#[test]
fn panels_that_cannot_judge_are_refused() {
    let errors = || Rule::new(metric("errors"), Method::default());
    assert!(Panel::new(vec![], Risk::ONE_PERCENT).is_err());
    let repeated = Panel::new(vec![errors(), errors()], Risk::ONE_PERCENT).unwrap_err();
    assert!(repeated.to_string().contains("`errors`"));
    for text in [
        r#"{"rules":[]}"#,
        r#"{"rules":[{"metric":"a b"}]}"#,
        r#"{"rules":[{"metric":"a"}],"marks":{"pass_percent":40,"marginal_percent":50}}"#,
        r#"{"rules":[{"metric":"a"}],"false_abort_risk":1}"#,
        r#"{"rules":[{"metric":"a","weight":1}]}"#,
    ] {
        assert!(serde_json::from_str::<Panel>(text).is_err(), "{text}");
    }
}

#[test]
fn a_short_text_is_a_panel() {
    let text = r#"{"rules":[{"metric":"errors"}, {"metric":"cpu","importance":{"weight":2},
        "method":{"kind":"threshold","max":0.9}}]}"#;
    let panel: Panel = serde_json::from_str(text).unwrap();
    assert_eq!(panel.options().false_abort_risk, Risk::ONE_PERCENT);
    let options: PanelOptions = panel.clone().into();
    assert_eq!(Panel::try_from(options).unwrap(), panel);
}

#[test]
fn readings_and_evidence_have_to_fit() {
    let one = Panel::of(Rule::new(metric("errors"), Method::default()), Risk::ONE_PERCENT);
    let other = Panel::of(Rule::new(metric("cpu"), at_most_one()), Risk::ONE_PERCENT);
    let reading = ratio((1, 10), (1, 10));
    assert_eq!(
        one.weigh(one.begin(), &[]).unwrap_err(),
        UnfitReadings::Number { given: 0, rules: 1 }
    );
    assert_eq!(one.weigh(other.begin(), &[reading]).unwrap_err(), UnfitReadings::ForeignEvidence);
    let foreign = one.conclude(&other.begin());
    assert!(matches!(foreign, Judgement::Undecided { .. }), "{foreign}");
}

/// The same bits on every machine and in every release: journals hold such texts.
#[test]
fn evidence_is_written_as_it_always_was() {
    let panel = Panel::of(Rule::new(metric("errors"), Method::default()), Risk::ONE_PERCENT);
    let (evidence, _) = panel.weigh(panel.begin(), &[ratio((3, 950), (2, 50))]).unwrap();
    let text = concat!(
        r#"{"looks":1,"strands":[{"failed":null,"blind":null,"tally":{"sequential":{"#,
        r#""stable":{"events":3,"total":950},"candidate":{"events":2,"total":50},"#,
        r#""harm":["0.3841745026356329","0.6874671532644712","1.1423435402727309","#,
        r#""1.7206736783145944","2.3072680408984274","2.6583601211079806"],"#,
        r#""step_requests":50,"#,
        r#""safety":["-0.3501302929889827","-0.6496259051252224","-1.1423435402727304","#,
        r#""-1.8692381649071543","-2.8226289665974993","-3.723826198411523"],"#,
        r#""harmlessness":["0","0","0","0","0","0"]}}}]}"#,
    );
    assert_eq!(serde_json::to_string(&evidence).unwrap(), text);
}
