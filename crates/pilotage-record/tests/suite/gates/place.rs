//! What is in the environment already, and when changes may begin.

use pilotage_artifact::Digest;
use pilotage_record::event::{Deed, RuleName};
use pilotage_record::gate::{Destination, Place, Running, Verdict};
use pilotage_record::record::{Record, RecordId};

use super::{Asked, ask, closed_by, says};
use crate::fixtures::{Book, content, image};

#[test]
fn outside_of_windows_and_within_freezes_nothing_changes() {
    let book = Book::ready();
    let evening = Asked::at(8 * 60).of(&book);
    assert_eq!(closed_by(&evening), [(RuleName::Window, Verdict::Fail)]);
    let remedy = evening.rulings.iter().find_map(|ruling| ruling.remedy.clone()).unwrap();
    assert_eq!(remedy, "wait for mon tue wed thu 08:00 to 16:00 UTC");
    let freeze = Asked::at(36 * 24 * 60).of(&book);
    assert!(says(&freeze, RuleName::Window).contains("holidays"));
}

/// Another release that serves and is held.
fn elsewhere(sequence: u64) -> (Book, RecordId) {
    let mut content = content();
    content.sequence = sequence;
    let book = Book::about(Record::new(&content).unwrap());
    let id = book.record.id();
    (book, id)
}

#[test]
fn an_environment_that_is_held_stays_with_its_release() {
    let (mut other, _) = elsewhere(16);
    other.deployed(5, "prod");
    other.say(6, "prod", "dora", Deed::Held { reason: "campaign".parse().unwrap() });
    let prod = "prod".parse().unwrap();
    let place = Place::of(&prod, other.events.clone());
    let held = Asked { place, ..Asked::at(90) }.of(&Book::ready());
    assert_eq!(closed_by(&held), [(RuleName::Hold, Verdict::Fail)]);
    assert!(says(&held, RuleName::Hold).contains("campaign"));
    other.say(7, "prod", "dora", Deed::Unheld { reason: "over".parse().unwrap() });
    let place = Place::of(&prod, other.events.clone());
    assert_eq!(closed_by(&Asked { place, ..Asked::at(90) }.of(&Book::ready())), []);
}

#[test]
fn an_older_release_enters_only_on_purpose() {
    let (mut newer, id) = elsewhere(18);
    newer.deployed(5, "prod");
    let place = Place::of(&"prod".parse().unwrap(), newer.events.clone());
    assert!(matches!(&place.running, Some(Running { record, sequence: 18, .. }) if *record == id));
    let asked = Asked { place: place.clone(), ..Asked::at(90) };
    assert_eq!(closed_by(&asked.of(&Book::ready())), [(RuleName::Order, Verdict::Fail)]);
    let asked = Asked { place, going_back: true, ..Asked::at(90) };
    assert_eq!(closed_by(&asked.of(&Book::ready())), []);
    newer.say(6, "prod", "ci", Deed::RolledBack { reason: "bad".parse().unwrap(), to: None });
    let place = Place::of(&"prod".parse().unwrap(), newer.events);
    assert_eq!(place.running, None);
}

#[test]
fn a_release_that_was_replaced_enters_only_on_purpose() {
    let mut book = Book::ready();
    let by = RecordId::new(Digest::of(b"another"));
    book.say(85, "release", "ci", Deed::Superseded { by });
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Order, Verdict::Fail)]);
    assert_eq!(closed_by(&Asked { going_back: true, ..Asked::at(90) }.of(&book)), []);
}

#[test]
fn what_is_at_the_destination_must_be_what_was_recorded() {
    let name = || "web".parse().unwrap();
    let at = |digest| {
        let destination = Some(Destination::from([(name(), digest)]));
        Asked { destination, ..Asked::at(90) }.of(&Book::ready())
    };
    assert_eq!(closed_by(&at(image().digest())), []);
    assert_eq!(closed_by(&at(Digest::of(b"else"))), [(RuleName::Content, Verdict::Fail)]);
    let nothing = Asked { destination: Some(Destination::new()), ..Asked::at(90) };
    assert_eq!(closed_by(&nothing.of(&Book::ready())), [(RuleName::Content, Verdict::Unknown)]);
}
