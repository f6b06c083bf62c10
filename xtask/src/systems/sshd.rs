//! OpenSSH's own server, which runs as whoever runs the tests and lets in nobody else.
//!
//! Tests find its folder in `PILOTAGE_TEST_SSHD`. With `ssh -F FOLDER/client` the host `releases` is
//! reached: with a key of its own, by a key of the host that is in `known_hosts`, without questions.

use std::path::Path;
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

/// A server on a port of its own, with keys of its own.
#[derive(Debug)]
pub(crate) struct Sshd;

const PATIENCE: Duration = Duration::from_mins(1);

/// Where a server that runs as root separates its privileges. The package of the server makes it when
/// the machine starts, which a container never does; a server of the machine may use it as well.
const EMPTY: &str = "/run/sshd";

impl System for Sshd {
    fn name(&self) -> &'static str {
        "sshd"
    }

    fn why(&self) -> &'static str {
        "releases over ssh: host keys, users' keys, answers that are lost"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("openssh-server"), Package::Apt("openssh-client")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        for program in ["sshd", "ssh", "ssh-keygen", "id"] {
            host.program(program)?;
        }
        Ok(())
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("pilotage-sshd-").tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let handle = Handle::new(self.name())
            .env("PILOTAGE_TEST_SSHD", folder.display().to_string())
            .with(Resource::Folder(folder.clone()));
        let port = match port::free().and_then(|port| furnish(host, &folder, port).map(|()| port)) {
            Ok(port) => port,
            Err(reason) => return undo(&handle, reason),
        };
        match serve(host, &folder) {
            Ok(process) => {
                let handle = handle.with(Resource::Process(process));
                let listens = port::wait(port, &process, PATIENCE);
                listens.map(|()| handle.clone()).or_else(|reason| undo(&handle, reason))
            }
            Err(reason) => undo(&handle, reason),
        }
    }
}

fn undo(handle: &Handle, reason: NotRun) -> Result<Handle, NotRun> {
    handle.stop().map_err(NotRun::because).and(Err(reason))
}

/// Writes keys and settings of both sides.
fn furnish(host: &Host, folder: &Path, port: u16) -> Result<(), NotRun> {
    let whoami = Cmd::new("id").args(["-un"]).output().map_err(NotRun::because)?;
    for key in ["host", "user"] {
        let path = folder.join(key).display().to_string();
        let make = Cmd::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &path]);
        make.output().map_err(NotRun::because)?;
    }
    let read = |name: &str| files::read(&folder.join(name)).map_err(NotRun::because);
    let known = format!("releases {}", read("host.pub")?);
    let texts = [
        ("server", server(folder, port, whoami.trim())),
        ("client", client(folder, port, whoami.trim())),
        ("authorized_keys", read("user.pub")?),
        ("known_hosts", known),
    ];
    for (name, text) in texts {
        files::write(&folder.join(name), &text).map_err(NotRun::because)?;
    }
    if !host.is_root {
        return Ok(());
    }
    let make = Cmd::new("mkdir").args(["-p", "-m", "0755", EMPTY]);
    make.output().map(drop).map_err(NotRun::because)
}

fn server(folder: &Path, port: u16, user: &str) -> String {
    let folder = folder.display();
    format!(
        "ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\nAllowUsers {user}\n\
         AuthorizedKeysFile {folder}/authorized_keys\nAuthenticationMethods publickey\n\
         PermitRootLogin prohibit-password\nUsePAM no\nStrictModes no\n"
    )
}

fn client(folder: &Path, port: u16, user: &str) -> String {
    let folder = folder.display();
    format!(
        "Host releases\nHostName 127.0.0.1\nPort {port}\nUser {user}\nHostKeyAlias releases\n\
         UserKnownHostsFile {folder}/known_hosts\nGlobalKnownHostsFile /dev/null\n\
         StrictHostKeyChecking yes\nIdentityFile {folder}/user\nIdentitiesOnly yes\n\
         IdentityAgent none\n"
    )
}

/// The server has to be started by its whole path, for it starts itself anew for each connection.
fn serve(host: &Host, folder: &Path) -> Result<Process, NotRun> {
    let program = host.program("sshd").map_err(NotRun::because)?;
    let settings = folder.join("server").display().to_string();
    let command = Cmd::new(program.display().to_string()).args(["-D", "-e", "-f", &settings]);
    Process::start(&command, &folder.join("log")).map_err(NotRun::because)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::Here;

    #[test]
    fn it_lets_in_its_user_and_goes_away_again() {
        let mut host = Here::discover().host;
        let temporary = tempfile::tempdir().expect("a folder");
        host.temporary = temporary.path().to_path_buf();
        if Sshd.find(&host).is_err() {
            return;
        }
        let handle = Sshd.start(&host).expect("it starts");
        let folder = handle.variables()["PILOTAGE_TEST_SSHD"].clone();
        let said = Cmd::new("ssh").args(["-F", &format!("{folder}/client"), "releases", "echo in"]);
        assert_eq!(said.output().expect("let in").trim(), "in");
        handle.stop().expect("stopped");
        assert!(!Path::new(&folder).exists());
    }
}
