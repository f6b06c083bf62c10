//! Sessions: who one is, for how long, and what is said when it does not work.

use std::sync::Arc;

use pilotage_aws::session::{Life, Role};
use pilotage_aws::{Kind, Session, SessionError, Settings};
use pilotage_identity::{Identity, TokenFile};

use crate::emulator::{ACCOUNT, Emulator, settings};
use crate::fake::Fake;

async fn open(fake: &Fake, token: &str) -> Session {
    let folder = tempfile::tempdir().expect("a folder").keep();
    Session::open(&settings(fake.address(), &folder, token)).await.expect("all is given")
}

#[tokio::test]
async fn a_web_identity_is_exchanged_at_the_given_endpoint_and_its_end_is_known() {
    let fake = Fake::start().await;
    let session = open(&fake, "good").await;
    assert!(matches!(session.life().await.expect("known"), Life::Until(_)));
    let caller = session.caller().await.expect("told");
    assert_eq!(caller.account, ACCOUNT);
}

#[tokio::test]
async fn expired_and_denied_are_told_apart_with_action_code_and_remedy() {
    let fake = Fake::start().await;
    let expired = open(&fake, "expired").await.caller().await.expect_err("it is over");
    assert_eq!(expired.kind(), Kind::Expired);
    assert!(expired.to_string().contains("sign in again"), "{expired}");

    let denied = open(&fake, "denied").await.caller().await.expect_err("it is not allowed");
    assert_eq!((denied.kind(), denied.code()), (Kind::Denied, Some("AccessDenied")));
    assert!(denied.to_string().contains("allow `sts:GetCallerIdentity`"), "{denied}");
    assert!(denied.request().is_some());
}

#[tokio::test]
async fn a_role_that_refuses_is_blamed_and_not_the_call_that_needed_it() {
    let fake = Fake::start().await;
    let failure = open(&fake, "unknown").await.caller().await.expect_err("the role refuses");
    assert_eq!(failure.action(), "sts:AssumeRoleWithWebIdentity");
    assert_eq!(failure.kind(), Kind::Rejected, "{failure}");
}

#[tokio::test]
async fn a_missing_token_file_is_named() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(fake.address(), folder.path(), "good");
    let nowhere: Arc<dyn Identity> = Arc::new(TokenFile::new(folder.path().join("nowhere")));
    settings.role = settings.role.map(|role| Role { web_identity: Some(nowhere), ..role });
    let session = Session::open(&settings).await.expect("the file is read later");
    let failure = session.caller().await.expect_err("there is no token");
    assert_eq!(failure.kind(), Kind::Misconfigured);
    assert!(failure.to_string().contains("nowhere"), "{failure}");
}

#[tokio::test]
async fn without_credentials_nothing_was_sent_and_nothing_can_have_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings("http://127.0.0.1:1", folder.path(), "good");
    let session = Session::open(&settings).await.expect("nobody is asked yet");
    let failure = session.caller().await.expect_err("nobody listens");
    assert_eq!(failure.kind(), Kind::Unreachable, "{failure}");
    assert!(!failure.may_have_happened(), "{failure}");
}

#[tokio::test]
async fn an_endpoint_that_is_no_address_is_refused_before_anything_is_asked() {
    let settings = Settings { endpoint: Some("localhost:4566".into()), ..Settings::default() };
    let error = Session::open(&settings).await.expect_err("it has no scheme");
    assert_eq!(error, SessionError::Endpoint { given: "localhost:4566".into() });
}

#[tokio::test]
async fn throttling_is_tried_again_three_times_at_most() {
    let fake = Fake::start().await;
    let failure = open(&fake, "throttled").await.caller().await.expect_err("it never ends");
    assert_eq!(failure.kind(), Kind::Throttled);
    assert_eq!(fake.asked("GetCallerIdentity"), 3);
}

#[tokio::test]
async fn the_emulator_knows_the_role() {
    let Some(emulator) = Emulator::ministack() else { return };
    let session = emulator.session().await;
    assert!(matches!(session.life().await.expect("known"), Life::Until(_)));
    let caller = session.caller().await.expect("told");
    assert!(caller.arn.contains("deploy") || caller.arn.contains("root"), "{caller:?}");
}

#[tokio::test]
async fn a_role_is_assumed_with_the_keys_of_the_environment() {
    let Some(emulator) = Emulator::ministack() else { return };
    let role = Role {
        arn: format!("arn:aws:iam::{ACCOUNT}:role/deploy").parse().expect("a role"),
        session: "run-42".parse().expect("a name"),
        external_id: Some("third-party".into()),
        web_identity: None,
    };
    let settings = Settings {
        region: Some("eu-central-1".into()),
        endpoint: Some(emulator.address.clone()),
        role: Some(role),
        ..Settings::default()
    };
    let session = Session::open(&settings).await.expect("all is given");
    assert!(matches!(session.life().await.expect("known"), Life::Until(_)));
}
