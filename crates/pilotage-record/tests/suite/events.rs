//! Chains of events and what they add up to.

use pilotage_artifact::Digest;
use pilotage_record::event::{Damage, Deed, History, Proven, Scope, Standing, TestVerdict};
use proptest::prelude::*;

use super::fixtures::{Book, minute};

fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

fn damage(book: &Book, name: &str) -> Vec<Damage> {
    book.history().chain(&scope(name)).map(|chain| chain.damage().to_vec()).unwrap_or_default()
}

fn in_staging(book: &Book) -> pilotage_record::event::InEnvironment {
    Standing::of(&book.history()).in_environment(&"staging".parse().unwrap())
}

#[test]
fn an_event_that_was_taken_away_is_a_gap() {
    let mut book = Book::ready();
    assert_eq!(damage(&book, "staging"), []);
    let at = book.events.iter().position(|event| event.event().scope == scope("staging")).unwrap();
    let missing = book.events.remove(at).id();
    let found = damage(&book, "staging");
    assert!(
        matches!(found.as_slice(), [Damage::Gap { missing: named, .. }] if *named == missing),
        "{found:?}"
    );
}

#[test]
fn two_writers_who_did_not_see_each_other_make_a_fork_that_the_next_event_joins() {
    let mut book = Book::new();
    book.deployed(1, "staging");
    let ends = book.history().ends(&scope("staging"));
    let noted = |text: &str| Deed::Noted { text: text.parse().unwrap() };
    book.say_after(ends.clone(), 2, "staging", "ci", noted("one"));
    book.say_after(ends, 2, "staging", "ci", noted("other"));
    assert!(
        matches!(damage(&book, "staging").as_slice(), [Damage::Fork { ends }] if ends.len() == 2)
    );
    book.say(3, "staging", "ana", noted("seen both"));
    assert_eq!(damage(&book, "staging"), []);
}

#[test]
fn a_failure_wins_over_a_success_that_did_not_see_it() {
    for failure_first in [true, false] {
        let mut book = Book::new();
        book.deployed(1, "staging");
        let ends = book.history().ends(&scope("staging"));
        let verified = |result| Deed::Verified { result, evidence: None };
        let (good, bad) = if failure_first { (9, 2) } else { (2, 9) };
        book.say_after(ends.clone(), good, "staging", "ci", verified(TestVerdict::Passed));
        book.say_after(ends, bad, "staging", "ci", verified(TestVerdict::Failed));
        let there = in_staging(&book);
        assert!(there.failed.is_some() && there.verified.is_none(), "{there:?}");
    }
}

#[test]
fn a_test_that_failed_beside_one_that_passed_counts_as_failed() {
    let mut book = Book::new();
    book.built(0);
    let ends = book.history().ends(&Scope::Release);
    let tested = |result| Deed::Tested {
        suite: "unit".parse().unwrap(),
        platform: "linux/amd64".parse().unwrap(),
        result,
        evidence: None,
    };
    book.say_after(ends.clone(), 2, "release", "ci", tested(TestVerdict::Failed));
    book.say_after(ends, 9, "release", "ci", tested(TestVerdict::Passed));
    let last = |book: &Book| {
        Standing::of(&book.history()).tests.into_values().next().expect("a result").result
    };
    assert_eq!(last(&book), TestVerdict::Failed);
    book.say(10, "release", "ci", tested(TestVerdict::Passed));
    assert_eq!(last(&book), TestVerdict::Passed, "this one has seen both");
}

#[test]
fn being_good_again_needs_an_event_that_saw_the_failure() {
    let mut book = Book::new();
    book.deployed(1, "staging");
    book.verified(2, "staging", TestVerdict::Passed);
    book.soaked(70, "staging", "1h");
    book.verified(80, "staging", TestVerdict::Failed);
    let there = in_staging(&book);
    assert!(there.failed.is_some() && there.verified.is_none() && there.soaked.is_none());
    book.deployed(81, "staging");
    assert!(in_staging(&book).failed.is_some(), "deploying again does not make it good");
    book.verified(82, "staging", TestVerdict::Passed);
    let there = in_staging(&book);
    assert!(there.failed.is_none() && there.verified.is_some() && there.soaked.is_none());
}

