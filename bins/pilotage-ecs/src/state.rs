//! `pilotage-ecs state create`: makes what keeps the state of runs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode as Status;

use clap::{CommandFactory, Parser, Subcommand};
use pilotage_cli::{Config, Io, Platform, PlatformError, explain};
use pilotage_clock::SystemClock;
use pilotage_rollout::ExitCode;

use crate::ecs::{Amazon, Keep, Place, Tables, session, tables, wrong};

/// The first argument of this verb.
pub(crate) const VERB: &str = "state";

/// Where the state of runs is kept
#[derive(Debug, Parser)]
#[command(name = "pilotage-ecs state", bin_name = "pilotage-ecs state")]
struct State {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make what keeps journals and leases, unless it is there
    ///
    /// Two tables of DynamoDB, billed by request. A bucket must be there, and folders are made when
    /// they are needed.
    Create(CreateArgs),
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// The environment; not needed if the configuration has only one
    #[arg(long, short, value_name = "NAME")]
    env: Option<String>,

    /// The configuration
    #[arg(long, short, value_name = "FILE", default_value = "pilotage.toml")]
    config: PathBuf,
}

/// The verb, for the help of the whole program.
pub(crate) fn command() -> clap::Command {
    State::command().name(VERB)
}

/// The verb with these arguments, of which the first is its name.
pub(crate) fn main(args: impl IntoIterator<Item = OsString>) -> Status {
    let io = Io::of_this_process();
    let State { verb: Verb::Create(args) } = match State::try_parse_from(args) {
        Ok(state) => state,
        Err(error) => {
            // Where nobody can be told, the exit code must do.
            let _ = error.print();
            return Status::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| wrong("this process cannot work", why));
    match runtime.and_then(|runtime| runtime.block_on(create(&args))) {
        Ok(said) => {
            io.err.mention(&said);
            Status::SUCCESS
        }
        Err(error) => {
            io.err.mention(&explain(&error, error.hints(), false));
            Status::from(u8::from(error.exit_code()))
        }
    }
}

async fn create(args: &CreateArgs) -> Result<String, PlatformError> {
    let config = Config::load(&args.config)?;
    let chosen = config.choose(args.env.as_deref())?;
    let place: Place = chosen.target(Amazon::KIND)?;
    match place.keep() {
        Keep::Directory(_) => Ok("nothing is to be made: folders are made when needed".into()),
        Keep::S3(folder) => {
            Ok(format!("nothing is to be made in {folder}: the bucket must be there"))
        }
        Keep::DynamoDb(name) => {
            let tables = tables(&session(&place).await?, name, &chosen.target_name())?;
            made(name, &tables).await
        }
    }
}

async fn made(name: &str, tables: &Tables) -> Result<String, PlatformError> {
    let clock = SystemClock::new();
    let failed = |why| {
        PlatformError::new(ExitCode::Unknown, "the tables cannot be made")
            .because(why)
            .help("`dynamodb:CreateTable` and `dynamodb:DescribeTable` are needed; run it again")
    };
    let journals = tables.journals.create(&clock).await.map_err(failed)?;
    let leases = tables.leases.create(&clock).await.map_err(failed)?;
    let word = |is_new: bool| if is_new { "made" } else { "there already" };
    Ok(format!("`{name}-journals` is {}, `{name}-leases` is {}", word(journals), word(leases)))
}
