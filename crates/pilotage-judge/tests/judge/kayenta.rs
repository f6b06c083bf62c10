//! What Kayenta decides, short cuts and blind spots included, and where we decide otherwise.

use pilotage_judge::trial::Random;
use pilotage_judge::{
    Cause, Direction, Doubt, Effect, Failure, Finding, Judgement, MannWhitney, MannWhitneyOptions,
    Method, Panel, Reading, When,
};

use crate::fixtures::{conclude, gauge, judge, missing, panel, ratio, weigh};

fn with(options: MannWhitneyOptions) -> Panel {
    panel(Method::MannWhitney(MannWhitney::try_from(options).unwrap()))
}

/// Kayenta without a minimum of points, looking once.
fn bare() -> MannWhitneyOptions {
    MannWhitneyOptions { min_points_per_track: 1, ..MannWhitneyOptions::default() }
}

fn series(stable: &[f64], candidate: &[f64]) -> Vec<Reading> {
    stable.iter().zip(candidate).map(|(stable, candidate)| gauge(*stable, *candidate)).collect()
}

const LOW: [f64; 10] = [10.2, 11.1, 9.8, 10.9, 12.0, 11.5, 10.4, 9.9, 10.0, 11.0];
const HIGH: [f64; 10] = [13.4, 14.2, 13.1, 15.2, 14.1, 13.9, 12.7, 16.0, 13.3, 14.8];

#[test]
fn a_clear_shift_fails_in_its_direction_only() {
    for (direction, up, down) in [
        (Direction::Increase, true, false),
        (Direction::Decrease, false, true),
        (Direction::Either, true, true),
    ] {
        let panel = with(MannWhitneyOptions { direction, ..MannWhitneyOptions::default() });
        assert_eq!(conclude(&panel, &series(&LOW, &HIGH)).is_fail(), up, "{direction:?}");
        assert_eq!(conclude(&panel, &series(&HIGH, &LOW)).is_fail(), down, "{direction:?}");
    }
}

#[test]
fn the_allowed_increase_is_an_effect_size() {
    for (effect, enough, too_much) in
        [(Effect::MeanRatio, 1.3, 1.4), (Effect::Superiority, 0.9, 1.1)]
    {
        for (allowed, fails) in [(enough, true), (too_much, false)] {
            let allowed_increase = Some(allowed);
            let options =
                MannWhitneyOptions { effect, allowed_increase, ..MannWhitneyOptions::default() };
            let judgement = conclude(&with(options), &series(&LOW, &HIGH));
            assert_eq!(judgement.is_fail(), fails, "{effect:?} {allowed}");
        }
    }
}

#[test]
fn it_is_judged_once_unless_asked_otherwise() {
    let judgement = judge(&with(MannWhitneyOptions::default()), &series(&LOW, &HIGH));
    assert!(
        matches!(
            &judgement,
            Judgement::Undecided { why: Doubt::Metric { cause: Cause::JudgedAtTheEnd, .. }, .. }
        ),
        "{judgement}"
    );
    let each_look = Method::MannWhitney(MannWhitney::like_kayenta());
    assert!(judge(&panel(each_look), &series(&LOW, &HIGH)).is_fail());
}

#[test]
fn the_short_cuts_pass() {
    let mut reversed = LOW;
    reversed.reverse();
    assert!(conclude(&with(bare()), &series(&LOW, &reversed)).is_pass(), "the same values");
    assert!(conclude(&with(bare()), &series(&[7.0; 9], &[7.0; 9])).is_pass(), "one value");
}

#[test]
fn different_constants_fail() {
    let judgement = conclude(&with(bare()), &series(&[2.0; 6], &[3.0; 6]));
    let Judgement::Fail { reason: Failure::Metric { finding, .. } } = judgement else {
        panic!("{judgement}");
    };
    assert_eq!(finding, Finding::Shift { low: 1.0, high: 1.0, bound: 0.25 });
}

#[test]
fn a_zero_mean_switches_the_effect_off() {
    let options = MannWhitneyOptions { allowed_increase: Some(1e9), ..bare() };
    assert!(conclude(&with(options), &series(&[0.0; 8], &LOW[..8])).is_fail());
}

/// The first blind spot: the same middle, ten times the spread.
#[test]
fn a_change_of_spread_goes_unseen() {
    let wide = LOW.map(|value| 10.6 + (value - 10.6) * 10.0);
    assert!(conclude(&with(bare()), &series(&LOW, &wide)).is_pass());
}

/// The second: seven of ten points a hundred times higher. R's interval begins at 0.044, under a
/// quarter of the estimated shift of 99.
#[test]
fn a_hundredfold_jump_in_seven_of_ten_points_goes_unseen() {
    let stable = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(|n| 1.0 + f64::from(n) / 90.0);
    let candidate = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        .map(|n| if n <= 7 { 100.0 } else { 1.0 } + f64::from(n) / 100.0);
    assert!(conclude(&with(bare()), &series(&stable, &candidate)).is_pass());
}

