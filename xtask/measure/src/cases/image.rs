//! What a promotion costs, beside the tools that people use for it: requests, time and memory.
//!
//! Two registries of Debian run on this machine; their access logs are what counts requests. Ours
//! is the example `promote` of `pilotage-registry`; skopeo is Debian's; crane and regctl are built
//! by Go into the cache where they are not installed.

use std::path::{Path, PathBuf};
use std::thread::park_timeout;
use std::time::Duration;

use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::command::Cmd;
use pilotage_xtask::stopwatch::Stopwatch;
use pilotage_xtask::system::{Handle, Host, System as _};
use pilotage_xtask::{Error, files};

use xtask::here::Here;
use xtask::systems::docker_registry::DockerRegistry;

const LAYERS: &str = "4";
const SMALL: &str = "10000";
/// Eight layers of 256 MiB are two GiB.
const LARGE: &str = "268435456";
const GIGABYTES: f64 = 2.147_483_648;
const ROUNDS: usize = 3;

/// Promotes between two real registries.
#[derive(Debug)]
pub(crate) struct Image<'a> {
    /// The repository and the machine.
    pub here: &'a Here,
    /// Whether two gigabytes are copied as well.
    pub is_big: bool,
}

impl Bench for Image<'_> {
    fn name(&self) -> &'static str {
        "image"
    }

    fn about(&self) -> &'static str {
        "promotion between two real registries: requests counted in their logs, time and memory"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let yard = match Yard::open(self.here) {
            Ok(yard) => yard,
            Err(Closed::Absent(reason)) => return Ok(vec![self.absent(&reason)]),
            Err(Closed::Broken(error)) => return Err(error),
        };
        let mut lines = self.requests(&yard)?;
        if self.is_big {
            lines.extend(self.throughput(&yard)?);
        }
        Ok(lines)
    }
}

impl Image<'_> {
    fn absent(&self, reason: &str) -> Line {
        let peer = Peer::Absent { name: "docker-registry".into(), reason: reason.into() };
        let measure = Measure { unit: "requests", ours: f64::NAN };
        Line::new(self.name(), "not run", measure, peer, Bar::None)
    }

    fn requests(&self, yard: &Yard<'_>) -> Result<Vec<Line>, Error> {
        let digest = yard.make("one", SMALL)?;
        let mut lines = Vec::new();
        let cases: [(&str, &str, &[&str], &str, f64); 5] = [
            ("retag", "retag", &[], "latest", 2.0),
            ("retag, manifest at hand", "retag", &["holding", "MANIFEST"], "stable", 1.0),
            ("cold copy, 2 platforms of 4 layers", "copy", &[], "cold", 39.0),
            ("cold copy without evidence", "copy", &["bare"], "bare", 37.0),
            ("warm copy", "copy", &[], "cold", 1.0),
        ];
        for (case, verb, how, tag, most) in cases {
            let manifest = yard.manifest(&digest);
            let how: Vec<&str> = how
                .iter()
                .map(|word| if *word == "MANIFEST" { manifest.as_str() } else { *word })
                .collect();
            let target = target(yard, verb, tag);
            let ours = yard.counted(|| yard.ours(verb, &digest, &target, &how).map(drop))?;
            let measure = || Measure { unit: "requests", ours };
            let bar = Bar::OursAtMost(most);
            lines.push(Line::new(self.name(), case, measure(), Peer::None, bar));
            if how.is_empty() {
                for peer in yard.peers(&digest, verb, tag)? {
                    lines.push(Line::new(self.name(), case, measure(), peer, Bar::None));
                }
            }
        }
        Ok(lines)
    }

    fn throughput(&self, yard: &Yard<'_>) -> Result<Vec<Line>, Error> {
        let digest = yard.make("one", LARGE)?;
        let mut ours = Vec::new();
        let mut theirs: Vec<Vec<f64>> = TOOLS.iter().map(|_| Vec::new()).collect();
        let mut peak = 0.0_f64;
        for round in 0..ROUNDS {
            let target = format!("{}/big-ours-{round}:v1", yard.two.address);
            let said = yard.ours("copy", &digest, &target, &[])?;
            peak = peak.max(said.number("peak") / 1024.0);
            ours.push(GIGABYTES * 1000.0 / said.number("milliseconds"));
            yard.two.forget(&format!("big-ours-{round}"))?;
            for (tool, times) in TOOLS.iter().zip(&mut theirs) {
                let Ok(program) = yard.program(tool) else { continue };
                let repository = format!("big-{}-{round}", tool.name);
                let target = format!("{}/{repository}:v1", yard.two.address);
                let watch = Stopwatch::start();
                yard.theirs(tool, &program, &yard.source(&digest), &target)?;
                times.push(GIGABYTES / watch.elapsed().as_secs_f64());
                yard.two.forget(&repository)?;
            }
        }
        let measure = || Measure { unit: "GB/s, median", ours: median(&ours) };
        let mut lines = Vec::new();
        for (tool, times) in TOOLS.iter().zip(&theirs) {
            let name = tool.name.to_owned();
            let peer = match yard.program(tool) {
                Ok(_) => Peer::Measured { name, theirs: median(times) },
                Err(reason) => Peer::Absent { name, reason },
            };
            lines.push(Line::new(self.name(), "copy of 2 GiB", measure(), peer, tool.bar));
        }
        let memory = Measure { unit: "MiB, peak", ours: peak };
        let bar = Bar::OursAtMost(64.0);
        lines.push(Line::new(self.name(), "memory for 2 GiB", memory, Peer::None, bar));
        Ok(lines)
    }
}

