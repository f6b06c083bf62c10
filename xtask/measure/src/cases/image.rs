//! What a promotion costs, beside the tools that people use for it: requests, time and memory.
//!
//! Two registries of Debian run on this machine; their access logs are what counts requests. They keep
//! blobs in memory where there is room, for a disk would be what is measured. Ours is the example `promote` of `pilotage-registry`; skopeo is Debian's; crane and regctl are built
//! by Go into the cache where they are not installed.

mod registry;
mod tool;
mod yard;

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::stopwatch::Stopwatch;

use xtask::here::Here;

use self::tool::TOOLS;
use self::yard::{Closed, Yard};
use super::peer::median;

const SMALL: &str = "10000";
/// Eight layers of 256 MiB are two GiB.
const LARGE: &str = "268435456";
const GIGABYTES: f64 = 2.147_483_648;
const ROUNDS: usize = 5;

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
            let watch = Stopwatch::start();
            let said = yard.ours("copy", &digest, &target, &[])?;
            ours.push(GIGABYTES / watch.elapsed().as_secs_f64());
            peak = peak.max(said.number("peak") / 1024.0);
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
        let measure = || Measure { unit: "GB/s, median", ours: median(ours.clone()) };
        let mut lines = Vec::new();
        for (tool, times) in TOOLS.iter().zip(&theirs) {
            let name = tool.name.to_owned();
            let peer = match yard.program(tool) {
                Ok(_) => Peer::Measured { name, theirs: median(times.clone()) },
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
