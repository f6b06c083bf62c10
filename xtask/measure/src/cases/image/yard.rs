//! Where it is measured: two registries, our example and the tools of others.

use std::path::{Path, PathBuf};
use std::thread::park_timeout;
use std::time::Duration;

use pilotage_xtask::Error;
use pilotage_xtask::bench::Peer;
use pilotage_xtask::command::Cmd;
use pilotage_xtask::system::Host;

use super::super::peer::program;
use super::registry::Registry;
use super::tool::{TOOLS, Tool};
use xtask::here::Here;

const LAYERS: &str = "4";
const MEMORY: &str = "/dev/shm";
const ROOM: u64 = 6 << 30;

/// The two registries and the tools.
pub(super) struct Yard<'a> {
    here: &'a Here,
    pub(super) one: Registry,
    pub(super) two: Registry,
    ours: PathBuf,
    home: tempfile::TempDir,
}

/// Why nothing can be measured.
pub(super) enum Closed {
    Absent(String),
    Broken(Error),
}

impl From<Error> for Closed {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

/// What our example said.
pub(super) struct Said(String);

impl Said {
    pub(super) fn number(&self, name: &str) -> f64 {
        let found = self.0.lines().find_map(|line| line.strip_prefix(name));
        found.and_then(|rest| rest.trim().parse().ok()).unwrap_or(f64::NAN)
    }
}

impl<'a> Yard<'a> {
    pub(super) fn open(here: &'a Here) -> Result<Self, Closed> {
        let ours = built(here)?;
        let host = in_memory(&here.host);
        let one = Registry::start(&host)?;
        let two = Registry::start(&host)?;
        let home = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
        Ok(Self { here, one, two, ours, home })
    }

    pub(super) fn make(&self, repository: &str, bytes: &str) -> Result<String, Error> {
        let at = format!("{}/{repository}", self.one.address);
        let said = Cmd::new(self.ours.display().to_string()).args(["make", &at, LAYERS, bytes]);
        Ok(said.output()?.trim().to_owned())
    }

    pub(super) fn source(&self, digest: &str) -> String {
        format!("{}/one@{digest}", self.one.address)
    }

    /// The file in which the first registry keeps a manifest.
    pub(super) fn manifest(&self, digest: &str) -> String {
        let hex = digest.trim_start_matches("sha256:");
        let start = hex.get(..2).unwrap_or_default();
        let blobs = self.one.folder.join("store/docker/registry/v2/blobs/sha256");
        blobs.join(start).join(hex).join("data").display().to_string()
    }

    pub(super) fn ours(
        &self,
        verb: &str,
        digest: &str,
        target: &str,
        how: &[&str],
    ) -> Result<Said, Error> {
        let source = self.source(digest);
        let command = Cmd::new(self.ours.display().to_string()).args([verb, &source, target]);
        command.args(how.iter().copied()).output().map(Said)
    }

    pub(super) fn theirs(
        &self,
        tool: &Tool,
        program: &Path,
        from: &str,
        to: &str,
    ) -> Result<(), Error> {
        // Skopeo remembers blobs it has seen; each run begins without a memory.
        let home = tempfile::tempdir_in(self.home.path()).map_err(Error::Output)?;
        let home = home.path().display().to_string();
        let command = tool.copy(program, from, to);
        command.env("HOME", &home).env("XDG_DATA_HOME", &home).output().map(drop)
    }

    /// What the others need for the same.
    pub(super) fn peers(&self, digest: &str, verb: &str, tag: &str) -> Result<Vec<Peer>, Error> {
        let mut peers = Vec::new();
        for tool in &TOOLS {
            let name = tool.name.to_owned();
            let program = match self.program(tool) {
                Ok(program) => program,
                Err(reason) => {
                    peers.push(Peer::Absent { name, reason });
                    continue;
                }
            };
            let to = match verb {
                "retag" => format!("{}/one:{tag}-{name}", self.one.address),
                _ => format!("{}/{name}:{tag}", self.two.address),
            };
            let copy = || self.theirs(tool, &program, &self.source(digest), &to);
            peers.push(Peer::Measured { theirs: self.counted(copy)?, name });
        }
        Ok(peers)
    }

    pub(super) fn program(&self, tool: &Tool) -> Result<PathBuf, String> {
        program(self.here, tool.name, tool.go)
    }

    /// How many requests both registries saw meanwhile.
    #[expect(clippy::cast_precision_loss, reason = "there are never that many")]
    pub(super) fn counted(&self, run: impl FnOnce() -> Result<(), Error>) -> Result<f64, Error> {
        let before = self.one.requests()? + self.two.requests()?;
        run()?;
        // A line is written right after its answer was sent.
        park_timeout(Duration::from_millis(100));
        Ok((self.one.requests()? + self.two.requests()? - before) as f64)
    }
}

/// The machine with its memory as its disk, where there is room for two copies of what is sent: it is
/// the clients that are measured, and all of them write at the pace of a disk.
fn in_memory(host: &Host) -> Host {
    let free = rustix::fs::statvfs(MEMORY).map_or(0, |disk| disk.f_bavail * disk.f_frsize);
    let temporary = if free < ROOM { host.temporary.clone() } else { MEMORY.into() };
    Host { temporary, ..host.clone() }
}

fn built(here: &Here) -> Result<PathBuf, Error> {
    let build = here.cargo("build");
    build
        .args(["--quiet", "--release", "-p", "pilotage-registry", "--example", "promote"])
        .output()?;
    let workspace = pilotage_xtask::metadata::Workspace::load(&here.root)?;
    Ok(workspace.target.join("release/examples/promote"))
}
