//! What an answer means for whoever reads a Secret, whoever gives it.

use pilotage_kubernetes::{Access, Cluster, Explicit, KubeSecrets};
use pilotage_secrets::{Failure, Locator, Reference, SecretSource as _};
use tokio::net::TcpListener;

use crate::answers::answer;

fn wanted() -> [Locator; 2] {
    ["k8s:shop/app/one", "k8s:shop/app/two"]
        .map(|text| text.parse::<Reference>().expect("a reference").locator().clone())
}

async fn source(server: &str) -> KubeSecrets {
    let token = "canary-token".to_owned().into();
    let explicit = Explicit { server: server.into(), authority: None, token };
    KubeSecrets::new(Cluster::open(&Access::Explicit(explicit)).await.expect("it is whole"))
}

/// What a source says of two keys of one object that is answered for so, and how many requests
/// it took.
async fn told(status: &str, body: &str) -> (Vec<Failure>, u32) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let source = source(&format!("http://{}", listener.local_addr().expect("bound"))).await;
    let length = body.len();
    let said = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let (wanted, mut requests) = (wanted(), 0);
    let mut fetch = std::pin::pin!(source.fetch(&wanted));
    let answers = loop {
        tokio::select! {
            answers = &mut fetch => break answers,
            accepted = listener.accept() => {
                requests += 1;
                let said = said.clone();
                tokio::spawn(async move { answer(accepted.expect("accepted").0, &said).await });
            }
        }
    };
    let failures = answers.into_iter().map(|one| one.expect_err("there is no value"));
    (failures.collect(), requests)
}

#[tokio::test]
async fn each_refusal_has_its_meaning_and_is_asked_for_once() {
    for (status, code) in [
        ("401", "no-credentials"),
        ("403", "denied"),
        ("404", "missing"),
        ("410", "missing"),
        ("429", "throttled"),
        ("500", "unreachable"),
        ("503", "unreachable"),
        ("422", "not-understood"),
    ] {
        let (failures, requests) = told(status, "canary-body").await;
        let codes: Vec<&str> = failures.iter().map(Failure::code).collect();
        assert_eq!(codes, [code, code], "{status}: {failures:?}");
        assert_eq!(requests, 1, "{status}: both keys come with one request");
        let text = format!("{failures:?}");
        assert!(!text.contains("canary-token"), "{text}");
    }
}

#[tokio::test]
async fn a_page_in_the_place_of_an_answer_is_no_value() {
    let (failures, _) = told("200", "<html>sign in</html>").await;
    assert!(failures.iter().all(Failure::is_transient), "{failures:?}");
}
