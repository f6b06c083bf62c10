//! How long two hundred secrets take, beside the tools that people read theirs with.
//!
//! Whole processes, in turns, the median of several. All of them reach the same emulator (`moto`)
//! through the same relay, which lets every request wait for 20 ms: on one machine an answer comes
//! at once, and whoever makes two hundred calls would look as good as whoever makes fourteen. The
//! relay also counts what each tool asks. It speaks plain HTTP, so that nobody's cryptography is in
//! the figures, and it keeps connections open for whoever uses them again.
//!
//! The emulator is one Python process, which answers one request at a time: that favours those who
//! ask for one thing after the other, and stands in the way of those who ask for several at once.
//! `vals` reads each reference by itself; `chamber` knows Parameter Store alone, and reads one path
//! page by page; the command line of AWS is called as a script would, with as much in each call as
//! the services take. All of them write what they read to where nobody looks.

mod relay;
mod shelf;
mod tool;

use std::path::Path;

use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::command::Cmd;
use pilotage_xtask::system::{Handle, System as _};
use pilotage_xtask::{Error, files};
use xtask::here::Here;
use xtask::systems::aws::MOTO;

use self::relay::Relay;
use self::shelf::{MIXED, PARAMETERS, Shelf};
use self::tool::{TOOLS, Tool};
use super::peer::{in_turns, ours, program};

const ROUNDS: usize = 5;
/// Others may take five times as long.
const BAR: Bar = Bar::RatioAtMost(0.2);

/// Reads two hundred secrets.
#[derive(Debug)]
pub(crate) struct Secret<'a> {
    /// The repository and the machine.
    pub here: &'a Here,
}

impl Bench for Secret<'_> {
    fn name(&self) -> &'static str {
        "secret"
    }

    fn about(&self) -> &'static str {
        "200 secrets through a relay of 20 ms: whole processes beside vals, chamber and the AWS CLI"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let handle = match MOTO.find(&self.here.host).map_err(|lack| lack.to_string()) {
            Ok(()) => MOTO.start(&self.here.host).map_err(|reason| reason.to_string()),
            Err(lack) => Err(lack),
        };
        match handle {
            Err(reason) => Ok(vec![self.absent(reason)]),
            Ok(handle) => {
                let lines = self.measured(&handle);
                handle.stop()?;
                lines
            }
        }
    }
}

impl Secret<'_> {
    fn absent(&self, reason: String) -> Line {
        let peer = Peer::Absent { name: "moto".into(), reason };
        Line::new(self.name(), "not run", Measure { unit: "ms", ours: f64::NAN }, peer, Bar::None)
    }

    fn measured(&self, handle: &Handle) -> Result<Vec<Line>, Error> {
        let file = handle.variables().get("PILOTAGE_TEST_MOTO").cloned().unwrap_or_default();
        let server = files::read(Path::new(&file))?.trim().to_owned();
        let relay = Relay::start(&server).map_err(Error::Output)?;
        let folder = tempfile::tempdir_in(&self.here.host.temporary).map_err(Error::Output)?;
        let ours = ours(self.here, "pilotage-secret")?;
        let mut lines = Vec::new();
        for shelf in [&MIXED, &PARAMETERS] {
            shelf.fill(&server, folder.path())?;
            let ours = Tool::ours(&ours).command(shelf, folder.path(), &relay.address());
            lines.extend(self.calls(shelf, &ours, &relay)?);
            for tool in TOOLS.iter().filter(|tool| tool.reads(shelf)) {
                lines.push(self.beside(tool, shelf, &ours, folder.path(), &relay)?);
            }
        }
        Ok(lines)
    }

    /// How many requests ours makes; each call of a service is one.
    fn calls(&self, wanted: &Shelf, ours: &Cmd, relay: &Relay) -> Result<Vec<Line>, Error> {
        let before = relay.requests();
        ours.output()?;
        let requests = super::traffic::count(relay.requests() - before);
        let most = super::traffic::count(wanted.most_calls());
        let bar = Bar::OursAtMost(most);
        Ok(vec![super::traffic::line(self.name(), wanted.name, "requests", requests, bar)])
    }

    fn beside(
        &self,
        tool: &Tool,
        wanted: &Shelf,
        ours: &Cmd,
        folder: &Path,
        relay: &Relay,
    ) -> Result<Line, Error> {
        let case = format!("{}, wall time", wanted.name);
        let line = |ours, peer, bar| {
            Line::new(self.name(), &case, Measure { unit: "ms, median", ours }, peer, bar)
        };
        let found = match program(self.here, tool.name, tool.go) {
            Ok(found) => found,
            Err(reason) => {
                let peer = Peer::Absent { name: tool.name.into(), reason };
                return Ok(line(in_turns(ROUNDS, ours, None)?.0, peer, Bar::None));
            }
        };
        let theirs = tool.at(&found).command(wanted, folder, &relay.address());
        let (ours, theirs) = in_turns(ROUNDS, ours, Some(&theirs))?;
        Ok(line(ours, Peer::Measured { name: tool.name.into(), theirs }, BAR))
    }
}