/// Within the repository of the image, or in another registry.
fn target(yard: &Yard<'_>, verb: &str, tag: &str) -> String {
    match verb {
        "retag" => format!("{}/one:{tag}", yard.one.address),
        _ => format!("{}/ours-{}:{tag}", yard.two.address, if tag == "bare" { "b" } else { "a" }),
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Another tool.
struct Tool {
    name: &'static str,
    /// How Go builds it.
    go: Option<&'static str>,
    bar: Bar,
}

const TOOLS: [Tool; 3] = [
    Tool { name: "skopeo", go: None, bar: Bar::RatioAtLeast(1.5) },
    Tool {
        name: "crane",
        go: Some("github.com/google/go-containerregistry/cmd/crane@latest"),
        bar: Bar::RatioAtLeast(1.0),
    },
    Tool {
        name: "regctl",
        go: Some("github.com/regclient/regclient/cmd/regctl@latest"),
        bar: Bar::None,
    },
];

impl Tool {
    fn copy(&self, program: &Path, from: &str, to: &str) -> Cmd {
        let command = Cmd::new(program.display().to_string());
        let hosts = |reference: &str| reference.split('/').next().unwrap_or_default().to_owned();
        match self.name {
            "skopeo" => command
                .args(["--insecure-policy", "copy", "--all", "--preserve-digests", "--quiet"])
                .args(["--src-tls-verify=false", "--dest-tls-verify=false"])
                .args([format!("docker://{from}"), format!("docker://{to}")]),
            "crane" => command.args(["copy", "--insecure", from, to]),
            _ => command
                .args(["--host".to_owned(), format!("reg={},tls=disabled", hosts(from))])
                .args(["--host".to_owned(), format!("reg={},tls=disabled", hosts(to))])
                .args(["image", "copy", from, to]),
        }
    }
}

/// The two registries and the tools.
struct Yard<'a> {
    here: &'a Here,
    one: Registry,
    two: Registry,
    ours: PathBuf,
    home: tempfile::TempDir,
}

/// Why nothing can be measured.
enum Closed {
    Absent(String),
    Broken(Error),
}

impl From<Error> for Closed {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

/// What our example said.
struct Said(String);

impl Said {
    fn number(&self, name: &str) -> f64 {
        let found = self.0.lines().find_map(|line| line.strip_prefix(name));
        found.and_then(|rest| rest.trim().parse().ok()).unwrap_or(f64::NAN)
    }
}

impl<'a> Yard<'a> {
    fn open(here: &'a Here) -> Result<Self, Closed> {
        let ours = built(here)?;
        let one = Registry::start(&here.host)?;
        let two = Registry::start(&here.host)?;
        let home = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
        Ok(Self { here, one, two, ours, home })
    }

    fn make(&self, repository: &str, bytes: &str) -> Result<String, Error> {
        let at = format!("{}/{repository}", self.one.address);
        let said = Cmd::new(self.ours.display().to_string()).args(["make", &at, LAYERS, bytes]);
        Ok(said.output()?.trim().to_owned())
    }

    fn source(&self, digest: &str) -> String {
        format!("{}/one@{digest}", self.one.address)
    }

    /// The file in which the first registry keeps a manifest.
    fn manifest(&self, digest: &str) -> String {
        let hex = digest.trim_start_matches("sha256:");
        let start = hex.get(..2).unwrap_or_default();
        let blobs = self.one.folder.join("store/docker/registry/v2/blobs/sha256");
        blobs.join(start).join(hex).join("data").display().to_string()
    }

    fn ours(&self, verb: &str, digest: &str, target: &str, how: &[&str]) -> Result<Said, Error> {
        let source = self.source(digest);
        let command = Cmd::new(self.ours.display().to_string()).args([verb, &source, target]);
        command.args(how.iter().copied()).output().map(Said)
    }

    fn theirs(&self, tool: &Tool, program: &Path, from: &str, to: &str) -> Result<(), Error> {
        // Skopeo remembers blobs it has seen; each run begins without a memory.
        let home = tempfile::tempdir_in(self.home.path()).map_err(Error::Output)?;
        let home = home.path().display().to_string();
        let command = tool.copy(program, from, to);
        command.env("HOME", &home).env("XDG_DATA_HOME", &home).output().map(drop)
    }

    /// What the others need for the same.
    fn peers(&self, digest: &str, verb: &str, tag: &str) -> Result<Vec<Peer>, Error> {
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

    fn program(&self, tool: &Tool) -> Result<PathBuf, String> {
        let cached = self.here.host.cache.join("go/bin").join(tool.name);
        if let Ok(found) = self.here.host.program(tool.name) {
            return Ok(found);
        }
        if cached.is_file() {
            return Ok(cached);
        }
        let path = tool.go.ok_or("not installed")?;
        let bin = self.here.host.cache.join("go/bin").display().to_string();
        let built = Cmd::new("go").args(["install", path]).env("GOBIN", bin).output();
        built.map(|_| cached).map_err(|error| error.to_string())
    }

    /// How many requests both registries saw meanwhile.
    #[expect(clippy::cast_precision_loss, reason = "there are never that many")]
    fn counted(&self, run: impl FnOnce() -> Result<(), Error>) -> Result<f64, Error> {
        let before = self.one.requests()? + self.two.requests()?;
        run()?;
        // A line is written right after its answer was sent.
        park_timeout(Duration::from_millis(100));
        Ok((self.one.requests()? + self.two.requests()? - before) as f64)
    }
}

fn built(here: &Here) -> Result<PathBuf, Error> {
    let build = here.cargo("build");
    build
        .args(["--quiet", "--release", "-p", "pilotage-registry", "--example", "promote"])
        .output()?;
    let workspace = pilotage_xtask::metadata::Workspace::load(&here.root)?;
    Ok(workspace.target.join("release/examples/promote"))
}

/// A registry that ends with the bench.
struct Registry {
    handle: Handle,
    folder: PathBuf,
    address: String,
}

impl Registry {
    fn start(host: &Host) -> Result<Self, Closed> {
        let absent = |reason: String| Closed::Absent(reason);
        DockerRegistry.find(host).map_err(|lack| absent(lack.to_string()))?;
        let handle = DockerRegistry.start(host).map_err(|reason| absent(reason.to_string()))?;
        let folder = handle.variables().get("PILOTAGE_TEST_DOCKER_REGISTRY").cloned();
        let folder = PathBuf::from(folder.unwrap_or_default());
        let mut registry = Self { handle, folder, address: String::new() };
        registry.address = files::read(&registry.folder.join("address"))?;
        Ok(registry)
    }

    fn requests(&self) -> Result<usize, Error> {
        let log = files::read(&self.folder.join("log"))?;
        Ok(log
            .lines()
            .filter(|line| line.contains(" /v2/") && line.contains(" HTTP/1.1\""))
            .count())
    }

    /// Frees the disk that a repository and its blobs take.
    fn forget(&self, repository: &str) -> Result<(), Error> {
        let store = self.folder.join("store/docker/registry/v2");
        files::remove_folder(&store.join("repositories").join(repository))?;
        files::remove_folder(&store.join("blobs"))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        if let Err(left) = self.handle.stop() {
            pilotage_xtask::terminal::note(format!("warning: {left}"));
        }
    }
}
