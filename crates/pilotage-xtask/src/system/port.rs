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
#[expect(clippy::disallowed_methods, reason = "there is nothing to wait on but time")]
pub fn wait(port: u16, process: &Process, patience: Duration) -> Result<(), NotRun> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let looks = patience.as_millis() / PAUSE.as_millis();
    for _ in 0..looks.max(1) {
        if TcpStream::connect_timeout(&address, PAUSE).is_ok() {
            return Ok(());
        }
        if !process.is_running() {
            return Err(NotRun::because("it ended before it listened on its port"));
        }
        std::thread::sleep(PAUSE);
    }
    Err(NotRun::because(format!("it did not listen on its port within {} s", patience.as_secs())))
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
    fn what_ended_is_not_waited_for() {
        let (_folder, process) = started("exit 1");
        let ended = wait(free().expect("a port"), &process, Duration::from_mins(10));
        assert!(ended.expect_err("it ended").to_string().contains("ended"));
    }
}
