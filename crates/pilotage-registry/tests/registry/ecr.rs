//! The suite against the ECR of an emulator of AWS, as far as its data plane goes.
//!
//! It asks nobody who they are, and like ECR it stores nothing in a repository that was not made.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::OnceLock;

use pilotage_testkit::real;

use crate::suite;

/// The host and the port of the emulator, once a test has found it.
static EMULATOR: OnceLock<Option<String>> = OnceLock::new();

#[expect(clippy::disallowed_methods, reason = "its address is in a file")]
fn address() -> Option<String> {
    let found = || {
        let file = real::require("ministack", "PILOTAGE_TEST_MINISTACK")?;
        let address = std::fs::read_to_string(file).expect("an address");
        Some(address.trim().trim_start_matches("http://").to_owned())
    };
    EMULATOR.get_or_init(found).clone()
}

/// Makes a repository, where the registry is the emulator.
pub(crate) fn provide(registry: &str, repository: &str) {
    if EMULATOR.get().and_then(Option::as_deref) != Some(registry) {
        return;
    }
    let body = format!(r#"{{"repositoryName":"{repository}"}}"#);
    let target = "AmazonEC2ContainerRegistry_V20150921.CreateRepository";
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {registry}\r\nX-Amz-Target: {target}\r\nContent-Type: \
         application/x-amz-json-1.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(registry).expect("it is there");
    stream.write_all(request.as_bytes()).expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains(" 200 ") && answer.contains("repositoryUri"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_holds_within_it() {
    let Some(emulator) = address() else { return };
    suite::suite(&emulator, &emulator).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_holds_between_a_fake_and_it() {
    let Some(emulator) = address() else { return };
    let fake = crate::support::fake().await;
    suite::suite(&fake.name(), &emulator).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_kept_in_it() {
    let Some(emulator) = address() else { return };
    crate::evidence::suite(&emulator).await;
}
