//! Why a verb came to no ending of its own.

#[cfg(any(feature = "aws", feature = "kubernetes"))]
use std::error::Error;
use std::io;

use pilotage_cli::ConfigError;
use pilotage_lease::client::LeaseError;
use pilotage_lease::{BadName, Course, NoRandomness, StoreFailure};
use pilotage_migration::UnknownServer;
use pilotage_migration::saga::database::Trouble;
use pilotage_migration::saga::dispatch::DispatchError;
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::plan::PlanError;
use pilotage_migration::saga::serve::ServeError;
use pilotage_migration::set::SetError;
use pilotage_rollout::ExitCode;
use pilotage_sql::BadUrl;

/// Why a verb came to no ending of its own. Nothing was begun, unless it says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The files cannot be found or read.
    #[error(transparent)]
    Set(#[from] SetError),
    /// The files cannot be run.
    #[error("these files cannot be run")]
    Plan(#[from] PlanError),
    /// The configuration is wrong.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// The environment has no migrations.
    #[error("the environment `{environment}` has no table `migration`")]
    NoTable {
        /// Which.
        environment: String,
    },
    /// The server is not one that is known.
    #[error(transparent)]
    Server(#[from] UnknownServer),
    /// The name of the lease is none.
    #[error(transparent)]
    Name(#[from] BadName),
    /// Nobody has said what is applied.
    #[error("there is nothing to be applied: no files and no command were named")]
    Nothing,
    /// Nobody has said what the command reads.
    #[error("nobody can tell whether the command has something new to apply")]
    NoInput,
    /// Nobody has said who runs the statements.
    #[error("it is not said who runs the statements")]
    NoServer,
    /// Nobody has said where the database is.
    #[error("it is not said in which database")]
    NoDatabase,
    /// There is nowhere to remember anything.
    #[error("there is no folder for leases and workers: neither XDG_STATE_HOME nor HOME is set")]
    NoStateFolder,
    /// The working directory is gone.
    #[error("the working directory cannot be found")]
    Folder {
        /// The system's word.
        source: io::Error,
    },
    /// What was typed names no variable; it is not repeated, for it may be the secret itself.
    #[error("what was typed is not the name of an environment variable")]
    NoVariable,
    /// The variable with the address is not set.
    #[error("the environment variable `{variable}` is not set, or is empty")]
    Unset {
        /// Which.
        variable: String,
    },
    /// The variable holds no address.
    #[error("the environment variable `{variable}` holds no address of a database")]
    Address {
        /// Which.
        variable: String,
        /// What is wrong with it; never the address.
        source: BadUrl,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] Trouble),
    /// The lease cannot be used.
    #[error(transparent)]
    Lease(#[from] LeaseError),
    /// The store of the lease cannot be used.
    #[error(transparent)]
    Store(#[from] StoreFailure),
    /// This build does without the SDK of the store.
    #[error("this program was built without this store of leases")]
    NotBuilt,
    /// This build does without the SDK of the runner.
    #[error("this program was built without workers on ECS")]
    NoRunner,
    /// No name for this process.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// No worker was started.
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    /// The worker has not done it.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Somebody else has the lease.
    #[error("the lease is taken: {who}")]
    Busy {
        /// Who.
        who: String,
    },
    /// What a person wants is not what is there.
    #[error("{what}")]
    Refused {
        /// What is there.
        what: String,
        /// What helps.
        help: String,
    },
    /// The files are others than those that were to be run.
    #[error("the files have changed since this worker was sent: nothing was begun")]
    Changed,
    /// This program cannot find or start itself.
    #[error("this program cannot {what}")]
    System {
        /// What it cannot do.
        what: &'static str,
        /// The system's word.
        source: io::Error,
    },
    /// Somebody has told this process to stop.
    #[error("stopped on request")]
    Stopped,
    /// What was asked for cannot be written.
    #[error("the output cannot be written")]
    Output(#[source] io::Error),
}

impl Failure {
    /// A store that cannot be opened as it is named.
    #[cfg(any(feature = "aws", feature = "kubernetes"))]
    pub(crate) fn store(why: impl Error + Send + Sync + 'static) -> Self {
        Self::Store(StoreFailure::from_source(why.to_string(), why).that_stays())
    }

    /// What the process returns.
    pub const fn exit_code(&self) -> ExitCode {
        match self {
            Self::Database(Trouble::Away { .. }) | Self::System { .. } => ExitCode::Unknown,
            Self::Lease(error) => of_store(error.course()),
            Self::Store(failure) => of_store(failure.course),
            Self::Dispatch(error) => error.code(),
            Self::Database(Trouble::Fenced { .. }) | Self::Busy { .. } => ExitCode::Busy,
            Self::Database(Trouble::Unfit { .. })
            | Self::Plan(PlanError::Unfit { .. })
            | Self::Changed
            | Self::Refused { .. } => ExitCode::Refused,
            Self::Serve(error) => error.code(),
            Self::Stopped => ExitCode::Interrupted,
            _ => ExitCode::Usage,
        }
    }

    /// What helps, best first.
    pub fn help(&self) -> Vec<String> {
        let text = |text: &str| vec![text.to_owned()];
        match self {
            Self::Set(SetError::NoSuchFile { .. }) => {
                text("name the last applied file as it is called in its folder")
            }
            Self::Set(_) | Self::Nothing => {
                text("name the folder or the files of the migrations, or a command after `--`")
            }
            Self::Plan(_) => text("see all that is wrong with `lint`"),
            Self::Config(error) => error.help(),
            Self::NoTable { environment } => {
                vec![format!("add `[env.{environment}.migration]`, or say all of it by flags")]
            }
            Self::NoInput => text("name its input with `files = [\"prisma/migrations\"]`"),
            Self::NoServer => text("say it with `--server`, for example `postgres@16`"),
            Self::NoDatabase => {
                text("put its address into a variable and name that: `--database DATABASE_URL`")
            }
            Self::NoStateFolder => text("name a folder that stays: `--state FOLDER`"),
            Self::NoVariable => {
                text("what is secret belongs into a variable: put it there, and name that")
            }
            Self::Unset { variable } => {
                vec![format!("let the job put the address into `{variable}`")]
            }
            Self::Database(Trouble::Refused { .. }) => text(RIGHTS),
            Self::Database(Trouble::Away { .. }) => {
                text("check the address, and that this machine may connect; then run it again")
            }
            Self::NotBuilt => text("use the program `pilotage-migrate`, or keep it in `database`"),
            Self::NoRunner => {
                text("use the program `pilotage-migrate`, built with the feature `ecs`")
            }
            Self::Lease(_)
            | Self::Store(_)
            | Self::Dispatch(DispatchError::Lease(_))
            | Self::Serve(ServeError::Lease(_)) => {
                text("check where the lease is kept, and the rights there; then run it again")
            }
            Self::Dispatch(_) => text("run it again: nothing is applied twice"),
            Self::Serve(ServeError::Work(failed)) => text(advice(failed)),
            Self::Busy { .. } | Self::Serve(ServeError::Busy { .. }) => {
                text("see who that is with `status`, and run it again when they are done")
            }
            Self::Refused { help, .. } => vec![help.clone()],
            _ => Vec::new(),
        }
    }

    /// Everything that it was caused by, the closest first.
    pub(crate) fn causes(&self) -> Vec<String> {
        pilotage_cli::causes(self)
    }
}

/// Before anything is begun, what a person has to change is a matter of the settings.
const fn of_store(course: Course) -> ExitCode {
    match course {
        Course::Stays => ExitCode::Usage,
        Course::Passes => ExitCode::Unknown,
    }
}

const RIGHTS: &str = "check the user, the password and the rights";

const fn advice(failed: &Failed) -> &'static str {
    match failed {
        Failed::Doubtful { .. } => "look into the database, then see `repair --help`",
        Failed::Database(Trouble::Refused { .. }) => RIGHTS,
        Failed::Locked { .. } => "wait until they are done, and run it again",
        Failed::Database(Trouble::Away { .. })
        | Failed::LeaseLost { .. }
        | Failed::LockLost { .. } => "run it again: it finds out what is applied, and goes on",
        _ => "correct it and run it again: nothing is applied twice",
    }
}
