//! The gate of production: what opens it, and everything that keeps it closed.

mod people;
mod place;

use pilotage_artifact::Digest;
use pilotage_record::event::{Counts, Deed, RuleName, ScanOutcome, TestVerdict};
use pilotage_record::gate::{Case, Destination, Entry, Explanation, Gates, Place, Ruling, Verdict};
use pilotage_record::statement::predicate::TestOutcome;

use super::fixtures::{Book, minute};

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
fn a_gap_or_a_fork_keeps_it_closed() {
    let mut book = Book::ready();
    let first =
        book.events.iter().position(|event| matches!(event.event().deed, Deed::Tested { .. }));
    book.events.remove(first.unwrap());
    let rules = closed_by(&ask(&book));
    assert!(rules.contains(&(RuleName::Chain, Verdict::Unknown)), "{rules:?}");
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