#[test]
fn nobody_can_have_watched_for_longer_than_it_was_there() {
    let mut book = Book::new();
    book.deployed(0, "staging");
    book.verified(1, "staging", TestVerdict::Passed);
    book.soaked(30, "staging", "1h");
    assert_eq!(in_staging(&book).soaked, None);
    book.soaked(60, "staging", "1h");
    assert!(in_staging(&book).soaked.is_some());
}

#[test]
fn a_clock_that_was_wrong_does_not_turn_the_order_around() {
    let mut book = Book::new();
    book.deployed(50, "staging");
    book.verified(10, "staging", TestVerdict::Passed);
    assert_eq!(in_staging(&book).verified.unwrap().at, minute(50));
}

#[test]
fn there_is_no_way_back_from_being_revoked() {
    let mut book = Book::ready();
    let reason = "leaks".parse().unwrap();
    book.say(90, "release", "dora", Deed::Revoked { reason });
    book.built(91);
    book.deployed(92, "staging");
    book.verified(93, "staging", TestVerdict::Passed);
    assert!(Standing::of(&book.history()).revoked.is_some());
}

#[test]
fn what_is_said_about_another_release_does_not_count() {
    let book = Book::ready();
    let other = pilotage_record::record::RecordId::new(Digest::of(b"another"));
    let history = History::of(other, book.events.clone());
    assert_eq!(history.chains().count(), 0);
    assert_eq!(Standing::of(&history), Standing::default());
}

/// Reads a program of small numbers as events, some of them side by side.
fn scribble(program: &[(u8, u8, u8)]) -> Vec<Proven> {
    let mut book = Book::new();
    for (at, (kind, back, minutes)) in program.iter().enumerate() {
        let seen = at.saturating_sub(usize::from(*back % 3));
        let known: Vec<_> = book.events.iter().take(seen).cloned().collect();
        let after = History::of(book.record.id(), known).ends(&scope("staging"));
        let reason = "because".parse().unwrap();
        let deed = match kind % 7 {
            0 => Deed::Deployed { sequence: 17 },
            1 => Deed::Verified { result: TestVerdict::Passed, evidence: None },
            2 => Deed::Verified { result: TestVerdict::Failed, evidence: None },
            3 => Deed::Soaked { span: "5m".parse().unwrap() },
            4 => Deed::RolledBack { reason, to: None },
            5 => Deed::Held { reason },
            _ => Deed::Unheld { reason },
        };
        book.say_after(after, u64::from(*minutes), "staging", "ci", deed);
    }
    book.events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_same_events_in_any_order_and_twice_add_up_to_the_same(
        program in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..9),
        seed in any::<u64>(),
    ) {
        let events = scribble(&program);
        let record = Book::new().record.id();
        let straight = History::of(record, events.clone());
        let mut mixed = [events.clone(), events].concat();
        mixed.sort_by_key(|event| Digest::of(&[event.id().bytes().as_slice(), &seed.to_le_bytes()].concat()));
        let mixed = History::of(record, mixed);
        prop_assert_eq!(Standing::of(&straight), Standing::of(&mixed));
        prop_assert_eq!(straight, mixed);
    }

    #[test]
    fn an_event_comes_after_those_that_it_names(
        program in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 1..9),
    ) {
        let history = History::of(Book::new().record.id(), scribble(&program));
        let mut seen = Vec::new();
        for proven in history.chain(&scope("staging")).unwrap().events() {
            prop_assert!(proven.event().after.iter().all(|named| seen.contains(named)));
            seen.push(proven.id());
        }
    }
}
