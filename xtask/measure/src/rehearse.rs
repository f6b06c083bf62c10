//! Rehearsals in a process of their own, built as for a release.
//!
//! What is measured is what is shipped, so both the product and the load are built in the release
//! profile; this task runner itself is not.

use std::path::PathBuf;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::{Error, terminal};
use serde::de::DeserializeOwned;

use xtask::here::Here;

/// What is built for a rehearsal.
#[derive(Debug)]
pub(crate) struct Built {
    /// The product.
    pub pilotage: PathBuf,
    rehearse: PathBuf,
}

impl Built {
    /// Builds both.
    pub(crate) fn by(here: &Here) -> Result<Self, Error> {
        let packages = ["--release", "--package", "pilotage", "--package", "tests", "--bins"];
        here.cargo("build").args(packages).run()?;
        let folder = Workspace::load(&here.root)?.target.join("release");
        Ok(Self { pilotage: folder.join("pilotage"), rehearse: folder.join("rehearse") })
    }

    /// Holds one rehearsal and gives its figures.
    pub(crate) fn rehearse<T: DeserializeOwned>(&self, arguments: &[String]) -> Result<T, Error> {
        let rehearse = Cmd::new(self.rehearse.display().to_string())
            .args(["--pilotage".to_owned(), self.pilotage.display().to_string()])
            .args(arguments.iter().cloned());
        let mut figures = String::new();
        let keep = |line: &str| {
            line.clone_into(&mut figures);
            Ok(())
        };
        if !rehearse.each_line(keep)? {
            let status = "without figures".to_owned();
            let said = ": what it said is above".to_owned();
            return Err(Error::Ended { command: rehearse.to_string(), status, said });
        }
        terminal::note(&figures);
        serde_json::from_str(&figures).map_err(|error| Error::Malformed {
            what: "the figures of the rehearsal".into(),
            why: error.to_string(),
            hint: "the task runner and the rehearsal are of different versions: build both",
        })
    }
}
