//! Labelled cases: ours, and those with which `gitleaks` tests its rules.

use std::collections::BTreeSet;
use std::path::Path;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, files};
use serde::Deserialize;
use xtask::here::Here;

use super::tool::{MODULE, Tool, VERSION};

/// Takes the place of the code that checks the cases of `gitleaks`: it writes them down instead.
const TELLER: &str = include_str!("teller.go.txt");

/// What a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Label {
    Secret,
    Clean,
}

/// A text that holds a secret or none.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    label: Label,
    path: String,
    text: String,
}

/// The corpus of this repository.
pub(super) fn ours(root: &Path) -> Result<Vec<Case>, Error> {
    let text = files::read(&root.join("crates/pilotage-scan/tests/scan/corpus.tsv"))?;
    let case = |line: &str| {
        let mut fields = line.splitn(3, '\t');
        let mut next = || fields.next().unwrap_or_default();
        let (label, path, text) = (next(), next(), next());
        let label = if label == "secret" { Label::Secret } else { Label::Clean };
        Case { label, path: path.into(), text: text.replace('¦', "").replace('⏎', "\n") }
    };
    Ok(text.lines().filter(|line| !line.starts_with('#')).map(case).collect())
}

/// The cases of `gitleaks`, told by its own code; why not, in a line.
pub(super) fn of_gitleaks(here: &Here) -> Result<Vec<Case>, String> {
    told(here).map_err(|error| error.to_string().lines().collect::<Vec<_>>().join(" "))
}

fn told(here: &Here) -> Result<Vec<Case>, Error> {
    let folder = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
    let said = Cmd::new("go").args(["mod", "download", "-json", &format!("{MODULE}@{VERSION}")]);
    let module: Module = parse(&said.folder(folder.path()).output()?)?;
    let copy = folder.path().join("gitleaks");
    let copied = copy.display().to_string();
    Cmd::new("cp").args(["-r", &module.dir, &copied]).output()?;
    // The cache of Go is read-only, and so is what is copied from it.
    Cmd::new("chmod").args(["-R", "u+w", &copied]).output()?;
    let config = copy.join("cmd/generate/config");
    files::write(&config.join("utils/validate.go"), TELLER)?;
    let run = Cmd::new("go").args(["run", ".", &folder.path().join("rules").display().to_string()]);
    run.folder(&config).output()?.lines().map(parse).collect()
}

/// Where Go keeps a module.
#[derive(Deserialize)]
struct Module {
    #[serde(rename = "Dir")]
    dir: String,
}

fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Malformed {
        what: "what Go says".into(),
        why: error.to_string(),
        hint: "update Go",
    })
}

/// Writes every case into a folder of its number.
pub(super) fn write(cases: &[Case], folder: &Path) -> Result<(), Error> {
    for (number, case) in cases.iter().enumerate() {
        let path = if case.path.is_empty() { "case.txt" } else { &case.path };
        let path = folder.join(format!("{number:05}")).join(path.trim_start_matches('/'));
        files::write(&path, &format!("{}\n", case.text))?;
    }
    Ok(())
}

/// The numbers of the cases in which a tool finds something.
pub(super) fn found(tool: &Tool, folder: &Path) -> Result<BTreeSet<usize>, Error> {
    let of = |path: &String| {
        let path = Path::new(path).strip_prefix(folder).ok()?;
        path.components().next()?.as_os_str().to_str()?.parse().ok()
    };
    Ok(tool.found(folder)?.iter().filter_map(of).collect())
}

/// How many of a hundred cases with this label have a finding.
pub(super) fn share(cases: &[Case], label: Label, found: &BTreeSet<usize>) -> f64 {
    let all: Vec<usize> = (0..cases.len()).filter(|number| cases[*number].label == label).collect();
    let part = all.iter().filter(|number| found.contains(number)).count();
    let count = |number: usize| super::super::traffic::count(number.try_into().unwrap_or(u64::MAX));
    count(part) * 100.0 / count(all.len().max(1))
}
