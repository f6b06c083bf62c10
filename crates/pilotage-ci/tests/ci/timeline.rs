//! From journals to timelines.

use insta::assert_snapshot;
use pilotage_ci::timeline::{Ending, Timeline, Unfit};

use crate::support::{HOSTILE, NAMES, World, canary, golden, judged, timeline};

/// What was done, one line each: seconds into the run, part, task, how long, how it ended.
fn told(timeline: &Timeline) -> String {
    let line = |stay: &pilotage_ci::timeline::Stay| {
        let (at, taken) = (stay.from.since(timeline.opened()), stay.taken(timeline.now()));
        let limit = stay.limit.map_or_else(|| "a person".to_owned(), |limit| limit.to_string());
        let ending = stay.ending.word();
        format!("{at} {}: {}, {taken} of {limit}, {ending}\n", stay.chapter, stay.task)
    };
    timeline.stays().iter().map(line).collect()
}

#[test]
fn a_deploy_is_told_step_by_step() {
    assert_snapshot!(told(&timeline(&golden("deployed-blue-green"))), @r"
    0ms prepare: claim the target, 1s of 2m33s, done
    1s migrate: apply the expand migrations, 6s of 1h, done
    7s step 1 of 2: 0 % of the traffic: start units, 1s of 2m33s, done
    8s step 1 of 2: 0 % of the traffic: prove the candidate healthy, 30s of 10m, done
    38s step 2 of 2: 100 % of the traffic: prove the candidate healthy, 10s of 10m, done
    48s step 2 of 2: 100 % of the traffic: shift traffic, 1s of 2m33s, done
    49s step 2 of 2: 100 % of the traffic: stay healthy for 30s, 30s of 30s, done
    1m19s step 2 of 2: 100 % of the traffic: drain the stable release, 5m of 15m10s, done
    6m19s step 2 of 2: 100 % of the traffic: stop units of the stable release, 1s of 7m33s, done
    6m20s finish: clean up, 0ms of 2m33s, done
    ");
}

#[test]
fn a_way_back_is_told_with_what_failed() {
    assert_snapshot!(told(&timeline(&golden("reverted-canary"))), @r"
    0ms prepare: claim the target, 1s of 2m33s, done
    1s migrate: apply the expand migrations, 6s of 1h, done
    7s step 1 of 2: 25 % of the traffic: start units, 1s of 2m33s, done
    8s step 1 of 2: 25 % of the traffic: prove the candidate healthy, 40s of 40s, failed
    48s go back: make the stable release whole and healthy, 0ms of 3m13s, done
    48s go back: drain the candidate, 5m of 5m50s, done
    5m48s go back: stop the candidate, 1s of 7m33s, done
    ");
}

#[test]
fn what_was_interrupted_is_left_and_the_run_stands_still() {
    assert_snapshot!(told(&timeline(&golden("interrupted-canary"))), @r"
    0ms prepare: claim the target, 1s of 2m33s, done
    1s migrate: apply the expand migrations, 6s of 1h, done
    7s step 1 of 2: 25 % of the traffic: start units, 1s of 2m33s, done
    8s step 1 of 2: 25 % of the traffic: prove the candidate healthy, 30s of 10m, done
    38s step 1 of 2: 25 % of the traffic: shift traffic, 1s of 2m33s, done
    39s step 1 of 2: 25 % of the traffic: stay healthy for 10m, 2m21s of 10m, left
    3m stand still: hold after an interruption, 0ms of a person, under way
    ");
}

#[test]
fn an_order_without_an_answer_is_one_that_nobody_knows_the_outcome_of() {
    let timeline = timeline(&golden("dangling-order"));
    let last = timeline.orders().last().expect("there is one");
    assert_eq!((last.number, &last.answer), (3, &None));
    let current = timeline.current().expect("the run is not over");
    assert_eq!(current.ending, Ending::UnderWay);
    assert_eq!(timeline.verdict(), None);
}

#[test]
fn every_record_is_one_line_and_the_run_is_the_replayed_one() {
    for name in NAMES {
        let records = golden(name);
        let timeline = timeline(&records);
        let replayed = pilotage_rollout::journal::replay(&records).expect("it is sound");
        assert_eq!(timeline.lines().len(), records.len(), "{name}");
        assert_eq!(timeline.state(), &replayed.run, "{name}");
        assert_eq!(timeline.verdict(), replayed.run.verdict(), "{name}");
    }
}

#[test]
fn the_judge_is_heard_at_each_look() {
    let timeline = timeline(&World::failing(55).sail(judged(), 9_999));
    let [look] = timeline.looks() else { panic!("one look is enough: {:?}", timeline.looks()) };
    assert!(look.judgement.is_fail());
    assert!(timeline.verdict().expect("it is over").to_string().contains(&look.words));
    assert_eq!(look.seen[0].to_string(), "errors: candidate 5.50 %, stable 0.13 %");
}

#[test]
fn failing_units_are_heard_once_and_counted() {
    let timeline = timeline(&World::saying(HOSTILE).sail(canary(&[]), 9_999));
    let [unit] = timeline.failing() else { panic!("{:?}", timeline.failing()) };
    assert!(unit.times > 1 && unit.first < unit.last);
    assert!(unit.words.contains("\n::error::forged\n"), "lines are kept: {}", unit.words);
    assert!(!unit.words.contains(['\u{1b}', '\u{7}', '\u{202e}']));
    let loud = timeline.lines().iter().filter(|line| !line.quiet && line.text.contains("forged"));
    assert_eq!(loud.count(), 1, "what was heard before is quiet");
}

#[test]
fn endless_words_are_cut_to_their_end() {
    let words = format!("{}THE REASON", "x".repeat(100_000));
    let timeline = timeline(&World::saying(&words).sail(canary(&[]), 9_999));
    let words = &timeline.failing()[0].words;
    assert!(words.len() <= 16_384 && words.ends_with("THE REASON"), "{}", words.len());
    assert!(timeline.lines().iter().all(|line| line.text.len() <= 4_000));
}

#[test]
fn journals_that_no_run_could_have_written_are_found_out() {
    let records = golden("deployed-blue-green");
    let replay = |records: &[_]| Timeline::replay(records).err();
    assert_eq!(replay(&[]), Some(Unfit::Empty));
    assert_eq!(replay(&records[1..]), Some(Unfit::NotOpened));
    let twice = [records[0].clone(), records[0].clone()];
    assert_eq!(replay(&twice), Some(Unfit::OpenedTwice { index: 1 }));
    let forked = [&records[..3], &records[1..2]].concat();
    assert_eq!(replay(&forked), Some(Unfit::Forked { index: 3 }));
    let skipped = [&records[..1], &records[4..5]].concat();
    assert!(matches!(replay(&skipped), Some(Unfit::Illegal { index: 1, .. })));
}

#[test]
fn a_record_that_does_not_fit_leaves_the_timeline_as_it_was() {
    let records = golden("deployed-blue-green");
    let mut timeline = timeline(&records[..9]);
    let before = timeline.clone();
    assert!(timeline.follow(&records[0]).is_err());
    assert_eq!(timeline, before);
}
