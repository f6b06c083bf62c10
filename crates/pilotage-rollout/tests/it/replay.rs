//! Journals that no run could have written.

use pilotage_rollout::journal::{Entry, Record, ReplayError, RunId, replay};
use pilotage_rollout::run::Illegal;
use pilotage_rollout::target::{Action, Fence};
use pilotage_rollout::{Event, Moment};

use crate::fixtures::*;
use crate::scenarios;

fn journal() -> Vec<Record> {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(3))]));
    voyage.sail();
    voyage.journal
}

fn refused(records: &[Record]) -> ReplayError {
    replay(records).unwrap_err()
}

/// The place of the first record of this kind after the opening.
fn first(records: &[Record], is: fn(&Entry) -> bool) -> usize {
    records.iter().position(|record| is(&record.entry)).unwrap()
}

fn is_intent(entry: &Entry) -> bool {
    matches!(entry, Entry::Intent(_))
}

fn is_look(entry: &Entry) -> bool {
    matches!(entry, Entry::Happened(Event::Observed(_)))
}

#[test]
fn a_whole_journal_names_its_run() {
    let replayed = replay(&journal()).unwrap();
    assert_eq!(replayed.id.to_string(), "run-1");
    assert!(replayed.run.is_over() && !replayed.dangling);
}

#[test]
fn an_empty_journal_has_no_run() {
    assert_eq!(told(&refused(&[])), "the journal is empty: no run was opened in it");
}

#[test]
fn a_journal_begins_with_the_opening() {
    let mut records = journal();
    records.remove(0);
    assert_eq!(
        told(&refused(&records)),
        "record 0 opens no run, and the first one must: this is not a run's journal"
    );
}

#[test]
fn a_journal_holds_one_run() {
    let mut records = journal();
    let Entry::Opened { plan, .. } = &records[0].entry else { panic!("not opened") };
    let (run, plan) = (RunId("run-2".into()), plan.clone());
    let entry = Entry::Opened { schema: 1, run, plan, fence: Fence(2) };
    records.insert(3, Record { at: START, entry });
    assert_eq!(
        told(&refused(&records)),
        "record 3 opens a second run, `run-2`: two journals were mixed"
    );
}

fn with_schema(found: u32) -> Vec<Record> {
    let mut records = journal();
    if let Entry::Opened { schema, .. } = &mut records[0].entry {
        *schema = found;
    }
    records
}

#[test]
fn a_newer_journal_needs_a_newer_binary() {
    assert_eq!(
        told(&refused(&with_schema(2))),
        "the journal has schema 2 and this binary knows up to 1: resume with the version that \
         wrote it, or a newer one"
    );
    assert!(replay(&with_schema(0)).is_ok(), "older ones are read");
}

#[test]
fn an_intent_that_the_run_did_not_have_is_a_fork() {
    let mut records = journal();
    let at = first(&records, is_intent);
    if let Entry::Intent(order) = &mut records[at].entry {
        order.action = Action::Proceed { hook: "x".into() };
    }
    assert_eq!(
        told(&refused(&records)),
        "record 1 intends `let the platform go on from `x`` where the run wanted something else: \
         the journal was forked or edited"
    );
}

#[test]
fn an_intent_with_another_stamp_is_a_fork() {
    let mut records = journal();
    let at = first(&records, is_intent);
    if let Entry::Intent(order) = &mut records[at].entry {
        order.stamp.number += 1;
    }
    assert!(matches!(refused(&records), ReplayError::Forked { index: 1, .. }));
}

#[test]
fn an_intent_that_is_written_twice_is_a_fork() {
    let mut records = journal();
    records.insert(2, records[1].clone());
    assert!(matches!(refused(&records), ReplayError::Forked { index: 2, .. }));
}

#[test]
fn an_intent_in_the_place_of_a_look_is_a_fork() {
    let mut records = journal();
    let at = first(&records, is_look);
    records.insert(at, records[1].clone());
    let error = refused(&records);
    assert!(matches!(error, ReplayError::Forked { index, .. } if index == at), "{error:?}");
}

#[test]
fn an_outcome_without_an_intent_is_found_out() {
    let mut records = journal();
    records.remove(first(&records, is_intent));
    assert_eq!(
        told(&refused(&records)),
        "record 1 cannot follow what comes before: the journal was forked or edited: `acted` does \
         not answer what the run asked for"
    );
}

#[test]
fn a_record_that_was_cut_out_is_found_out() {
    let whole = journal();
    let mut unnoticed = Vec::new();
    for at in 1..whole.len() - 1 {
        let mut records = whole.clone();
        let cut = records.remove(at);
        if replay(&records).is_ok() {
            unnoticed.push((at, cut));
        }
    }
    assert!(unnoticed.is_empty(), "{unnoticed:?}");
}

#[test]
fn records_that_were_swapped_are_found_out() {
    let whole = journal();
    for at in 1..whole.len() - 1 {
        let mut records = whole.clone();
        records.swap(at, at + 1);
        assert!(replay(&records).is_err(), "{at}: {:?}", whole[at]);
    }
}

#[test]
fn a_clock_that_was_turned_back_is_found_out() {
    let mut records = journal();
    let at = first(&records, is_look);
    records[at].at = Moment::from_millis(0);
    let error = refused(&records);
    let ReplayError::Illegal { index, source: Illegal::ClockBackwards { .. } } = error else {
        panic!("{error:?}");
    };
    assert_eq!(index, at);
}

#[test]
fn records_after_the_end_are_found_out() {
    let mut records = journal();
    let last = records.last().unwrap().at;
    records.push(Record { at: last, entry: Entry::Happened(Event::Interrupted) });
    let index = records.len() - 1;
    let source = Illegal::Ended { event: "interrupted" };
    assert_eq!(refused(&records), ReplayError::Illegal { index, source });
}

#[test]
fn an_unknown_record_is_refused() {
    let text = r#"{"at":1,"entry":{"dreamt":"of sheep"}}"#;
    assert!(serde_json::from_str::<Record>(text).is_err());
    let text = r#"{"at":1,"entry":{"happened":"woke"},"by":"me"}"#;
    assert!(serde_json::from_str::<Record>(text).is_err());
}
