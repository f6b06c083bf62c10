//! A unit is well only if it answers as the release that it should be.

use std::time::Duration;

use pilotage_host::Prober;
use pilotage_host::health::{HealthCheck, HttpProber, Unhealthy};
use pilotage_host::router::{Protocol, Upstream};
use pilotage_host::runtime::Identity;
use tokio::io::AsyncWriteExt;

use crate::support::unit::{Unit, dead_address, read_head, scripted};

fn check(path: &str) -> HealthCheck {
    HealthCheck {
        path: path.parse().expect("a path"),
        release: "v2".parse().expect("a release"),
        identity: Identity::default(),
        deadline: Duration::from_secs(5),
    }
}

async fn ask(unit: Upstream) -> Result<Duration, Unhealthy> {
    HttpProber.probe(unit, &check("/healthz")).await
}

/// A unit that gives this answer and closes.
async fn answering(answer: String) -> Upstream {
    let address = scripted(move |_, mut stream| {
        let answer = answer.clone();
        async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address.await.into()
}

fn ok(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn the_right_release_is_well_in_either_protocol() {
    for protocol in [Protocol::Http1, Protocol::H2c] {
        let unit = Unit::start_speaking("v2", protocol).await;
        ask(unit.upstream).await.expect("well");
    }
    ask(answering(ok("", "up 5 s\nrelease: v2\n")).await).await.expect("named in the body");
}

#[tokio::test]
async fn the_old_release_on_the_port_is_noticed() {
    for unit in [Unit::start("v1").await.upstream, answering(ok("", "release=v1")).await] {
        let unhealthy = ask(unit).await.expect_err("old");
        assert!(matches!(&unhealthy, Unhealthy::WrongRelease { found, .. } if found == "v1"));
        assert!(unhealthy.to_string().contains("`v1` answers in place of `v2`"), "{unhealthy}");
    }
}

#[tokio::test]
async fn an_answer_without_a_name_is_not_enough() {
    let unhealthy = ask(answering(ok("", "OK")).await).await.expect_err("nameless");
    assert!(matches!(unhealthy, Unhealthy::Nameless { .. }), "{unhealthy}");
}

#[tokio::test]
async fn a_name_may_be_left_out_where_it_was_said_so_and_is_never_wrong() {
    let lenient = HealthCheck { identity: Identity::IfNamed, ..check("/healthz") };
    let ask = |unit| HttpProber.probe(unit, &lenient);
    ask(answering(ok("", "OK")).await).await.expect("it is taken at its word");
    ask(answering(ok("", &"x".repeat(70_000))).await).await.expect("however long it is");
    let old = answering(ok("x-pilotage-release: v1\r\n", "OK")).await;
    let unhealthy = ask(old).await.expect_err("old");
    assert!(matches!(&unhealthy, Unhealthy::WrongRelease { found, .. } if found == "v1"));
}

#[tokio::test]
async fn a_unit_that_says_it_is_unwell_is_believed() {
    let unit = Unit::start("v2").await;
    let unhealthy = HttpProber.probe(unit.upstream, &check("/fail")).await.expect_err("unwell");
    assert!(matches!(unhealthy, Unhealthy::Status { status: 503 }), "{unhealthy}");
}

#[tokio::test]
async fn silence_noise_and_absence_are_told_apart() {
    let absent = ask(dead_address().await.into()).await.expect_err("absent");
    assert!(matches!(absent, Unhealthy::Unreachable { .. }), "{absent}");
    let noise = ask(answering("SSH-2.0-noise\r\n".to_owned()).await).await.expect_err("noise");
    assert!(matches!(noise, Unhealthy::Broken { .. }), "{noise}");
    let silent = scripted(|_, mut stream| async move {
        read_head(&mut stream).await;
        read_head(&mut stream).await;
    });
    let mut hasty = check("/");
    hasty.deadline = Duration::from_millis(30);
    let silence = HttpProber.probe(silent.await.into(), &hasty).await.expect_err("silence");
    assert!(matches!(silence, Unhealthy::TimedOut { .. }), "{silence}");
}

#[tokio::test]
async fn an_endless_body_is_not_read_to_its_end() {
    let unhealthy = ask(answering(ok("", &"x".repeat(70_000))).await).await.expect_err("long");
    assert!(matches!(unhealthy, Unhealthy::TooLong { .. }), "{unhealthy}");
    let named = ok("x-pilotage-release: v2\r\n", &"x".repeat(70_000));
    ask(answering(named).await).await.expect("the header is enough");
}
