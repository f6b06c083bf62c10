//! The gate of production: what opens it, and everything that keeps it closed.

use pilotage_artifact::Digest;
use pilotage_record::event::{Counts, Deed, RuleName, ScanOutcome, TestVerdict};
use pilotage_record::gate::{
    Case, Destination, Entry, Explanation, Gates, Place, Ruling, Running, Verdict,
};
use pilotage_record::record::{Record, RecordId};
use pilotage_record::statement::predicate::TestOutcome;

use super::fixtures::{Book, content, image, minute};

const POLICY: &str = r#"
[roles]
developer = ["ana@shop.example", "bo", "cy"]
release-manager = ["bo", "dora"]

[environments.staging]

[environments.prod]
after = ["staging"]
soak = "1h"
tests = { suites = ["unit"], max_age = "7d" }
scans = { max_age = "2d", critical = 0, high = 3 }
approvals = { count = 2, roles = ["release-manager"] }
windows = [{ days = ["mon", "tue", "wed", "thu"], from = "08:00", to = "16:00" }]
freezes = [{ from = "2026-12-20T00:00:00Z", to = "2027-01-04T00:00:00Z", reason = "holidays" }]
break_glass = { roles = ["release-manager"] }
"#;

fn gates() -> Gates {
    toml::from_str(POLICY).unwrap()
}

/// A question about the release of a book, and what is known of the place.
struct Asked {
    minutes: u64,
    place: Place,
    destination: Option<Destination>,
    going_back: bool,
}

impl Asked {
    fn at(minutes: u64) -> Self {
        Self { minutes, place: Place::default(), destination: None, going_back: false }
    }

    fn of(&self, book: &Book) -> Explanation {
        let case = Case {
            gates: &gates(),
            environment: &"prod".parse().unwrap(),
            record: &book.record,
            history: &book.history(),
            place: &self.place,
            destination: self.destination.as_ref(),
            now: minute(self.minutes),
            going_back: self.going_back,
        };
        case.explain().unwrap()
    }
}

fn ask(book: &Book) -> Explanation {
    Asked::at(90).of(book)
}

/// The rulings that do not pass; each must say what would make it pass.
fn closed_by(explanation: &Explanation) -> Vec<(RuleName, Verdict)> {
    let against: Vec<&Ruling> =
        explanation.rulings.iter().filter(|ruling| ruling.verdict != Verdict::Pass).collect();
    assert!(against.iter().all(|ruling| ruling.remedy.is_some()), "{against:?}");
    let entry = if against.is_empty() { Entry::Open } else { Entry::Closed };
    assert_eq!(explanation.entry, entry, "{against:?}");
    against.into_iter().map(|ruling| (ruling.rule, ruling.verdict)).collect()
}

fn says(explanation: &Explanation, rule: RuleName) -> String {
    let of = explanation.rulings.iter().filter(|ruling| ruling.rule == rule);
    of.map(|ruling| ruling.says.as_str()).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_release_with_all_its_evidence_may_enter() {
    let explanation = ask(&Book::ready());
    assert_eq!(closed_by(&explanation), []);
    let with_evidence = explanation.rulings.iter().filter(|ruling| !ruling.evidence.is_empty());
    assert_eq!(with_evidence.count(), 7, "record, upstream, 2 tests, 2 scans, approvals");
}

#[test]
fn without_any_evidence_nothing_that_is_asked_for_passes() {
    let rules = closed_by(&ask(&Book::new()));
    assert_eq!(
        rules,
        [
            (RuleName::Record, Verdict::Unknown),
            (RuleName::Upstream, Verdict::Unknown),
            (RuleName::Tests, Verdict::Unknown),
            (RuleName::Tests, Verdict::Unknown),
            (RuleName::Scans, Verdict::Unknown),
            (RuleName::Scans, Verdict::Unknown),
            (RuleName::Approvals, Verdict::Fail),
            (RuleName::Approvals, Verdict::Fail),
        ],
        "too few people, and none in the role"
    );
}

#[test]
fn a_missing_scan_of_one_platform_keeps_it_closed() {
    let mut book = Book::ready();
    let arm64 = Digest::of(&super::fixtures::manifest("linux/arm64"));
    let is_arm = |deed: &Deed| matches!(deed, Deed::Scanned { image, .. } if *image == arm64);
    book.events.retain(|event| !is_arm(&event.event().deed));
    let rules = closed_by(&ask(&book));
    // It was the last event of its chain, so no gap shows that it is missing: the rule must.
    assert_eq!(rules, [(RuleName::Scans, Verdict::Unknown)]);
    assert!(says(&ask(&book), RuleName::Scans).contains("linux/arm64 was not scanned"));
}

#[test]
fn a_scan_that_came_to_nothing_or_found_too_much_keeps_it_closed() {
    let mut book = Book::ready();
    let reason = "ScanNotFoundException".parse().unwrap();
    book.scanned(85, "linux/arm64", ScanOutcome::Unknown { reason });
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Scans, Verdict::Unknown)]);
    let found = |critical, high| ScanOutcome::Found(Counts { critical, high, ..Counts::default() });
    book.scanned(86, "linux/arm64", found(1, 4));
    let explanation = ask(&book);
    assert_eq!(closed_by(&explanation), [(RuleName::Scans, Verdict::Fail)]);
    let says = says(&explanation, RuleName::Scans);
    assert!(says.contains("1 critical (at most 0), 4 high (at most 3)"), "{says}");
    book.scanned(87, "linux/arm64", found(0, 3));
    assert_eq!(closed_by(&ask(&book)), []);
}

