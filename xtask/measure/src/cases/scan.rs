//! How fast and how well secrets are found, beside `gitleaks` and `detect-secrets`.
//!
//! Fast: whole processes in turns, the median of several, over files of the kinds that a repository
//! of services holds, and over what some thousands of commits have added. `detect-secrets` reads no
//! history, and reads the files once, because it takes minutes.
//!
//! Well: over the labelled corpus of this repository, on which our rules were made; over the cases
//! with which `gitleaks` tests its own rules, which our rules were not made for and which are
//! fetched and never kept; and over the packages of a Python environment, where nobody keeps
//! secrets: certificates, checksums, and code of all kinds. A case is found if its file has any
//! finding. `gitleaks` is at home in its own cases, as we are in ours.

mod corpus;
mod tool;
mod yard;

use std::collections::BTreeSet;
use std::path::Path;

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use xtask::here::Here;

use self::corpus::{Case, Label};
use self::tool::Tool;
use self::yard::Yard;
use super::peer::{in_turns, ours};

const ROUNDS: usize = 3;
/// What must be found of the labelled corpus, and what may be a false alarm in it, in percent.
const LEAST_RECALL: f64 = 95.0;
const MOST_ALARMS: f64 = 2.0;

/// Searches generated files, a generated history, and labelled cases.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    /// The repository and the machine.
    pub here: &'a Here,
}

impl Bench for Scan<'_> {
    fn name(&self) -> &'static str {
        "scan"
    }

    fn about(&self) -> &'static str {
        "secrets in files, in a history and in labelled cases, beside gitleaks and detect-secrets"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let folder = tempfile::tempdir_in(&self.here.host.temporary).map_err(Error::Output)?;
        let ours = Tool::Ours(ours(self.here, "pilotage-secret")?);
        let peers = [tool::gitleaks(self.here), tool::detect_secrets(self.here)];
        let yard = Yard::make(folder.path())?;
        let mut lines = Vec::new();
        for peer in &peers {
            lines.extend(self.speed(&ours, peer, &yard)?);
        }
        let (corpus, others) = (corpus::ours(&self.here.root)?, corpus::of_gitleaks(self.here));
        let all = [Some(&ours), peers[0].1.as_ref().ok(), peers[1].1.as_ref().ok()];
        let all: Vec<&Tool> = all.into_iter().flatten().collect();
        let bars = (Bar::OursAtLeast(LEAST_RECALL), Bar::OursAtMost(MOST_ALARMS));
        lines.extend(self.quality("our corpus", &corpus, &all, bars, folder.path())?);
        match others {
            Ok(cases) => {
                let bars = (Bar::None, Bar::None);
                lines.extend(self.quality(
                    "cases of gitleaks",
                    &cases,
                    &all,
                    bars,
                    folder.path(),
                )?);
            }
            Err(reason) => lines.push(self.absent("cases of gitleaks", reason)),
        }
        if let Some(python) = tool::packages(self.here) {
            lines.extend(self.ordinary(&python, &all)?);
        }
        Ok(lines)
    }
}

impl Scan<'_> {
    fn speed(
        &self,
        ours: &Tool,
        (name, peer): &(&str, Result<Tool, String>),
        yard: &Yard,
    ) -> Result<Vec<Line>, Error> {
        let line = |case: &str, ours, peer| {
            let measure = Measure { unit: "ms, median", ours };
            let bar = if matches!(peer, Peer::Measured { .. }) {
                Bar::RatioAtMost(1.0)
            } else {
                Bar::None
            };
            Line::new(self.name(), case, measure, peer, bar)
        };
        let peer = match peer {
            Ok(peer) => peer,
            Err(reason) => {
                let peer = Peer::Absent { name: (*name).into(), reason: reason.clone() };
                return Ok(vec![line("files", f64::NAN, peer)]);
            }
        };
        let measured = |theirs| Peer::Measured { name: (*name).into(), theirs };
        let rounds = if peer.is_slow() { 1 } else { ROUNDS };
        let (mine, theirs) =
            in_turns(rounds, &ours.files(&yard.files), Some(&peer.files(&yard.files)))?;
        let mut lines = vec![line(&yard.about, mine, measured(theirs))];
        if let (Some(mine), Some(theirs)) = (ours.history(yard), peer.history(yard)) {
            let (mine, theirs) = in_turns(rounds, &mine, Some(&theirs))?;
            lines.push(line(&yard.about_history, mine, measured(theirs)));
        }
        Ok(lines)
    }

    /// What share of the secrets is found, and of what is none.
    fn quality(
        &self,
        name: &str,
        cases: &[Case],
        all: &[&Tool],
        bars: (Bar, Bar),
        folder: &Path,
    ) -> Result<Vec<Line>, Error> {
        let folder = folder.join(name.replace(' ', "-"));
        corpus::write(cases, &folder)?;
        let found: Vec<BTreeSet<usize>> =
            all.iter().map(|tool| corpus::found(tool, &folder)).collect::<Result<_, _>>()?;
        let mut lines = Vec::new();
        let (recall, alarms) = bars;
        for (what, label, bar) in
            [("secrets found", Label::Secret, recall), ("false alarms", Label::Clean, alarms)]
        {
            let shares: Vec<f64> = found.iter().map(|of| corpus::share(cases, label, of)).collect();
            lines.extend(self.beside(&format!("{name}: {what}"), "%", all, &shares, bar));
        }
        Ok(lines)
    }

    /// How many files of the packages have a finding.
    fn ordinary(&self, folder: &Path, all: &[&Tool]) -> Result<Vec<Line>, Error> {
        let counts: Vec<f64> = all
            .iter()
            .map(|tool| {
                Ok(super::traffic::count(tool.found(folder)?.len().try_into().unwrap_or(u64::MAX)))
            })
            .collect::<Result<_, Error>>()?;
        Ok(self.beside("Python packages: files with alarms", "files", all, &counts, Bar::None))
    }

    /// A line for each peer, or one without any.
    fn beside(
        &self,
        case: &str,
        unit: &'static str,
        all: &[&Tool],
        values: &[f64],
        bar: Bar,
    ) -> Vec<Line> {
        let ours = values.first().copied().unwrap_or(f64::NAN);
        let line = |peer| Line::new(self.name(), case, Measure { unit, ours }, peer, bar);
        let peers = all.iter().zip(values).skip(1);
        let lines: Vec<Line> = peers
            .map(|(tool, theirs)| {
                line(Peer::Measured { name: tool.name().into(), theirs: *theirs })
            })
            .collect();
        if lines.is_empty() { vec![line(Peer::None)] } else { lines }
    }

    fn absent(&self, case: &str, reason: String) -> Line {
        let peer = Peer::Absent { name: "gitleaks".into(), reason };
        Line::new(self.name(), case, Measure { unit: "%", ours: f64::NAN }, peer, Bar::None)
    }
}
