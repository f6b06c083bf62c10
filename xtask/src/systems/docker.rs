//! A Docker daemon, so that tasks of the emulated ECS are real containers with real exit codes.
//!
//! A daemon that answers where `DOCKER_HOST` or the usual socket says is used as it is. Otherwise
//! one of our own is started, apart from everything else on the machine: its socket, images and
//! state are in a folder of its own, its network is a bridge of its own, and it changes no rules of
//! the firewall, so its containers reach this machine and each other and nothing else.
//!
//! Tests find a folder in `PILOTAGE_TEST_DOCKER`; the file `host` in it has the address.

use std::path::Path;
use std::thread::park_timeout;
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

/// The variable that names a daemon of the person's own.
pub(crate) const DOCKER_HOST: &str = "DOCKER_HOST";

/// The variable that names the folder to the tests, and to the systems that use the daemon.
const FOLDER: &str = "PILOTAGE_TEST_DOCKER";

const USUAL: &str = "unix:///var/run/docker.sock";
const DAEMON: &str = "dockerd";
const CLIENT: &str = "docker";
const NETWORK: &str = "ip";

/// It answers within a second; a busy machine may need more.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(100);

/// A daemon.
#[derive(Debug)]
pub(crate) struct Docker;

impl System for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn why(&self) -> &'static str {
        "tasks of ECS as real containers"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("docker.io"), Package::Apt("iproute2")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        let client = host.program(CLIENT)?;
        if running(&client, host).is_some() {
            return Ok(());
        }
        host.root()?;
        host.program(NETWORK)?;
        host.program(DAEMON).map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let client = host.program(CLIENT).map_err(NotRun::because)?;
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("pilotage-docker-").tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let handle = Handle::new(self.name())
            .env(FOLDER, folder.display().to_string())
            .with(Resource::Folder(folder.clone()));
        if let Some(address) = running(&client, host) {
            return tell(&folder, &address)
                .map(|()| handle.clone())
                .map_err(|why| undo(&handle, &why));
        }
        let network = Network::free().map_err(|why| undo(&handle, &why))?;
        let handle = handle.with(Resource::Link(network.name.clone()));
        network.make().map_err(|why| undo(&handle, &why))?;
        serve(handle, host, &client, &folder, &network)
    }
}

/// The address of the daemon that tests use, for systems that start later.
pub(super) fn address(host: &Host) -> Option<String> {
    let folder = host.variables.get(FOLDER)?;
    files::read(&Path::new(folder).join("host")).ok()
}

fn undo(handle: &Handle, why: &NotRun) -> NotRun {
    match handle.stop() {
        Ok(()) => why.clone(),
        Err(left) => NotRun::because(format!("{why}; and {left}")),
    }
}

/// The address of a daemon that runs already.
fn running(client: &Path, host: &Host) -> Option<String> {
    let named = host.variables.get(DOCKER_HOST).cloned();
    let address = named.unwrap_or_else(|| USUAL.into());
    answers(client, &address).then_some(address)
}

fn answers(client: &Path, address: &str) -> bool {
    let version = ["--host", address, "version", "--format", "{{.Server.Version}}"];
    Cmd::new(client.display().to_string()).args(version).output().is_ok()
}

/// Says where the daemon is, once it can be used.
fn tell(folder: &Path, address: &str) -> Result<(), NotRun> {
    files::write(&folder.join("host"), address).map_err(NotRun::because)
}

fn serve(
    handle: Handle,
    host: &Host,
    client: &Path,
    folder: &Path,
    network: &Network,
) -> Result<Handle, NotRun> {
    let started = host.program(DAEMON).map_err(NotRun::because).and_then(|program| {
        files::write(&folder.join("daemon.json"), "{}").map_err(NotRun::because)?;
        let command = command(&program, folder, network);
        Process::start(&command, &folder.join("log")).map_err(NotRun::because)
    });
    let process = started.map_err(|why| undo(&handle, &why))?;
    let address = socket(folder);
    // What runs in it is taken away before it is: it would take its time to end.
    let containers = Resource::Containers { host: address.clone(), label: None };
    let handle = handle.with(Resource::Process(process)).with(containers);
    wait(client, &process, &address)
        .and_then(|()| tell(folder, &address))
        .map(|()| handle.clone())
        .map_err(|why| undo(&handle, &why))
}

