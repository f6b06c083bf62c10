//! Jobs of GitHub Actions.

use std::sync::Arc;

use pilotage_identity::web::Error as WebError;
use pilotage_identity::{Audience, Error, GitHubActions, Identity};
use pilotage_testkit::fake::HastyClock;
use secrecy::{ExposeSecret as _, SecretString};

use crate::fake::{BEARER, Fake, token};

fn job(fake: &Fake, bearer: &str) -> GitHubActions {
    let address = format!("{}/token?api-version=2.0", fake.address);
    GitHubActions::new(address, SecretString::from(bearer), Arc::new(HastyClock::default()))
}

/// What goes wrong, in all its words.
async fn wrong(job: &GitHubActions) -> (Error, String) {
    let error = job.token(Audience::AWS).await.expect_err("there is no token");
    let text = format!("{error} {error:?} {job:?}");
    assert!(!text.contains("canary"), "{text}");
    (error, text)
}

#[tokio::test]
async fn each_question_is_a_new_token_for_its_audience() {
    let fake = Fake::start().await;
    let job = job(&fake, BEARER);
    for (number, audience) in [Audience::AWS, Audience::AZURE, Audience::AWS].iter().enumerate() {
        let given = job.token(*audience).await.expect("it may ask");
        assert_eq!(given.expose_secret(), token(number));
    }
}

#[tokio::test]
async fn an_endpoint_that_is_away_for_a_moment_is_asked_again_and_not_for_ever() {
    let fake = Fake::start().await;
    fake.fail(500, "oops");
    fake.fail(503, "");
    job(&fake, BEARER).token(Audience::AWS).await.expect("the third attempt");
    for _ in 0..4 {
        fake.fail(500, "oops");
    }
    let (error, _) = wrong(&job(&fake, BEARER)).await;
    assert!(error.is_passing(), "{error}");
    assert_eq!(fake.state.lock().expect("sound").faults.len(), 1, "three attempts");
}

#[tokio::test]
async fn what_is_no_token_is_refused_and_not_shown() {
    let fake = Fake::start().await;
    for (body, words) in [
        ("<html>sign in, canary</html>", "makes no sense"),
        (r#"{"value":["canary"]}"#, "makes no sense"),
        (r#"{"count":0}"#, "makes no sense"),
        (r#"{"value":"canary"}"#, "is no token"),
        (r#"{"value":""}"#, "is no token"),
    ] {
        fake.fail(200, body);
        let (error, text) = wrong(&job(&fake, BEARER)).await;
        assert!(text.contains(words) && !error.is_passing(), "{text}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_and_what_it_repeats_is_not() {
    let fake = Fake::start().await;
    let (error, text) = wrong(&job(&fake, "canary-of-another")).await;
    assert!(text.contains("status 401") && text.contains("who asks?"), "{text}");
    assert!(!error.is_passing());
    fake.fail(403, &format!(r#"{{"message":"{BEARER} may not"}}"#));
    let (_, text) = wrong(&job(&fake, BEARER)).await;
    assert!(text.contains("repeats"), "{text}");
    assert_eq!(fake.served().len(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let fake = Fake::start().await;
    fake.fail(302, "");
    let (_, text) = wrong(&job(&fake, BEARER)).await;
    assert!(text.contains("status 302"), "{text}");
}

#[tokio::test]
async fn nothing_goes_out_in_the_clear() {
    let clock = Arc::new(HastyClock::default());
    let bearer = SecretString::from(BEARER);
    let job = GitHubActions::new("http://token.example.org/x", bearer, clock);
    let (error, _) = wrong(&job).await;
    assert!(matches!(error, Error::Web(WebError::Address { .. })), "{error}");
}
