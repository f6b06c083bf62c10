//! The rules of the next version, as a table of situations.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::*;
use crate::next::{BeforeOne, Reading};

/// What is known, as text.
#[derive(Default, Clone, Copy)]
struct Known<'a> {
    current: &'a str,
    commits: &'a [&'a str],
    written: &'a str,
    taken: &'a [&'a str],
    label: &'a str,
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn ask(known: Known<'_>, rules: &Rules) -> Result<Next, Underivable> {
    let commit = |(index, message): (usize, &&str)| Commit {
        id: CommitId::new([u8::try_from(index).expect("few commits"); 20]),
        parents: 1,
        message: (*message).into(),
    };
    let commits: Vec<Commit> = known.commits.iter().enumerate().map(commit).collect();
    let some = |text: &str| (!text.is_empty()).then(|| version(text));
    let (current, written) = (some(known.current), some(known.written));
    let taken: Vec<Version> = known.taken.iter().map(|text| version(text)).collect();
    let label: Option<PreLabel> = known.label.parse().ok();
    let question = Question {
        current: current.as_ref(),
        commits: &commits,
        written: written.as_ref(),
        taken: &taken,
        label: label.as_ref(),
    };
    next(&question, rules)
}

fn answer(known: Known<'_>) -> String {
    let next = ask(known, &Rules::default()).expect("an answer");
    next.version.map_or_else(|| "nothing".into(), |version| version.to_string())
}

#[test]
fn the_largest_change_decides() {
    let known = Known { current: "1.4.2", taken: &["1.4.2"], ..Known::default() };
    assert_eq!(answer(Known { commits: &["fix: a", "docs: b"], ..known }), "1.4.3");
    assert_eq!(answer(Known { commits: &["fix: a", "feat: b"], ..known }), "1.5.0");
    assert_eq!(answer(Known { commits: &["fix: a", "feat!: b"], ..known }), "2.0.0");
    assert_eq!(answer(Known { commits: &["docs: a"], ..known }), "nothing");
    assert_eq!(answer(known), "nothing");
}

#[test]
fn a_first_release_begins_where_the_files_say_and_nowhere_else() {
    let known = Known { commits: &["feat: a"], written: "0.1.0", ..Known::default() };
    assert_eq!(answer(known), "0.1.0");
    let nowhere = ask(Known { written: "", ..known }, &Rules::default());
    assert_eq!(nowhere, Err(Underivable::NoBeginning), "there is no default that could ship");
}

#[test]
fn a_file_that_was_raised_by_hand_is_a_wish_and_one_that_lags_is_not() {
    let known = Known { current: "1.4.2", commits: &["fix: a"], ..Known::default() };
    assert_eq!(answer(Known { written: "2.0.0", ..known }), "2.0.0");
    assert_eq!(answer(Known { written: "1.4.2", ..known }), "1.4.3");
    assert_eq!(answer(Known { written: "0.0.0", ..known }), "1.4.3");
    assert_eq!(answer(Known { written: "1.5.0-rc.1", ..known }), "1.4.3");
    assert_eq!(answer(Known { written: "1.5.0", commits: &["docs: a"], ..known }), "1.5.0");
}

#[test]
fn release_as_overrules_everything_but_the_order() {
    let known = Known { current: "1.4.2", ..Known::default() };
    let asked = ["docs: a\n\nRelease-As: 3.0.0", "no convention here"];
    assert_eq!(answer(Known { commits: &asked, ..known }), "3.0.0");
    let rules = Rules::default();
    let refused = |messages: &[&str]| ask(Known { commits: messages, ..known }, &rules);
    let low = refused(&["fix: a\n\nRelease-As: 1.4.2"]);
    assert!(matches!(low, Err(Underivable::NotNewer { .. })), "{low:?}");
    let two = refused(&["fix: a\n\nRelease-As: 2.0.0", "fix: b\n\nRelease-As: 3.0.0"]);
    assert!(matches!(two, Err(Underivable::Contradiction { .. })), "{two:?}");
    let none = refused(&["fix: a\n\nRelease-As: two"]);
    assert!(matches!(none, Err(Underivable::ReleaseAs { .. })), "{none:?}");
}

#[test]
fn every_commit_that_cannot_be_read_is_named() {
    let known =
        Known { current: "1.4.2", commits: &["wip", "fix: a", "faet: b"], ..Known::default() };
    let Err(Underivable::Unreadable(unreadable)) = ask(known, &Rules::default()) else {
        panic!("two commits cannot be read");
    };
    let subjects: Vec<&str> = unreadable.iter().map(|commit| commit.subject.as_str()).collect();
    assert_eq!(subjects, ["wip", "faet: b"]);
    let text = Underivable::Unreadable(unreadable).to_string();
    assert!(text.contains("Release-As") && text.contains("wip"), "{text}");
}

#[test]
fn pre_releases_lead_up_to_the_release() {
    let known = Known { current: "1.4.2", commits: &["feat: a"], label: "rc", ..Known::default() };
    assert_eq!(answer(known), "1.5.0-rc.1");
    let taken = &["1.4.2", "1.5.0-rc.1"];
    assert_eq!(answer(Known { taken, ..known }), "1.5.0-rc.2");
    assert_eq!(answer(Known { taken, label: "", ..known }), "1.5.0");
    assert_eq!(answer(Known { commits: &["docs: a"], ..known }), "nothing");
}

#[test]
fn a_version_is_never_given_twice() {
    let known = Known {
        current: "1.4.2",
        commits: &["feat: a"],
        taken: &["1.4.2", "1.5.0"],
        ..Known::default()
    };
    assert_eq!(ask(known, &Rules::default()), Err(Underivable::Taken(version("1.5.0"))));
}

#[test]
fn before_one_the_rule_is_explicit() {
    let known = Known { current: "0.4.2", commits: &["feat!: a"], ..Known::default() };
    assert_eq!(answer(known), "0.5.0");
    let usual = Rules { before_one: BeforeOne::AsUsual, ..Rules::default() };
    let next = ask(known, &usual).expect("an answer");
    assert_eq!(next.version, Some(version("1.0.0")));
    let patch = Rules { reading: Reading::Patch, ..Rules::default() };
    let next = ask(Known { commits: &["Anything"], ..known }, &patch).expect("an answer");
    assert_eq!(next.version, Some(version("0.4.3")));
}
