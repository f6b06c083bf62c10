//! The service as a process: what it answers, and how it ends.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

pub(crate) async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound").port()
}

#[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
pub(crate) fn start(port: u16, options: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilotage-demo-service"));
    command.env("PORT", port.to_string()).args(["--release", "v7"]).args(options);
    command.stderr(Stdio::piped()).kill_on_drop(true).spawn().expect("started")
}

async fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: demo\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
}

pub(crate) async fn answered(port: u16, path: &str) -> String {
    let mut ticks = interval(Duration::from_millis(5));
    let answer = async {
        loop {
            ticks.tick().await;
            if let Some(answer) = get(port, path).await {
                return answer;
            }
        }
    };
    timeout(DEADLINE, answer).await.expect("an answer in time")
}

/// Tells the service to end, and waits until it has.
pub(crate) async fn terminate(child: &mut Child) -> std::process::ExitStatus {
    let pid = i32::try_from(child.id().expect("running")).expect("a pid");
    let pid = rustix::process::Pid::from_raw(pid).expect("a pid");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("running");
    timeout(DEADLINE, child.wait()).await.expect("in time").expect("reaped")
}

#[tokio::test]
async fn it_names_its_release_and_fails_as_often_as_told() {
    let port = free_port().await;
    let mut child = start(port, &["--fail-percent", "50"]);
    let health = answered(port, "/health").await;
    assert!(health.starts_with("HTTP/1.1 200") && health.contains("x-pilotage-release: v7"));
    for expected in ["200", "500", "200", "500"] {
        let answer = get(port, "/").await.expect("it serves");
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{answer}");
        assert!(answer.ends_with("v7\n"), "{answer}");
    }
    let status = terminate(&mut child).await;
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn it_may_never_be_ready() {
    let port = free_port().await;
    let _child = start(port, &["--never-ready"]);
    assert!(answered(port, "/health").await.starts_with("HTTP/1.1 503"));
    assert!(answered(port, "/").await.starts_with("HTTP/1.1 200"), "it serves all the same");
}

#[tokio::test]
async fn it_may_exit_at_once_and_says_why_it_cannot_serve() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = taken.local_addr().expect("bound").port();
    for (options, said) in [(&["--exit-at-once"][..], "at once"), (&[], "cannot serve")] {
        let ended = timeout(DEADLINE, start(port, options).wait_with_output()).await;
        let output = ended.expect("in time").expect("reaped");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(said));
    }
}

#[tokio::test]
async fn it_ends_with_the_code_or_the_signal_that_it_is_told_to() {
    for (options, code) in [
        (&["--exit-at-once", "--exit-code", "0"][..], Some(0)),
        (&["--exit-at-once", "--exit-code", "3"], Some(3)),
        (&["--crash"], None),
    ] {
        let ended = timeout(DEADLINE, start(free_port().await, options).wait()).await;
        assert_eq!(ended.expect("in time").expect("reaped").code(), code, "{options:?}");
    }
}
