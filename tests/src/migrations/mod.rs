//! Migrations of a real database whose CI jobs are killed at random instants.
//!
//! Each round adds four migrations of the kinds that matter: a table, rows after a pause, an index
//! that is built outside any transaction, and rows. The job is killed with SIGKILL, and another
//! one follows. Whatever was applied twice or not at all is found in the rows, and whatever lock
//! or connection is left is found in the server.

pub mod database;
mod round;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::error::Trouble;
use database::Database;
use round::Round;

/// How many jobs are killed, when, and in which database.
#[derive(Debug, Clone)]
pub struct Programme {
    /// How many are killed.
    pub count: u32,
    /// What the instants follow from.
    pub seed: u64,
    /// The address of a database server, whose user may make databases.
    pub address: String,
}

/// What became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The seed of the instants.
    pub seed: u64,
    /// How many jobs were killed.
    pub kills: u32,
    /// How many of them were killed while a worker had the lease.
    pub under_way: u32,
    /// How many of the jobs that followed attached to a worker that was at it.
    pub attached: u32,
    /// How many migrations there were.
    pub migrations: u32,
    /// How many of them were applied exactly once.
    pub once: u32,
    /// After how many kills a lock or a session was left when the next job had ended.
    pub left: u32,
}

/// The place where jobs run.
#[derive(Debug)]
struct Yard {
    program: PathBuf,
    folder: tempfile::TempDir,
    address: String,
    server: &'static str,
}

/// Kills jobs, one after the other, and has another one follow each.
pub async fn rehearse(pilotage: &Path, programme: Programme) -> Result<Figures, Trouble> {
    let Programme { count, seed, address } = programme;
    let database = Database::make(&address, seed).await?;
    let folder = tempfile::tempdir().map_err(Trouble::when("there is no folder"))?;
    let (address, server) = (database.address().to_owned(), database.server());
    let yard = Yard { program: pilotage.to_owned(), folder, address, server };
    let figures = yard.all(&database, count, seed).await;
    database.drop_it().await?;
    figures
}

impl Yard {
    async fn all(&self, database: &Database, count: u32, seed: u64) -> Result<Figures, Trouble> {
        let window = self.calm(database).await?;
        let (mut rng, mut figures) = (Rng::with_seed(seed), Figures::new(seed));
        for number in 1..=count {
            let after = Duration::from_millis(rng.u64(0..=window));
            let ended = Round { yard: self, database, number }.killed(after).await?;
            figures.kills += 1;
            figures.under_way += u32::from(ended.under_way);
            figures.attached += u32::from(ended.attached);
            figures.migrations += round::MIGRATIONS;
            figures.once += ended.once;
            figures.left += u32::from(ended.left);
        }
        Ok(figures)
    }

    /// A round that nobody disturbs says within which time the others are.
    #[expect(clippy::disallowed_methods, reason = "a rehearsal measures")]
    async fn calm(&self, database: &Database) -> Result<u64, Trouble> {
        let begun = Instant::now();
        let round = Round { yard: self, database, number: 0 };
        round.prepare()?;
        round.follow().await?;
        Ok(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl Figures {
    const fn new(seed: u64) -> Self {
        Self { seed, kills: 0, under_way: 0, attached: 0, migrations: 0, once: 0, left: 0 }
    }
}