fn socket(folder: &Path) -> String {
    format!("unix://{}", folder.join("docker.sock").display())
}

fn command(program: &Path, folder: &Path, network: &Network) -> Cmd {
    let path = |name: &str| folder.join(name).display().to_string();
    Cmd::new(program.display().to_string())
        .args(["--host", &socket(folder), "--config-file", &path("daemon.json")])
        .args(["--data-root", &path("data"), "--exec-root", &path("exec")])
        .args(["--pidfile", &path("pid"), "--bridge", &network.name])
        .args(["--iptables=false", "--ip-masq=false", "--userland-proxy=false"])
}

fn wait(client: &Path, process: &Process, address: &str) -> Result<(), NotRun> {
    for _ in 0..PATIENCE.as_millis() / LOOK.as_millis() {
        if answers(client, address) {
            return Ok(());
        }
        if !process.is_running() {
            return Err(NotRun::because("`dockerd` ended before it answered"));
        }
        park_timeout(LOOK);
    }
    Err(NotRun::because(format!("`dockerd` did not answer within {} s", PATIENCE.as_secs())))
}

/// A network of this machine alone.
struct Network {
    name: String,
    address: String,
}

impl Network {
    /// One that nobody has: what is unique about it is a port that nobody listens on.
    fn free() -> Result<Self, NotRun> {
        let port = port::free()?;
        let [high, low] = port.to_be_bytes();
        Ok(Self { name: format!("pilotage{port}"), address: format!("10.{high}.{low}.1/24") })
    }

    fn make(&self) -> Result<(), NotRun> {
        let Self { name, address } = self;
        ip(&["link", "add", name, "type", "bridge"])?;
        ip(&["address", "add", address, "dev", name])?;
        ip(&["link", "set", name, "up"])
    }
}

fn ip(args: &[&str]) -> Result<(), NotRun> {
    let args = args.iter().copied();
    Cmd::new(NETWORK).args(args).output().map(drop).map_err(NotRun::because)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::Here;

    fn docker(host: &str, args: &[&str]) -> String {
        let args = args.iter().copied();
        Cmd::new(CLIENT).args(["--host", host]).args(args).output().expect("docker does it")
    }

    #[test]
    fn it_runs_and_leaves_nothing_not_even_its_containers() {
        let temporary = tempfile::tempdir().expect("a folder");
        let mut host = Here::discover().host;
        host.temporary = temporary.path().to_path_buf();
        // Not the person's own, so that this test is about ours.
        host.variables.insert(DOCKER_HOST.into(), "unix:///nowhere/docker.sock".into());
        let is_empty = || files::walk(temporary.path(), &|_| true).expect("walked").is_empty();
        let Ok(handle) =
            Docker.find(&host).map_err(NotRun::because).and_then(|()| Docker.start(&host))
        else {
            assert!(is_empty(), "a machine that may not run one is left as it was");
            return;
        };
        assert!(handle.is_alive());
        host.variables.extend(handle.variables().clone());
        let address = address(&host).expect("it is told");
        assert_eq!(docker(&address, &["ps", "--all", "--quiet"]), "");
        handle.stop().expect("stopped");
        assert!(!handle.is_alive() && is_empty());
        handle.stop().expect("stopped already");
    }

    #[test]
    fn a_daemon_that_ends_at_once_leaves_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        let mut host = Here::discover().host;
        host.temporary = root.path().join("work");
        host.variables.clear();
        files::write(&host.temporary.join("keep"), "").expect("written");
        for program in [CLIENT, DAEMON] {
            let program = root.path().join(program);
            std::os::unix::fs::symlink("/bin/false", program).expect("a link");
        }
        host.programs.insert(0, root.path().to_path_buf());
        if Docker.find(&host).is_err() {
            return;
        }
        Docker.start(&host).expect_err("it ends");
        let left = files::walk(&host.temporary, &|_| true).expect("walked");
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
