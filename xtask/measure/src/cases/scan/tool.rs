//! The tools: where they come from, how they are called, and what their reports say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, files};
use serde_json::Value;
use xtask::here::Here;

use super::super::peer::program;
use super::yard::Yard;

/// Where `gitleaks` comes from, and its version.
pub(super) const MODULE: &str = "github.com/zricethezav/gitleaks/v8";
pub(super) const VERSION: &str = "v8.30.1";
const DETECT_SECRETS: &str = "detect-secrets==1.5.0";

/// A tool, at its program.
#[derive(Debug)]
pub(super) enum Tool {
    Ours(PathBuf),
    Gitleaks(PathBuf),
    DetectSecrets(PathBuf),
}

pub(super) fn gitleaks(here: &Here) -> (&'static str, Result<Tool, String>) {
    let found = program(here, "gitleaks", Some(&format!("{MODULE}@{VERSION}")));
    ("gitleaks", found.map(Tool::Gitleaks))
}

/// Installed where that is allowed.
pub(super) fn detect_secrets(here: &Here) -> (&'static str, Result<Tool, String>) {
    let folder = environment(here);
    let program = folder.join("bin/detect-secrets");
    let installed = if program.is_file() || !here.host.may_install {
        Ok(())
    } else {
        install(&folder).map_err(|error| error.to_string())
    };
    let found = installed.and_then(|()| {
        program
            .is_file()
            .then_some(program)
            .ok_or_else(|| format!("`pip install {DETECT_SECRETS}`"))
    });
    ("detect-secrets", found.map(Tool::DetectSecrets))
}

fn environment(here: &Here) -> PathBuf {
    here.host.cache.join("python/detect-secrets")
}

fn install(folder: &Path) -> Result<(), Error> {
    let python = folder.join("bin/python").display().to_string();
    Cmd::new("python3").args(["-m", "venv"]).args([folder.display().to_string()]).output()?;
    Cmd::new(python).args(["-m", "pip", "install", "--quiet", DETECT_SECRETS]).output().map(drop)
}

/// The packages of its environment: code, certificates and checksums of many people.
pub(super) fn packages(here: &Here) -> Option<PathBuf> {
    let folder = environment(here).join("lib");
    folder.is_dir().then_some(folder)
}

impl Tool {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "pilotage-secret",
            Self::Gitleaks(_) => "gitleaks",
            Self::DetectSecrets(_) => "detect-secrets",
        }
    }

    /// Whether one round is enough for anybody.
    pub(super) const fn is_slow(&self) -> bool {
        matches!(self, Self::DetectSecrets(_))
    }

    /// A command that looks at the files of a folder, and ends well if it finds something.
    pub(super) fn files(&self, folder: &Path) -> Cmd {
        let folder = folder.display().to_string();
        match self {
            Self::Ours(program) => quiet(program, &["scan", &folder, "--json"]),
            Self::Gitleaks(program) => quiet(program, &[&["dir", &folder], &GITLEAKS[..]].concat()),
            Self::DetectSecrets(program) => quiet(program, &["scan", "-n", "--all-files", &folder]),
        }
    }

    /// The same for what the commits of a range have added, where the tool can.
    pub(super) fn history(&self, yard: &Yard) -> Option<Cmd> {
        let folder = yard.history.display().to_string();
        match self {
            Self::Ours(program) => {
                let args = ["scan", "--since", &yard.base, "--repository", &folder, "--json"];
                Some(quiet(program, &args))
            }
            Self::Gitleaks(program) => {
                let range = format!("--log-opts={}..HEAD", yard.base);
                Some(quiet(program, &[&["git", &folder, &range], &GITLEAKS[..]].concat()))
            }
            Self::DetectSecrets(_) => None,
        }
    }

    /// The paths under a folder in which it finds something, as the tool writes them.
    pub(super) fn found(&self, folder: &Path) -> Result<BTreeSet<String>, Error> {
        let report = tempfile::NamedTempFile::new().map_err(Error::Output)?;
        let path = report.path().display().to_string();
        self.files(folder).env("REPORT", &path).output()?;
        let text = files::read(report.path())?;
        let value: Value = serde_json::from_str(&text).map_err(|error| Error::Malformed {
            what: format!("the report of {}", self.name()),
            why: error.to_string(),
            hint: "update it",
        })?;
        let of = |list: &Value, key: &str| -> BTreeSet<String> {
            let all = list.as_array().into_iter().flatten();
            all.filter_map(|entry| entry.get(key)?.as_str().map(str::to_owned)).collect()
        };
        Ok(match self {
            Self::Ours(_) => of(&value["findings"], "path"),
            Self::Gitleaks(_) => of(&value, "File"),
            Self::DetectSecrets(_) => value["results"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(path, _)| path.clone())
                .collect(),
        })
    }
}

const GITLEAKS: [&str; 6] = [
    "--no-banner",
    "--log-level=error",
    "--exit-code=0",
    "--report-format=json",
    "--report-path=-",
    "--redact",
];

/// The report goes where `REPORT` says, or to where nobody looks; ours ends with 6 at a finding.
fn quiet(program: &Path, args: &[&str]) -> Cmd {
    let script = "\"$0\" \"$@\" > \"${REPORT:-/dev/null}\" || [ $? = 6 ]";
    let program = program.display().to_string();
    Cmd::new("sh").args(["-c", script, &program]).args(args.iter().copied())
}
