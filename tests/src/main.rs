//! `rehearse`: holds one rehearsal and prints its figures as one JSON object.
//!
//! `cargo xtask bench` runs it and holds the figures to their bars. It starts itself again in a
//! private network where the machine allows that, and says why where it does not.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use rehearsal::account::chain;
use rehearsal::apart::Network;
use rehearsal::cutover::{self, Programme};
use rehearsal::error::Trouble;
use rehearsal::{kills, migrations, proxy};
use serde::Serialize;

/// Hold one rehearsal and print its figures.
#[derive(Debug, Parser)]
struct Arguments {
    /// The binary to rehearse with.
    #[arg(long, value_name = "FILE")]
    pilotage: PathBuf,
    /// Rehearse in the network that this process is in.
    #[arg(long)]
    here: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Consecutive cutovers by every strategy, under load.
    Cutover {
        /// How many.
        #[arg(long, default_value_t = 100)]
        count: u32,
    },
    /// Deploys that are killed at random instants and taken up by another process, under load.
    Kills {
        /// How many.
        #[arg(long, default_value_t = 200)]
        count: u32,
        /// Repeat the instants of this seed [default: a new one].
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Migrations whose jobs are killed at random instants.
    Migrations {
        /// The file with the address of the server.
        #[arg(long, value_name = "FILE")]
        address: PathBuf,
        /// How many.
        #[arg(long, default_value_t = 50)]
        count: u32,
        /// Repeat the instants of this seed [default: a new one].
        #[arg(long)]
        seed: Option<u64>,
    },
    /// The built-in proxy beside NGINX, one worker each.
    Proxy {
        /// How often each is measured.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new().map_err(Trouble::when("there is no runtime"));
    match runtime.and_then(|runtime| runtime.block_on(arguments.hold())) {
        Ok(code) => code,
        Err(trouble) => {
            note(&format!("rehearse: {}", chain(&trouble)));
            ExitCode::from(if matches!(trouble, Trouble::Interrupted) { 130 } else { 1 })
        }
    }
}

impl Arguments {
    async fn hold(self) -> Result<ExitCode, Trouble> {
        if self.here { self.rehearse().await } else { again().await }
    }

    async fn rehearse(self) -> Result<ExitCode, Trouble> {
        match self.what {
            What::Cutover { count } => {
                let programme = Programme { count, calm: Duration::from_secs(5) };
                tell(&cutover::rehearse(&self.pilotage, programme).await?)
            }
            What::Kills { count, seed } => {
                let seed = seed.unwrap_or_else(|| fastrand::u64(..));
                note(&format!("seed {seed}"));
                let programme = kills::Programme { count, seed };
                tell(&kills::rehearse(&self.pilotage, programme).await?)
            }
            What::Migrations { address, count, seed } => {
                let seed = seed.unwrap_or_else(|| fastrand::u64(..));
                note(&format!("seed {seed}"));
                let programme = migrations::Programme { count, seed, address: read(&address)? };
                tell(&migrations::rehearse(&self.pilotage, programme).await?)
            }
            What::Proxy { rounds } => tell(&proxy::compare(rounds).await?),
        }
    }
}

/// Starts this program again with the same arguments, in a network of its own.
async fn again() -> Result<ExitCode, Trouble> {
    let network = Network::find().await;
    if let Network::Shared { reason } = &network {
        note(&format!("not in a private network: {reason}"));
    }
    let program = std::env::current_exe().map_err(Trouble::when("this program is not there"))?;
    let arguments: Vec<String> =
        ["--here".into()].into_iter().chain(std::env::args().skip(1)).collect();
    let status = network.run(&program, &arguments).await?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

#[expect(clippy::disallowed_methods, reason = "the address of a server is in a file")]
fn read(file: &Path) -> Result<String, Trouble> {
    let text = std::fs::read_to_string(file).map_err(Trouble::when("there is no address"))?;
    Ok(text.trim().to_owned())
}

fn tell(figures: &impl Serialize) -> Result<ExitCode, Trouble> {
    let failed = || Trouble::when("the figures cannot be printed");
    let text = serde_json::to_string(figures).map_err(|error| failed()(error.into()))?;
    writeln!(std::io::stdout().lock(), "{text}").map_err(failed())?;
    Ok(ExitCode::SUCCESS)
}

fn note(text: &str) {
    // Where nobody can be told, the exit code must do.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
