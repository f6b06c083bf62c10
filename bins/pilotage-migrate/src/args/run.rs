//! The flags of `run`.

use clap::Args;
use pilotage_migration::gate::Running;
use pilotage_rollout::Span;

use super::lint::{Threshold, running};
use super::place::{PlaceArgs, ShowArgs, WhatArgs};

const EXAMPLES: &str = "\
Examples:
  run --env prod                                            as `pilotage.toml` says
  run --server postgres@16 --database DATABASE_URL db       SQL files
  run --database DATABASE_URL db -- npx prisma migrate deploy
  run -- alembic upgrade head                               kept apart by a lease of this machine

The worker is a process of its own: if this one is killed it goes on, and the next `run` of the
same migrations attaches to it.";

/// Flags of `run`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) what: WhatArgs,

    /// How long all of it may take, waiting for others included
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = span)]
    pub(crate) limit: Span,

    /// How much of that to wait while a person holds the lease; people take days, so that a job
    /// ends at once and names them
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = span_or_none)]
    pub(crate) wait_for_hold: Span,

    /// The oldest version that runs, or `none`; decides on contract files
    #[arg(long, value_name = "VERSION", value_parser = running)]
    pub(crate) oldest_running: Option<Running>,

    /// From which severity on the lint stops the run
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: Threshold,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// Parses `90s`, `30m` or `2h`.
pub(crate) fn span(text: &str) -> Result<Span, String> {
    let wrong = || format!("`{text}` is no time: write for example `90s`, `30m` or `2h`");
    let digits = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let seconds = match text.get(digits.len()..) {
        Some("s") => Some(number),
        Some("m") => number.checked_mul(60),
        Some("h") => number.checked_mul(3_600),
        _ => None,
    };
    let fits = seconds.filter(|seconds| (1..=604_800).contains(seconds));
    fits.map(Span::from_secs).ok_or_else(wrong)
}

/// Parses the same, or `0s`.
pub(crate) fn span_or_none(text: &str) -> Result<Span, String> {
    if text == "0s" { Ok(Span::ZERO) } else { span(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit() {
        assert_eq!(span("90s"), Ok(Span::from_secs(90)));
        assert_eq!(span("30m"), Ok(Span::from_mins(30)));
        assert_eq!(span("2h"), Ok(Span::from_secs(7_200)));
        for text in ["", "90", "s", "0s", "-1s", "1d", "1.5h", "99999999999999999999h", "999999h"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
