//! Whose word opens the gate, and who may set rules aside.

use pilotage_record::event::{Deed, RuleName, TestVerdict};
use pilotage_record::gate::{Entry, Ruling, Verdict};
use pilotage_record::record::Record;
use pilotage_record::statement::predicate::TestOutcome;

use super::{Asked, ask, closed_by, gates, says};
use crate::fixtures::{Book, content, minute};

#[test]
fn approvals_expire() {
    let mut book = Book::ready();
    let explanation = Asked::at(1_000).of(&book);
    assert_eq!(
        closed_by(&explanation).first(),
        Some(&(RuleName::Approvals, Verdict::Fail)),
        "the window is closed by then as well"
    );
    assert!(says(&explanation, RuleName::Approvals).contains("0 of 2 approvals (2 do not count"));
    book.approved(85, "dora", "release-manager", 89);
    assert_eq!(closed_by(&ask(&book)), [], "one that is expired takes nothing away");
}

#[test]
fn the_author_counts_for_nobody_and_a_person_once() {
    let with = |approvals: &[(&str, &str)]| {
        let mut book = Book::ready();
        book.events.retain(|event| !matches!(event.event().deed, Deed::Approved { .. }));
        for (by, role) in approvals {
            book.approved(80, by, role, 500);
        }
        closed_by(&ask(&book)).len()
    };
    assert_eq!(with(&[("bo", "release-manager"), ("cy", "developer")]), 0);
    assert_eq!(with(&[("bo", "release-manager"), ("ana@shop.example", "developer")]), 1);
    assert_eq!(with(&[("bo", "release-manager"), ("bo", "developer")]), 1);
    assert_eq!(with(&[("bo", "release-manager"), ("cy", "release-manager")]), 1, "not cy's role");
    assert_eq!(with(&[("bo", "developer"), ("cy", "developer")]), 1, "no release manager");
    assert_eq!(with(&[("bo", "release-manager"), ("eve", "developer")]), 1, "nobody's role");
}

#[test]
fn the_author_is_the_same_in_capitals() {
    let mut content = content();
    content.author = "BO".parse().unwrap();
    let mut book = Book::about(Record::new(&content).unwrap());
    book.approved(80, "bo", "release-manager", 500);
    assert!(says(&ask(&book), RuleName::Approvals).starts_with("0 of 2"));
}

#[test]
fn an_approval_for_another_environment_does_not_count() {
    let mut book = Book::ready();
    book.events.retain(|event| !matches!(event.event().deed, Deed::Approved { .. }));
    for (by, role) in [("bo", "release-manager"), ("cy", "developer")] {
        let role = role.parse().unwrap();
        book.say(80, "staging", by, Deed::Approved { role, expires: minute(500) });
    }
    let rules = closed_by(&ask(&book));
    assert!(rules.iter().all(|(rule, _)| *rule == RuleName::Approvals) && !rules.is_empty());
}

#[test]
fn broken_glass_sets_rules_aside_for_a_while_and_says_so() {
    let with = |by: &str, expires: u64| {
        let mut book = Book::ready();
        book.tested(85, "linux/arm64", TestVerdict::Failed);
        let id = book.say(
            86,
            "prod",
            by,
            Deed::BrokeGlass {
                reason: "the shop is down".parse().unwrap(),
                waives: vec![RuleName::Tests],
                expires: minute(expires),
            },
        );
        (ask(&book), id)
    };
    let (explanation, id) = with("dora", 500);
    assert_eq!(explanation.entry, Entry::OpenByBrokenGlass);
    let waived: Vec<_> =
        explanation.rulings.iter().filter(|ruling| ruling.waived_by.is_some()).collect();
    assert!(
        matches!(waived.as_slice(), [Ruling { rule: RuleName::Tests, verdict: Verdict::Fail, waived_by: Some(by), .. }] if *by == id)
    );
    let summary = explanation.summary(&gates(), "https://shop.example");
    assert_eq!(summary.verification_result, TestOutcome::Failed, "broken glass is not passing");
    assert_eq!(with("dora", 90).0.entry, Entry::Closed, "it has expired");
    assert_eq!(with("cy", 500).0.entry, Entry::Closed, "cy may not");
}

#[test]
fn broken_glass_sets_aside_only_what_it_names() {
    let mut book = Book::ready();
    book.tested(85, "linux/arm64", TestVerdict::Failed);
    book.verified(85, "staging", TestVerdict::Failed);
    book.say(
        86,
        "prod",
        "dora",
        Deed::BrokeGlass {
            reason: "the shop is down".parse().unwrap(),
            waives: vec![RuleName::Tests, RuleName::Chain],
            expires: minute(500),
        },
    );
    assert_eq!(ask(&book).entry, Entry::Closed);
}
