//! `lint`: from paths to a report.

use pilotage_cli::Io;
use pilotage_migration::lint::{Options, Outcome, Report, lint_entries};
use pilotage_migration::render;
use pilotage_migration::set::{SetError, discover, unapplied};
use pilotage_rollout::ExitCode;

use crate::annotate;
use crate::args::lint::{Format, LintArgs};
use crate::failure::Failure;

/// Reads the files, reports on them, and says whether they may go on.
pub(crate) fn lint(args: &LintArgs, io: &Io) -> Result<ExitCode, Failure> {
    let report = judge(args)?;
    show(&report, args, io).map_err(Failure::Output)?;
    Ok(match report.outcome(args.fail_on.into()) {
        Outcome::Clean => ExitCode::Success,
        Outcome::Refused => ExitCode::Refused,
    })
}

fn judge(args: &LintArgs) -> Result<Report, SetError> {
    let entries = discover(&args.paths)?;
    let entries = match &args.after {
        Some(name) => unapplied(&entries, name)?,
        None => entries.as_slice(),
    };
    let options = Options {
        server: args.server,
        applied_together: args.after.is_some(),
        running: args.oldest_running.clone(),
    };
    lint_entries(entries, options)
}

fn show(report: &Report, args: &LintArgs, io: &Io) -> std::io::Result<()> {
    let out = &io.out;
    let colour = args.color.applies(out.is_terminal(), io.no_color);
    match args.format() {
        Format::Text => out.write(&render::text(report, colour)),
        Format::Json => out.line(&render::json(report).to_string()),
        Format::Sarif => out.line(&render::sarif(report).to_string()),
        Format::Github => {
            out.write(&render::text(report, false))?;
            out.write(&annotate::github(report))
        }
        Format::Azure => {
            out.write(&render::text(report, false))?;
            out.write(&annotate::azure(report))
        }
    }
}