/// The third: errors where there were none. The sequential judge counts them.
#[test]
fn a_few_errors_against_none_go_unseen() {
    let candidate = [0.0, 1.0, 2.0, 1.0, 0.0, 0.0];
    assert!(conclude(&with(bare()), &series(&[0.0; 6], &candidate)).is_pass());

    let seen = [0, 1, 2, 1, 0, 0].map(|errors| ratio((0, 950), (errors, 50)));
    assert!(judge(&panel(Method::default()), &seen).is_fail());
}

/// With two points per track the bracket is the interval, so one order in six fails a good
/// candidate, and with either direction twice as many. Five points are our minimum.
#[test]
fn two_points_raise_false_alarms_and_ours_waits() {
    let options = MannWhitneyOptions { direction: Direction::Either, ..bare() };
    let (panel, ours) = (with(options), with(MannWhitneyOptions::default()));
    let mut random = Random::new(2);
    let mut alarms = 0;
    for _ in 0..1_000 {
        let readings = [(); 2].map(|()| gauge(1.0 + random.unit(), 1.0 + random.unit()));
        alarms += u32::from(conclude(&panel, &readings).is_fail());
        assert!(!conclude(&ours, &readings).is_pass());
    }
    assert!(alarms > 100, "{alarms}");
}

/// A gauge around 100 whose minutes resemble their neighbours (autocorrelation 0.5).
fn wandering(random: &mut Random) -> Vec<f64> {
    let mut deviation = 0.0;
    let next = |_| {
        let noise: f64 = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
        deviation = 0.5 * deviation + noise;
        100.0 + deviation
    };
    (0..60).map(next).collect()
}

/// In how many of 200 trials two equal, wandering gauges fail within an hour.
fn alarms_on_wandering_gauges(options: MannWhitneyOptions) -> usize {
    let panel = with(options);
    let mut random = Random::new(11);
    let trials = (0..200).filter(|_| {
        let (stable, candidate) = (wandering(&mut random), wandering(&mut random));
        conclude(&panel, &series(&stable, &candidate)).is_fail()
    });
    trials.count()
}

/// The reason why ranks are judged once by default.
#[test]
fn looking_at_neighbouring_minutes_again_and_again_raises_false_alarms() {
    let direction = Direction::Either;
    let once = alarms_on_wandering_gauges(MannWhitneyOptions { direction, ..bare() });
    let each_look = MannWhitneyOptions {
        direction,
        min_points_per_track: 10,
        when: When::EachLook,
        ..MannWhitneyOptions::default()
    };
    let repeated = alarms_on_wandering_gauges(each_look);
    assert!(once <= 12 && repeated >= 30, "{once} once, {repeated} at each look");
}

/// Kayenta can replace missing points by zeros; nothing here does.
#[test]
fn missing_points_are_dropped_and_never_pass() {
    let panel = with(MannWhitneyOptions::default());
    let mut readings = series(&LOW, &HIGH);
    readings.splice(3..3, [missing(), gauge(f64::NAN, f64::INFINITY)]);
    assert!(conclude(&panel, &readings).is_fail());

    let mut sound = series(&LOW, &LOW);
    assert!(conclude(&panel, &sound).is_pass());
    sound.push(gauge(f64::NAN, 10.0));
    assert!(!conclude(&panel, &sound).is_pass(), "the latest reading is missing");
    assert!(!conclude(&panel, &vec![missing(); 30]).is_pass());
}

#[test]
fn ratios_are_compared_as_rates() {
    let panel = with(bare());
    let worse: Vec<_> = (0..10).map(|n| ratio((10 + n, 1_000), (30 + n, 1_000))).collect();
    assert!(conclude(&panel, &worse).is_fail());
}

#[test]
fn the_oldest_points_are_dropped() {
    let options = MannWhitneyOptions { max_points_per_track: 10, ..MannWhitneyOptions::default() };
    let mut readings = vec![gauge(10.0, 14.0); 40];
    readings.extend(series(&LOW, &LOW));
    assert!(conclude(&with(options), &readings).is_pass());
}

#[test]
fn the_next_step_compares_its_own_points() {
    let panel = with(MannWhitneyOptions::default());
    let (evidence, _) = weigh(&panel, &series(&LOW, &LOW));
    assert!(panel.conclude(&evidence).is_pass());
    let (evidence, _) = panel.weigh(evidence.for_next_step(), &[gauge(10.0, 10.0)]).unwrap();
    assert!(!panel.conclude(&evidence).is_pass());
}
