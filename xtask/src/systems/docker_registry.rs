//! Docker's own registry, Debian's build of it: the oldest that is still in use, and so the one
//! that a client must get along with.
//!
//! Tests find its folder in `PILOTAGE_TEST_DOCKER_REGISTRY`; the file `address` in it has the host
//! and the port. Its access log, in `log` beside it, has a line for each request.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread::park_timeout;
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{Handle, Host, Lack, NotRun, Package, Process, Resource, System};

/// A registry with a store of its own.
#[derive(Debug)]
pub struct DockerRegistry;

const PROGRAM: &str = "docker-registry";
/// It is there within a tenth of a second; a busy machine may need more.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(20);

impl System for DockerRegistry {
    fn name(&self) -> &'static str {
        PROGRAM
    }

    fn why(&self) -> &'static str {
        "the registry client and promotion"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt(PROGRAM)]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        host.program(PROGRAM).map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let program = host.program(PROGRAM).map_err(NotRun::because)?;
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("pilotage-registry-").tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let handle = Handle::new(self.name())
            .env("PILOTAGE_TEST_DOCKER_REGISTRY", folder.display().to_string())
            .with(Resource::Folder(folder.clone()));
        match serve(&program, &folder) {
            Ok((process, address)) => {
                let handle = handle.with(Resource::Process(process));
                answers(&process, address)
                    .map(|()| handle.clone())
                    .map_err(|why| undo(&handle, why))
            }
            Err(why) => Err(undo(&handle, why)),
        }
    }
}

fn undo(handle: &Handle, why: String) -> NotRun {
    match handle.stop() {
        Ok(()) => NotRun::because(why),
        Err(left) => NotRun::because(format!("{why}; and {left}")),
    }
}

fn serve(program: &Path, folder: &Path) -> Result<(Process, SocketAddr), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let address = free().map_err(|error| text(&error))?;
    let config = folder.join("config.yml");
    files::write(&config, &configuration(folder, address)).map_err(|error| text(&error))?;
    let written = files::write(&folder.join("address"), &address.to_string());
    written.map_err(|error| text(&error))?;
    let command = Cmd::new(program.display().to_string())
        .args(["serve".to_owned(), config.display().to_string()]);
    let process = Process::start(&command, &folder.join("log")).map_err(|error| text(&error))?;
    Ok((process, address))
}

/// A port that is free now. Another program could take it before the registry does, which then
/// does not start, and says so.
fn free() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

fn configuration(folder: &Path, address: SocketAddr) -> String {
    let store = folder.join("store");
    format!(
        "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: '{}'\n  delete:\n    enabled: true\nhttp:\n  addr: \
         '{address}'\n",
        store.display()
    )
}

fn answers(process: &Process, address: SocketAddr) -> Result<(), String> {
    let looks = PATIENCE.as_millis() / LOOK.as_millis();
    for _ in 0..looks {
        if TcpStream::connect_timeout(&address, LOOK).is_ok() {
            return Ok(());
        }
        if !process.is_running() {
            return Err("it ended right after its start".into());
        }
        park_timeout(LOOK);
    }
    Err(format!("it does not answer after {} s", PATIENCE.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::Here;

    #[test]
    fn it_answers_and_goes_away_again() {
        let mut host = Here::discover().host;
        let temporary = tempfile::tempdir().expect("a folder");
        host.temporary = temporary.path().to_path_buf();
        if DockerRegistry.find(&host).is_err() {
            return;
        }
        let handle = DockerRegistry.start(&host).expect("it starts");
        let folder = handle.variables()["PILOTAGE_TEST_DOCKER_REGISTRY"].clone();
        let address = files::read(&Path::new(&folder).join("address")).expect("an address");
        assert!(TcpStream::connect(&address).is_ok());
        handle.stop().expect("stopped");
        assert!(TcpStream::connect(&address).is_err() && !Path::new(&folder).exists());
    }

    #[test]
    fn a_registry_that_ends_at_once_leaves_nothing() {
        let mut host = Here::discover().host;
        let temporary = tempfile::tempdir().expect("a folder");
        host.temporary = temporary.path().join("work");
        host.programs = vec![temporary.path().to_path_buf()];
        files::write(&host.temporary.join("keep"), "").expect("written");
        let program = temporary.path().join(PROGRAM);
        std::os::unix::fs::symlink("/bin/false", program).expect("a link");
        let refused = DockerRegistry.start(&host).expect_err("it ends").to_string();
        assert!(refused.contains("ended"), "{refused}");
        let left = files::walk(&host.temporary, &|_| true).expect("walked");
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
