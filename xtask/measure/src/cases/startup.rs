//! How long `pilotage --version` takes, and how much memory and disk it needs.

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::command::Cmd;

use super::peer::in_turns;
use crate::rehearse::Built;
use xtask::here::Here;

const ROUNDS: usize = 100;
const MOST_MILLISECONDS: f64 = 5.0;
const MOST_RESIDENT: f64 = 10.0;
const MOST_ON_DISK: f64 = 12.0;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// What people start beside it, and how they ask it for its version without the network.
const PEERS: [(&str, &[&str]); 3] = [
    ("kubectl", &["version", "--client"]),
    ("terraform", &["version"]),
    ("skopeo", &["--version"]),
];

/// Starts it again and again, in turns with what people start beside it.
#[derive(Debug)]
pub(crate) struct Startup<'a> {
    /// Where it is built.
    pub here: &'a Here,
}

impl Bench for Startup<'_> {
    fn name(&self) -> &'static str {
        "startup"
    }

    fn about(&self) -> &'static str {
        "`pilotage --version`: median wall time, peak memory, size of the stripped binary"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let pilotage = Built::by(self.here)?.pilotage;
        let ours = Cmd::new(pilotage.display().to_string()).args(["--version"]);
        let mut lines = self.times(&ours)?;
        let resident = resident(&pilotage.display().to_string())?;
        lines.push(self.line("peak memory", "MiB", resident, Bar::OursAtMost(MOST_RESIDENT)));
        let failed = |source| Error::File { doing: "look at", path: pilotage.clone(), source };
        let bytes = std::fs::metadata(&pilotage).map_err(failed)?.len();
        let size = super::traffic::count(bytes) / MEBIBYTE;
        lines.push(self.line("stripped binary", "MiB", size, Bar::OursAtMost(MOST_ON_DISK)));
        Ok(lines)
    }
}

impl Startup<'_> {
    fn line(&self, case: &str, unit: &'static str, ours: f64, bar: Bar) -> Line {
        super::traffic::line(self.name(), case, unit, ours, bar)
    }

    /// One line for each peer, all measured in turns.
    fn times(&self, ours: &Cmd) -> Result<Vec<Line>, Error> {
        let bar = Bar::OursAtMost(MOST_MILLISECONDS);
        let mut lines = Vec::new();
        for (name, arguments) in PEERS {
            let (ours, peer) = match self.here.host.program(name) {
                Ok(_) => {
                    let (ours, theirs) = in_turns(
                        ROUNDS,
                        ours,
                        Some(&Cmd::new(name).args(arguments.iter().copied())),
                    )?;
                    (ours, Peer::Measured { name: name.into(), theirs })
                }
                Err(lack) => {
                    let peer = Peer::Absent { name: name.into(), reason: lack.to_string() };
                    (in_turns(ROUNDS, ours, None)?.0, peer)
                }
            };
            let measure = Measure { unit: "ms, median", ours };
            lines.push(Line::new(self.name(), "wall time", measure, peer, bar));
        }
        Ok(lines)
    }
}

/// The most memory that `--version` has had resident, in MiB, by the word of GNU time.
fn resident(pilotage: &str) -> Result<f64, Error> {
    let time = Cmd::new("sh")
        .args(["-c", r#"exec time -f %M -- "$0" --version 2>&1 >/dev/null"#, pilotage])
        .hint("install GNU time");
    let said = time.output()?;
    let kibibytes: Option<f64> = said.trim().parse().ok();
    kibibytes.map(|kibibytes| kibibytes / 1024.0).ok_or_else(|| Error::Malformed {
        what: "the answer of GNU time".into(),
        why: format!("it is no number: {said}"),
        hint: "install GNU time",
    })
}
