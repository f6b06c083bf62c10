//! The verbs and their own flags.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Verb<F: Args> {
    /// Show what a deploy would do, and change nothing
    Plan(PlanArgs<F>),
    /// Bring out a release
    Deploy(DeployArgs<F>),
    /// Show what is live, what is unfinished and who owns the target
    Status,
    /// Go on with the unfinished run
    Resume(ResumeArgs),
    /// Give the unfinished run up and bring the old release back
    Abort(AbortArgs),
    /// Bring back the last release that was good
    Rollback(RollbackArgs),
    /// Assert that exactly the recorded release runs and serves
    ///
    /// Ends with 0 if so, with 6 if something else runs or serves, with 4 if that cannot be known.
    Verify,
    /// List the runs and how they ended
    History(HistoryArgs),
    /// Explain a run: its plan, its timeline and its end
    Report(ReportArgs),
    /// Print the JSON Schema of the configuration
    Schema,
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, of one verb if one is named
    Man(ManArgs),
}

const PLAN_EXAMPLES: &str = "\
Examples:
  plan --env prod                    show what a deploy would do
  plan --env prod --out plan.json    and keep exactly this plan for `deploy --plan plan.json`";

/// Flags of `plan`.
#[derive(Debug, Args)]
#[command(after_long_help = PLAN_EXAMPLES)]
pub struct PlanArgs<F: Args> {
    /// What is deployed.
    #[command(flatten)]
    pub flags: F,

    /// Let an older release land over a newer one
    #[arg(long)]
    pub allow_downgrade: bool,

    /// Write the plan to a file as well
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

const DEPLOY_EXAMPLES: &str = "\
Examples:
  deploy --env prod                                     plan and apply
  deploy --env prod --plan plan.json                    apply exactly this plan
  deploy --env prod --plan plan.json --plan-id 3f9c2ab  and only if it is the one that was seen";

/// Flags of `deploy`.
#[derive(Debug, Args)]
#[command(after_long_help = DEPLOY_EXAMPLES)]
pub struct DeployArgs<F: Args> {
    /// What is deployed.
    #[command(flatten)]
    pub flags: F,

    /// Let an older release land over a newer one
    #[arg(long, conflicts_with = "plan")]
    pub allow_downgrade: bool,

    /// Apply exactly the plan in this file
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,

    /// Refuse the plan in the file unless it has this hash, as `plan` printed it
    #[arg(long, value_name = "HASH", requires = "plan")]
    pub plan_id: Option<String>,

    /// Say yes, in advance, to the first question that a gate asks
    #[arg(long)]
    pub approve: bool,

    /// Begin although an earlier run is unfinished, and leave that one behind for good
    #[arg(long)]
    pub supersede: bool,
}

/// Flags of `resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Which run; the latest unfinished one if absent
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,

    /// Say yes to the question that the run waits for
    #[arg(long)]
    pub approve: bool,
}

/// Flags of `abort`.
#[derive(Debug, Args)]
pub struct AbortArgs {
    /// Which run; the latest unfinished one if absent
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,

    /// Who gives it up, for the journal
    #[arg(long, value_name = "WHO", default_value = "the command line")]
    pub by: String,
}

/// Flags of `rollback`.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// To which release; the last good one other than the live one if absent
    #[arg(long, value_name = "RELEASE")]
    pub to: Option<String>,

    /// Say yes, in advance, to the first question that a gate asks
    #[arg(long)]
    pub approve: bool,
}

/// Flags of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// How many runs at most, the latest first
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
}

/// Flags of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Which run; the latest one if absent
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,

    /// Write the report to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Flags of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// For which shell
    pub shell: Shell,
}

/// Flags of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Of which verb; of the program if absent
    pub verb: Option<String>,
}
