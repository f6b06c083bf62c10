//! Ports of this machine: one that is free, and whether somebody listens on it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::{NotRun, Process};

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// A port that nobody listens on.
///
/// It is free when this returns and need not be a moment later: whoever starts a system on it
/// looks whether that system is still running, and tells when it is not.
pub fn free() -> Result<u16, NotRun> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(NotRun::because)?;
    Ok(listener.local_addr().map_err(NotRun::because)?.port())
}

/// Waits until somebody listens on the port, for as long as the process that is to do so runs.
pub fn wait(port: u16, process: &Process, patience: Duration) -> Result<(), NotRun> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listens = || TcpStream::connect_timeout(&address, PAUSE).is_ok();
    wait_until(process, patience, "listened on its port", listens)
}

/// Waits until the process has done this, for as long as it runs.
#[expect(clippy::disallowed_methods, reason = "there is nothing to wait on but time")]
pub fn wait_until(
    process: &Process,
    patience: Duration,
    what: &str,
    mut is_done: impl FnMut() -> bool,
) -> Result<(), NotRun> {
    let looks = patience.as_millis() / PAUSE.as_millis();
    for _ in 0..looks.max(1) {
        if is_done() {
            return Ok(());
        }
        if !process.is_running() {
            return Err(NotRun::because(format!("it ended before it {what}")));
        }
        std::thread::sleep(PAUSE);
    }
    Err(NotRun::because(format!("it had not {what} within {} s", patience.as_secs())))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use crate::command::Cmd;

    fn started(script: &str) -> (tempfile::TempDir, Process) {
        let folder = tempfile::tempdir().expect("a folder");
        let command = Cmd::new("sh").args(["-c", script]);
        let process = Process::start(&command, &folder.path().join("log")).expect("started");
        (folder, process)
    }

    #[test]
    fn what_listens_is_there_at_once() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (_folder, process) = started("exec sleep 600");
        assert_eq!(wait(port, &process, Duration::from_secs(10)), Ok(()));
        process.stop().expect("stopped");
    }

    #[test]
    fn what_is_never_done_is_told_with_its_limit() {
        let (_folder, process) = started("exec sleep 600");
        let waited = wait_until(&process, PAUSE, "let anybody in", || false);
        let reason = waited.expect_err("it never did").to_string();
        assert!(reason.contains("had not let anybody in within 0 s"), "{reason}");
        process.stop().expect("stopped");
    }

    #[test]
    fn what_ended_is_not_waited_for() {
        let (_folder, process) = started("exit 1");
        let ended = wait(free().expect("a port"), &process, Duration::from_mins(10));
        assert!(ended.expect_err("it ended").to_string().contains("ended"));
    }
}
