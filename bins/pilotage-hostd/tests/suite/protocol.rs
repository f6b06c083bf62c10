//! Who may speak to the daemon, and what it answers to those who speak otherwise.

use std::path::Path;
use std::process::{Output, Stdio};

use pilotage_host::directory::{DirectoryError, ServiceDirectory};
use pilotage_host::local::{CallError, Client, SpawnError, ensure_running};
use pilotage_host::wire::{Fault, Hello, LONGEST_LINE, PROTOCOL, Reply, Welcome};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use crate::apart::turn;
use crate::place::{DEADLINE, HOSTD, Place, ensure};

#[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
pub(crate) async fn hostd(arguments: &[&str]) -> Output {
    let mut command = tokio::process::Command::new(HOSTD);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let _turn = turn().await;
    timeout(DEADLINE, command.output()).await.expect("it ends").expect("it starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

struct Raw(BufReader<UnixStream>);

impl Raw {
    async fn connect(place: &Place) -> Self {
        let stream = UnixStream::connect(place.directory.socket()).await.expect("it listens");
        Self(BufReader::new(stream))
    }

    async fn greeted(place: &Place) -> Self {
        let mut raw = Self::connect(place).await;
        raw.say(&serde_json::to_string(&Hello::ours()).expect("JSON")).await;
        let welcome: Welcome = raw.hear().await.expect("a greeting");
        assert!(matches!(welcome, Welcome::Hello(greeting) if greeting.protocol == PROTOCOL));
        raw
    }

    async fn say(&mut self, line: &str) {
        // A daemon that hangs up in the middle is what some tests wait for.
        let _ = self.0.write_all(format!("{line}\n").as_bytes()).await;
    }

    async fn hear<T: serde::de::DeserializeOwned>(&mut self) -> Option<T> {
        let mut line = String::new();
        let read = timeout(DEADLINE, self.0.read_line(&mut line)).await.expect("in time");
        read.ok().filter(|length| *length > 0)?;
        Some(serde_json::from_str(&line).expect("JSON"))
    }
}

#[tokio::test]
async fn a_second_daemon_is_refused_and_the_first_goes_on() {
    let place = Place::new().await;
    let path = place.directory.path().to_str().expect("text");
    let second = hostd(&["--dir", path]).await;
    assert_eq!(second.status.code(), Some(5));
    assert!(said(&second).contains("another daemon keeps"), "{}", said(&second));
    assert!(place.client.hello().await.is_ok());
}

#[tokio::test]
async fn a_client_of_another_version_is_told_so() {
    let place = Place::new().await;
    let mut raw = Raw::connect(&place).await;
    raw.say(&json!({"protocol": 99, "version": "9.9.9", "unheard": "of"}).to_string()).await;
    let welcome: Welcome = raw.hear().await.expect("an answer");
    let Welcome::Failed(fault @ Fault::OtherProtocol { .. }) = welcome else {
        panic!("{welcome:?}")
    };
    assert!(fault.to_string().contains("and the client protocol 99"), "{fault}");
    assert_eq!(raw.hear::<Reply>().await, None, "and hung up on");
}

#[tokio::test]
async fn a_daemon_of_another_version_is_noticed() {
    let home = tempfile::tempdir().expect("a directory");
    let directory = ServiceDirectory::at(home.path()).expect("a path");
    let listener = UnixListener::bind(directory.socket()).expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let greeting = json!({"hello": {"protocol": 2, "version": "7.0.0", "new": 1}});
            let _ = stream.write_all(format!("{greeting}\n").as_bytes()).await;
        }
    });
    let met = Client::new(directory.clone()).hello().await.expect_err("another version");
    assert!(matches!(&met, CallError::OtherVersion { protocol: 2, .. }), "{met}");
    assert!(met.to_string().contains("7.0.0") && met.is_final() && met.nothing_happened());
    let ensured = ensure(&directory, None).await;
    assert!(matches!(ensured, Err(SpawnError::Unusable { .. })), "{ensured:?}");
}

#[tokio::test]
async fn nonsense_is_answered_and_too_much_of_it_is_cut_off() {
    let place = Place::new().await;
    let mut raw = Raw::greeted(&place).await;
    for nonsense in ["", "{}", "[1,2", "{\"apply\":{}}", "{\"erase\":\"all\"}"] {
        raw.say(nonsense).await;
        let reply: Reply = raw.hear().await.expect("an answer");
        assert!(matches!(reply, Reply::Failed(Fault::Malformed { .. })), "{nonsense}: {reply:?}");
    }
    raw.say(&"x".repeat(LONGEST_LINE + 1)).await;
    assert_eq!(raw.hear::<Reply>().await, None);
    assert!(place.client.observe().await.is_ok(), "others are served");
}

#[tokio::test]
async fn only_the_owner_gets_in() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new().await;
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(place.directory.path()), 0o700);
    assert_eq!(mode(&place.directory.socket()), 0o600);
    assert_eq!(mode(&place.directory.path().join("state.json")), 0o600);
    let home = tempfile::tempdir().expect("a directory");
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(home.path(), open).expect("ours");
    let path = home.path().to_str().expect("text");
    let refused = hostd(&["--dir", path, "--listen", "127.0.0.1:0"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("not a private directory"), "{}", said(&refused));
}

#[tokio::test]
async fn what_belongs_to_somebody_else_is_not_used() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("not run: what_belongs_to_somebody_else_is_not_used: only root can give away");
        return;
    }
    let give_away = |path: &Path| std::os::unix::fs::chown(path, Some(65_534), None);
    let place = Place::new().await;
    give_away(&place.directory.socket()).expect("root");
    let met = place.client.hello().await.expect_err("a foreign socket");
    let CallError::Directory { source: DirectoryError::Foreign { owner: 65_534, .. } } = met else {
        panic!("{met}")
    };
    place.kill_by_system();
    give_away(place.directory.path()).expect("root");
    let ended = ensure(&place.directory, None).await;
    assert!(ended.expect_err("a foreign socket").to_string().contains("belongs to user 65534"));
    let path = place.directory.path().to_str().expect("text");
    let refused = hostd(&["--dir", path]).await;
    assert!(said(&refused).contains("belongs to user 65534"), "{}", said(&refused));
}

#[tokio::test]
async fn usage_is_told_and_mistakes_in_it_have_their_code() {
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&[], 2),
        (&["--dir", "relative"], 2),
        (&["--dir", "/tmp", "--listen", "nowhere"], 2),
    ] {
        assert_eq!(hostd(arguments).await.status.code(), Some(code), "{arguments:?}");
    }
    let home = tempfile::tempdir().expect("a directory");
    let service = home.path().join("service");
    let nowhere = hostd(&["--dir", service.to_str().expect("text")]).await;
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(said(&nowhere).contains("--listen"), "{}", said(&nowhere));
}

#[tokio::test]
async fn two_callers_at_once_end_up_with_one_daemon() {
    let place = Place::new().await;
    place.kill_daemon().await;
    let _turn = turn().await;
    let start = || ensure_running(&place.directory, Path::new(HOSTD), None);
    let (one, other) = tokio::join!(start(), start());
    assert_eq!(one.expect("a daemon"), other.expect("the same daemon"));
}
