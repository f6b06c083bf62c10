//! What an answer means for a write, whoever gives it: a proxy, a load balancer, nobody.

use pilotage_kubernetes::{Access, Cluster, Explicit, KubeLeases};
use pilotage_lease::{Course, LeaseStore as _, StoreFailure, Written};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::cluster::{new_name, proposal};

/// Leases behind this address.
async fn leases(server: &str) -> KubeLeases {
    let token = "t".to_owned().into();
    let explicit = Explicit { server: server.into(), authority: None, token };
    let cluster = Cluster::open(&Access::Explicit(explicit)).await.expect("it is whole");
    KubeLeases::new(cluster, "shop".parse().expect("a name"))
}

/// Reads a request's head and as much as comes with it, and gives one answer.
pub(crate) async fn answer(mut stream: TcpStream, answer: &str) {
    let mut heard = [0; 4096];
    while stream.read(&mut heard).await.expect("it can be read") > 0 {
        if heard.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    stream.write_all(answer.as_bytes()).await.expect("it can be written");
    stream.shutdown().await.expect("it can be closed");
}

/// What becomes of a first write that is answered so, and how many requests were made for it.
async fn written(status: &str, body: &str) -> (Result<Written, StoreFailure>, u32) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let said = match status {
        "" => String::new(),
        status => {
            let length = body.len();
            format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
        }
    };
    let (store, name, proposal) = (leases(&address).await, new_name(), proposal(None, 1));
    let (mut requests, mut write) = (0, std::pin::pin!(store.write(&name, &proposal)));
    loop {
        tokio::select! {
            written = &mut write => return (written, requests),
            accepted = listener.accept() => {
                requests += 1;
                let said = said.clone();
                tokio::spawn(async move { answer(accepted.expect("accepted").0, &said).await });
            }
        }
    }
}

#[tokio::test]
async fn a_write_that_may_have_happened_is_unknown_and_made_once() {
    let internal = r#"{"kind":"Status","status":"Failure","code":500,"message":"etcd is slow"}"#;
    let answers = [
        ("500 x", internal),
        ("503 x", "no backend"),
        ("504 x", "the gateway gave up"),
        ("200 OK", "<html>sign in</html>"),
        ("201 Created", r#"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{}}"#),
        ("", ""),
    ];
    for (status, body) in answers {
        let (written, requests) = written(status, body).await;
        let written = written.expect("nobody knows");
        assert!(matches!(written, Written::Unknown { .. }), "{status}: {written:?}");
        assert_eq!(requests, 1, "{status}");
    }
}

#[tokio::test]
async fn a_write_that_was_refused_has_certainly_not_happened() {
    for status in ["400 x", "401 x", "403 x", "404 x", "422 x", "429 x"] {
        let (written, requests) = written(status, "no").await;
        let error = written.expect_err("it was refused").to_string();
        assert!(error.contains("`create` failed"), "{status}: {error}");
        assert_eq!(requests, 1, "{status}");
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_has_happened() {
    let store = leases("http://127.0.0.1:1").await;
    let write = store.write(&new_name(), &proposal(None, 1)).await;
    let error = write.expect_err("nobody listens");
    assert_eq!(error.course, Course::Passes, "{error}");
    let error = error.to_string();
    assert!(error.contains("127.0.0.1:1") && error.contains("cannot be reached"), "{error}");
}
