//! What can be said about a release, on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use pilotage_record::event::RuleName;
use pilotage_record::record::RecordId;
use pilotage_record::text::{PartName, Platform, Role, Suite, Words};
use pilotage_record::time::Span;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum DeedArgs {
    /// A suite of tests was run on a platform
    Tested {
        /// Which suite
        #[arg(long, value_name = "NAME")]
        suite: Suite,
        /// On which platform, for example `linux/arm64`
        #[arg(long, value_name = "PLATFORM")]
        platform: Platform,
        /// How it ended
        #[arg(long, value_name = "RESULT")]
        result: Verdict,
        /// The report, whose digest is signed with it
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// An image was looked through for known weaknesses
    Scanned {
        /// The image; not needed if the release has only one
        #[arg(long, value_name = "NAME")]
        image: Option<PartName>,
        /// For which platform
        #[arg(long, value_name = "PLATFORM")]
        platform: Platform,
        /// Whose report it is
        #[arg(long, value_name = "FORMAT")]
        format: ReportFormat,
        /// The unchanged report
        #[arg(long, value_name = "FILE")]
        report: PathBuf,
    },
    /// Somebody wants it in the environment
    Approved {
        /// In which role
        #[arg(long, value_name = "NAME")]
        role: Role,
        #[command(flatten)]
        clocked: Clocked,
    },
    /// It serves in the environment
    Deployed,
    /// It was looked at where it serves
    Verified {
        /// How that ended
        #[arg(long, value_name = "RESULT")]
        result: Verdict,
    },
    /// It was watched where it serves, and all was well
    Soaked {
        /// For how long, for example `90m`
        #[arg(long = "for", value_name = "SPAN")]
        span: Span,
    },
    /// It was taken back
    RolledBack {
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Words,
        /// The record of what serves instead
        #[arg(long, value_name = "ID")]
        to: Option<RecordId>,
    },
    /// It must never enter again
    Revoked {
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Words,
    },
    /// Another release takes its place
    Superseded {
        /// The record of that one
        #[arg(long, value_name = "ID")]
        successor: RecordId,
    },
    /// The environment stays with it
    Held {
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Words,
    },
    /// Others may enter again
    Unheld {
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Words,
    },
    /// Rules are set aside in an emergency
    BrokeGlass {
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Words,
        /// A rule to set aside; may be given several times
        #[arg(long = "waive", value_name = "RULE", required = true, value_parser = rule)]
        waives: Vec<RuleName>,
        #[command(flatten)]
        clocked: Clocked,
    },
    /// Something worth saying; joins ends that were written side by side
    Noted {
        /// What
        #[arg(long, value_name = "WORDS")]
        text: Words,
    },
}

/// For how long something counts.
#[derive(Debug, Clone, Args)]
pub(crate) struct Clocked {
    /// For how long it counts, for example `2d`
    #[arg(long = "for", value_name = "SPAN")]
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Verdict {
    /// All is well
    Passed,
    /// Something is not
    Failed,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReportFormat {
    /// `aws ecr describe-image-scan-findings`
    Ecr,
    /// `trivy image --format json`
    Trivy,
    /// SARIF 2.1.0
    Sarif,
}

/// A rule that may be set aside, by its name.
fn rule(text: &str) -> Result<RuleName, String> {
    const WAIVABLE: [RuleName; 7] = [
        RuleName::Upstream,
        RuleName::Tests,
        RuleName::Scans,
        RuleName::Approvals,
        RuleName::Window,
        RuleName::Hold,
        RuleName::Order,
    ];
    let known = WAIVABLE.map(RuleName::name).join("`, `");
    let found = WAIVABLE.into_iter().find(|rule| rule.name() == text);
    found.ok_or_else(|| format!("only these can be set aside: `{known}`"))
}