#[test]
fn old_scans_and_scans_from_the_future_do_not_count() {
    let book = Book::ready();
    let three_days = 3 * 24 * 60 + 10;
    let rules = closed_by(&Asked::at(three_days).of(&book));
    assert!(rules.contains(&(RuleName::Scans, Verdict::Fail)), "{rules:?}");
    let mut book = Book::ready();
    book.scanned(200, "linux/arm64", ScanOutcome::Found(Counts::default()));
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Scans, Verdict::Unknown)]);
}

#[test]
fn an_old_report_is_not_new_because_it_is_signed_today() {
    let mut book = Book::ready();
    book.say(
        88,
        "release",
        "ci",
        Deed::Scanned {
            platform: "linux/arm64".parse().unwrap(),
            image: Digest::of(&super::fixtures::manifest("linux/arm64")),
            scanner: "trivy".parse().unwrap(),
            outcome: ScanOutcome::Found(Counts::default()),
            finished: Some("2026-10-01T00:00:00Z".parse().unwrap()),
            evidence: None,
        },
    );
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Scans, Verdict::Fail)]);
}

#[test]
fn a_test_that_failed_keeps_it_closed() {
    let mut book = Book::ready();
    book.tested(85, "linux/arm64", TestVerdict::Failed);
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Tests, Verdict::Fail)]);
}

#[test]
fn a_verification_that_fails_later_keeps_it_closed() {
    let mut book = Book::ready();
    book.verified(85, "staging", TestVerdict::Failed);
    let explanation = ask(&book);
    assert_eq!(closed_by(&explanation), [(RuleName::Upstream, Verdict::Fail)]);
    book.verified(86, "staging", TestVerdict::Passed);
    let explanation = ask(&book);
    assert_eq!(closed_by(&explanation), [(RuleName::Upstream, Verdict::Unknown)]);
    assert!(says(&explanation, RuleName::Upstream).contains("nobody watched it since"));
}

#[test]
fn what_was_verified_before_the_last_deploy_does_not_count() {
    let mut book = Book::ready();
    book.deployed(85, "staging");
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Upstream, Verdict::Unknown)]);
}

#[test]
fn too_short_a_soak_or_a_rollback_keeps_it_closed() {
    let mut book = Book::ready();
    book.verified(80, "staging", TestVerdict::Passed);
    book.soaked(110, "staging", "30m");
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Upstream, Verdict::Fail)]);
    let mut book = Book::ready();
    let reason = "errors".parse().unwrap();
    book.say(85, "staging", "ci", Deed::RolledBack { reason, to: None });
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Upstream, Verdict::Fail)]);
}

#[test]
fn a_revoked_release_enters_nowhere_and_nothing_helps() {
    let mut book = Book::ready();
    book.say(85, "release", "dora", Deed::Revoked { reason: "leaks".parse().unwrap() });
    book.say(
        86,
        "prod",
        "dora",
        Deed::BrokeGlass {
            reason: "never mind".parse().unwrap(),
            waives: vec![RuleName::NotRevoked],
            expires: minute(500),
        },
    );
    assert_eq!(closed_by(&ask(&book)), [(RuleName::NotRevoked, Verdict::Fail)]);
    let mut book = Book::ready();
    book.say(85, "staging", "dora", Deed::Revoked { reason: "leaks".parse().unwrap() });
    assert_eq!(closed_by(&ask(&book)), [(RuleName::Upstream, Verdict::Fail)]);
}

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
fn a_gap_or_a_fork_keeps_it_closed() {
    let mut book = Book::ready();
    let first =
        book.events.iter().position(|event| matches!(event.event().deed, Deed::Tested { .. }));
    book.events.remove(first.unwrap());
    let rules = closed_by(&ask(&book));
    assert!(rules.contains(&(RuleName::Chain, Verdict::Unknown)), "{rules:?}");
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

#[test]
fn a_summary_names_the_policy_and_the_evidence() {
    let explanation = ask(&Book::ready());
    let summary = explanation.summary(&gates(), "registry.example/shop/web");
    assert_eq!(summary.verification_result, TestOutcome::Passed);
    assert_eq!(summary.verified_levels, ["PILOTAGE_GATE"]);
    assert_eq!(summary.input_attestations.len(), 10);
    assert!(summary.policy.digest.contains_key("sha256"));
}

#[test]
fn of_an_environment_without_a_policy_nothing_is_known() {
    let book = Book::ready();
    let case = Case {
        gates: &gates(),
        environment: &"elsewhere".parse().unwrap(),
        record: &book.record,
        history: &book.history(),
        place: &Place::default(),
        destination: None,
        now: minute(90),
        going_back: false,
    };
    assert_eq!(case.explain(), None);
}
