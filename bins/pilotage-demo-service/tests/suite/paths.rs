//! What the service does on each of its paths, and what it writes down of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pilotage_load::{Get, Load, Rate, Socket, Tally, Upload};
use tokio::time::{interval, timeout};

use crate::process::{DEADLINE, answered, free_port, start, terminate};

const OFTEN: Rate = Rate { clients: 2, pace: Duration::from_millis(10) };

#[tokio::test]
async fn every_kind_of_request_is_answered_and_written_down_once() {
    let ledger = tempfile::tempdir().expect("a directory");
    let port = free_port().await;
    let mut child = start(port, &["--ledger", ledger.path().to_str().expect("text")]);
    answered(port, "/health").await;
    let (tally, mut load) = (Arc::new(Tally::default()), Load::default());
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    load.send(OFTEN, &tally, || Get::new(address, "/"));
    load.send(OFTEN, &tally, || Get::new(address, "/slow/50"));
    load.send(OFTEN, &tally, || Upload::new(address, 3, Duration::from_millis(5)));
    load.send(OFTEN, &tally, || Socket::new(address, Duration::from_millis(5)));
    let mut looks = interval(Duration::from_millis(10));
    let enough = async {
        while tally.totals().of("v7") < 50 {
            looks.tick().await;
        }
    };
    timeout(DEADLINE, enough).await.expect("answers in time");
    let sent = load.stop().await;
    terminate(&mut child).await;
    let totals = tally.totals();
    assert!(totals.is_clean() && totals.of("v7") == sent, "{sent} sent: {totals:?}");
    assert_eq!(written(ledger.path()), (0..sent).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_socket_is_closed_properly_when_the_service_is_told_to_end() {
    let ledger = tempfile::tempdir().expect("a directory");
    let port = free_port().await;
    let mut child = start(port, &["--ledger", ledger.path().to_str().expect("text")]);
    answered(port, "/health").await;
    let (tally, mut load) = (Arc::new(Tally::default()), Load::default());
    let once = Rate { clients: 1, pace: DEADLINE };
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    load.send(once, &tally, || Socket::new(address, Duration::from_millis(5)));
    let mut looks = interval(Duration::from_millis(5));
    let open = async {
        while written(ledger.path()).is_empty() {
            looks.tick().await;
        }
    };
    timeout(DEADLINE, open).await.expect("opened in time");
    terminate(&mut child).await;
    load.stop().await;
    let totals = tally.totals();
    assert!(totals.is_clean() && totals.of("v7") == 1, "{totals:?}");
}

/// The numbers in all ledgers, in order.
#[expect(clippy::disallowed_methods, reason = "tests look at what was left on disk")]
fn written(directory: &std::path::Path) -> Vec<u64> {
    let files = std::fs::read_dir(directory).expect("there").map(|file| file.expect("a file"));
    let texts = files.map(|file| std::fs::read_to_string(file.path()).expect("text"));
    let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    let mut numbers: Vec<u64> = lines.map(|line| line.parse().expect("a number")).collect();
    numbers.sort_unstable();
    numbers
}
