//! Jobs of Azure DevOps.

use std::sync::Arc;

use pilotage_identity::{Audience, AzureDevOps, Identity};
use pilotage_testkit::fake::HastyClock;
use secrecy::{ExposeSecret as _, SecretString};

use crate::fake::{BEARER, Fake, token};

fn job(fake: &Fake, bearer: &str) -> AzureDevOps {
    let address = format!("{}/oidctoken", fake.address);
    AzureDevOps::new(address, SecretString::from(bearer), Arc::new(HastyClock::default()))
}

#[tokio::test]
async fn a_job_asks_as_the_pipeline_or_as_a_service_connection() {
    let fake = Fake::start().await;
    let given = job(&fake, BEARER).token(Audience::AWS).await.expect("it may ask");
    assert_eq!(given.expose_secret(), token(0));
    job(&fake, BEARER).through("5eed").token(Audience::AZURE).await.expect("it may ask");
    let [first, second] = fake.served().try_into().expect("two");
    assert!(!first.contains("serviceConnectionId") && second.contains("serviceConnectionId=5eed"));
}

#[tokio::test]
async fn a_refusal_is_told_without_the_token() {
    let fake = Fake::start().await;
    let refused = job(&fake, "canary-of-another").token(Audience::AZURE).await;
    let error = refused.expect_err("it may not ask");
    let text = format!("{error} {error:?}");
    assert!(text.contains("status 401") && !text.contains("canary"), "{text}");
    fake.fail(200, r#"{"oidcToken":"canary"}"#);
    let error = job(&fake, BEARER).token(Audience::AZURE).await.expect_err("it is none");
    let text = format!("{error} {error:?}");
    assert!(text.contains("Azure DevOps") && !text.contains("canary"), "{text}");
}
