//! `scan`: likely secrets in plain places.

use std::path::Path;

use pilotage_git::History;
use pilotage_rollout::ExitCode;
use pilotage_scan::{AllowList, Report, Scanner, files, history, json, sarif, text};

use super::print;
use crate::args::{Global, ScanArgs, ScanFormat};
use crate::failure::{Done, failed};
use crate::files::read;
use crate::world::World;

pub(crate) fn scan(world: &World, global: &Global, args: &ScanArgs) -> Done {
    let allowed = match &args.allow {
        None => AllowList::default(),
        // The reader's words quote the file, so they are left out.
        Some(path) => AllowList::parse(&read(path)?).map_err(|_| unreadable(path))?,
    };
    let report = looked_at(args, &allowed)?;
    let format = if global.json { ScanFormat::Json } else { args.format };
    print(world, written(&report, format).trim_end())?;
    Ok(if report.findings.is_empty() { ExitCode::Success } else { ExitCode::Refused })
}

fn unreadable(path: &Path) -> crate::failure::Failure {
    let what = format!("{} is no allow-list", path.display());
    crate::failure::wrong(what).help(
        "write `[[allow]]` tables with `reason` and at least one of `path`, `rule` and \
         `fingerprint`",
    )
}

fn written(report: &Report, format: ScanFormat) -> String {
    match format {
        ScanFormat::Text => text(report),
        ScanFormat::Json => json(report).to_string(),
        ScanFormat::Sarif => format!("{:#}", sarif(report)),
    }
}

fn looked_at(args: &ScanArgs, allowed: &AllowList) -> Done<Report> {
    let mut scanner = Scanner::new(allowed);
    if let Some(base) = args.since {
        let cannot = |error| failed("the history cannot be read", error);
        let repository = History::open(&args.repository).map_err(cannot)?;
        let head = repository.head().map_err(cannot)?;
        history(&repository, Some(base), head, |source| scanner.look(&source))
            .map_err(|error| failed("the history cannot be looked at", error))?;
    }
    files(&args.paths, |source| scanner.look(&source))
        .map_err(|error| failed("not everything can be looked at", error))?;
    Ok(scanner.report())
}
