//! The resolver: batches, limits, retries, and one answer for each reference.

use std::collections::BTreeSet;
use std::sync::Arc;

use pilotage_rollout::Span;
use pilotage_secrets::local::Environment;
use pilotage_secrets::resolve::{Patience, Resolver};
use pilotage_secrets::{Errand, Failure, KmsKey, Reference, Words};
use pilotage_testkit::fake::vault::denied;

use crate::harbour::{Harbour, locator, reference};

fn stored(harbour: &Harbour, count: usize, of: impl Fn(usize) -> String) -> Vec<Reference> {
    let put = |number| {
        let reference = reference(&of(number));
        harbour.vault.put(reference.locator(), format!("value-{number}"));
        reference
    };
    (0..count).map(put).collect()
}

fn codes(wrong: &[(Reference, pilotage_secrets::resolve::Unresolved)]) -> BTreeSet<String> {
    wrong.iter().map(|(reference, why)| format!("{reference} {}", why.code())).collect()
}

#[tokio::test(start_paused = true)]
async fn as_few_calls_as_the_batches_allow() {
    let harbour = Harbour::new();
    harbour.vault.slow_down(Span::from_millis(30));
    let mut wanted = stored(&harbour, 141, |number| format!("asm:prod/{number}"));
    wanted.extend(stored(&harbour, 59, |number| format!("ssm:/prod/{number}")));
    let values = harbour.resolver.resolve(wanted.clone()).await;
    assert_eq!(values.calls(), 141_u32.div_ceil(20) + 59_u32.div_ceil(10));
    let values = values.complete().expect("all are there");
    assert_eq!(values.len(), 200);
    for (number, reference) in wanted.iter().take(141).enumerate() {
        assert_eq!(values[reference].value.expose(), format!("value-{number}").as_bytes());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_often_is_read_once() {
    let harbour = Harbour::new();
    harbour.vault.put(&locator("asm:db"), r#"{"user":"u","port":5432}"#);
    let wanted = ["asm:db#/user", "asm:db#/port", "asm:db", "asm:db#/user"].map(reference);
    let resolution = harbour.resolver.resolve(wanted).await;
    assert_eq!((resolution.calls(), resolution.iter().count()), (1, 3));
    let values = resolution.complete().expect("all are there");
    assert_eq!(values[&reference("asm:db#/port")].value.expose(), b"5432");
}

#[tokio::test(start_paused = true)]
async fn a_partial_failure_is_no_success_and_names_every_reference() {
    let harbour = Harbour::new();
    let mut wanted = stored(&harbour, 25, |number| format!("asm:prod/{number}"));
    let vault = &harbour.vault;
    vault.refuse(&locator("asm:prod/1"), denied("AccessDeniedException"));
    let no_key = Failure::KeyDenied { said: Words::new("kms") };
    vault.refuse(&locator("asm:prod/2"), no_key);
    vault.delete(&locator("asm:prod/3"), pilotage_rollout::Moment::from_millis(1));
    wanted.extend(
        ["asm:none", "asm:prod/4#/k", "asm:prod/5@stage=AWSPENDING", "env:HOME", "ssm:/none"]
            .map(reference),
    );
    let incomplete = harbour.resolver.resolve(wanted).await.complete().expect_err("eight fail");
    let expected = [
        "asm:none missing",
        "asm:prod/1 denied",
        "asm:prod/2 key-denied",
        "asm:prod/3 deleted",
        "asm:prod/4#/k not-json",
        "asm:prod/5@stage=AWSPENDING no-such-version",
        "env:HOME no-source",
        "ssm:/none missing",
    ];
    assert_eq!(codes(incomplete.wrong()), expected.map(String::from).into());
    assert_eq!(incomplete.to_string(), "8 of 30 secrets cannot be resolved");
    assert!(!format!("{incomplete:?}").contains("value-"), "no value is in a failure");
}

#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out_for_as_long_as_is_asked() {
    let harbour = Harbour::new();
    let wanted = stored(&harbour, 40, |number| format!("asm:prod/{number}"));
    harbour.vault.throttle(3, Some(Span::from_secs(7)));
    let resolution = harbour.resolver.resolve(wanted).await;
    // Two calls, both refused; two again, of which one is refused; then the last.
    assert_eq!(resolution.calls(), 5);
    assert!(resolution.complete().is_ok());
    assert!(pilotage_clock::Clock::elapsed(&*harbour.clock) >= Span::from_secs(14));
}

#[tokio::test(start_paused = true)]
async fn patience_ends_and_the_failure_says_why() {
    let harbour = Harbour::new();
    let wanted = stored(&harbour, 1, |_| "ssm:/prod/x".into());
    harbour.vault.throttle(u32::MAX, None);
    let resolution = harbour.resolver.resolve(wanted.clone()).await;
    assert_eq!(resolution.calls(), u32::from(Patience::default().tries));
    let incomplete = resolution.complete().expect_err("it is throttled for ever");
    assert_eq!(codes(incomplete.wrong()), ["ssm:/prod/x throttled".to_owned()].into());
    harbour.vault.throttle(0, None);
    harbour.vault.fall_silent(1);
    assert!(harbour.resolver.resolve(wanted.clone()).await.complete().is_ok(), "asked again");
    harbour.vault.fall_silent(u32::MAX);
    let incomplete = harbour.resolver.resolve(wanted).await.complete().expect_err("silence");
    assert_eq!(codes(incomplete.wrong()), ["ssm:/prod/x unreachable".to_owned()].into());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_cut_short_is_believed_for_none() {
    let harbour = Harbour::new();
    let wanted = stored(&harbour, 3, |number| format!("asm:prod/{number}"));
    harbour.vault.forget(1);
    let incomplete =
        harbour.resolver.resolve(wanted).await.complete().expect_err("one is left out");
    assert!(incomplete.wrong().iter().all(|(_, why)| why.code() == "not-understood"));
    assert_eq!(incomplete.wrong().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_pinned_version_is_read_although_another_is_current() {
    let harbour = Harbour::new();
    let db = locator("asm:db");
    let old = harbour.vault.put(&db, "old");
    let new = harbour.vault.put(&db, "new");
    let pinned = reference("asm:db").pin(&old).expect("it can be pinned");
    let values = harbour.resolver.resolve([pinned.clone(), reference("asm:db")]).await;
    let values = values.complete().expect("both are there");
    assert_eq!(values[&pinned].value.expose(), b"old");
    assert_eq!(values[&reference("asm:db")].version, Some(new));
}

#[tokio::test(start_paused = true)]
async fn describing_reads_no_value() {
    let harbour = Harbour::new();
    let db = locator("asm:db");
    let version = harbour.vault.put(&db, "x");
    harbour.vault.encrypt(&db, KmsKey("k".into()));
    let described = harbour.resolver.describe([db.clone(), locator("asm:none")]).await;
    let description = described[&db].as_ref().expect("it is there");
    assert_eq!(description.version.as_ref(), Some(&version));
    assert_eq!(described[&locator("asm:none")], Err(Failure::Missing));
    assert!(harbour.vault.calls().iter().all(|(errand, _)| *errand == Errand::Describe));
}

#[tokio::test(start_paused = true)]
async fn each_source_is_asked_for_its_own() {
    let harbour = Harbour::new();
    harbour.vault.put(&locator("asm:db"), "remote");
    let environment = Environment::new([("HOME".to_owned(), b"local".to_vec())]);
    let resolver =
        Resolver::new(vec![Arc::new(environment), harbour.vault.clone()], harbour.clock.clone());
    let values = resolver.resolve(["env:HOME", "asm:db"].map(reference)).await;
    let values = values.complete().expect("both are there");
    assert_eq!(values[&reference("env:HOME")].value.expose(), b"local");
    assert_eq!(values[&reference("asm:db")].value.expose(), b"remote");
}
