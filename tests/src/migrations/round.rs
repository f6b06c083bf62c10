//! One job that is killed, and the one that follows.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::Yard;
use super::database::Database;
use crate::error::Trouble;

/// How many migrations a round has.
pub(super) const MIGRATIONS: u32 = 4;

/// How long a job may take that follows: the term of a lease whose owner died comes on top.
const PATIENCE: Duration = Duration::from_mins(2);

/// One round.
#[derive(Debug)]
pub(super) struct Round<'a> {
    pub(super) yard: &'a Yard,
    pub(super) database: &'a Database,
    pub(super) number: u32,
}

/// What became of one.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) under_way: bool,
    pub(super) attached: bool,
    pub(super) once: u32,
    pub(super) left: bool,
}

impl Round<'_> {
    /// Kills a job after this time, and has another one follow.
    pub(super) async fn killed(&self, after: Duration) -> Result<Ended, Trouble> {
        self.prepare()?;
        let mut job = self.job();
        let job = job.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut job = job.map_err(Trouble::when("no job can be started"))?;
        // One that is done before it is to be killed is killed too late, which is an instant too.
        let _ = timeout(after, job.wait()).await;
        job.kill().await.map_err(Trouble::when("the job cannot be killed"))?;
        let under_way = self.has_owner().await?;
        let said = self.follow().await?;
        let attached = said.contains("are under way");
        let left = self.has_owner().await? || !self.database.is_left_alone().await?;
        Ok(Ended { under_way, attached, once: self.once().await?, left })
    }

    /// A job that nobody kills; gives what it has said.
    pub(super) async fn follow(&self) -> Result<String, Trouble> {
        let output = timeout(PATIENCE, self.job().output()).await;
        let output = output.map_err(|_| Trouble::otherwise("a job did not end"))?;
        let Output { status, stderr, .. } =
            output.map_err(Trouble::when("no job can be started"))?;
        let said = String::from_utf8_lossy(&stderr).into_owned();
        if status.success() { Ok(said) } else { Err(Trouble::otherwise(said)) }
    }

    /// Writes the migrations of this round beside those of the rounds before.
    #[expect(clippy::disallowed_methods, reason = "nobody reads them meanwhile")]
    pub(super) fn prepare(&self) -> Result<(), Trouble> {
        let folder = self.yard.folder.path().join("db");
        std::fs::create_dir_all(&folder).map_err(Trouble::when("there is no folder"))?;
        let number = self.number;
        let (sleep, index) = self.database.words();
        let texts = [
            format!("CREATE TABLE r{number} (id int PRIMARY KEY, name int);"),
            format!("INSERT INTO applied VALUES ('{number}-2');\n{sleep};"),
            format!("{index} r{number}_name ON r{number} (name);"),
            format!("INSERT INTO applied VALUES ('{number}-4');"),
        ];
        for (at, text) in texts.iter().enumerate() {
            let name = format!("V{}__round.sql", u64::from(number) * 10 + at as u64 + 1);
            std::fs::write(folder.join(name), text)
                .map_err(Trouble::when("a migration cannot be written"))?;
        }
        Ok(())
    }

    fn job(&self) -> Command {
        let mut command = self.migrate("run");
        command.args(["--server", self.yard.server, "--fail-on", "never", "db"]);
        command
    }

    /// Whether somebody has the lease.
    async fn has_owner(&self) -> Result<bool, Trouble> {
        let mut show = self.migrate("lock");
        let output = show.output().await;
        let output = output.map_err(Trouble::when("the lease cannot be shown"))?;
        let shown: serde_json::Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| Trouble::when("the lease cannot be shown")(error.into()))?;
        Ok(!shown["lease"]["holder"].is_null())
    }

    #[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
    fn migrate(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.yard.program);
        let folder = self.yard.folder.path();
        command.current_dir(folder).env("XDG_STATE_HOME", folder.join("state"));
        command.args(["migrate", verb]).env("SHOP_URL", &self.yard.address);
        if verb == "lock" {
            command.stderr(Stdio::null()).args(["show", "--json"]);
        }
        command.args(["--database", "SHOP_URL"]);
        for name in ["CI", "GITHUB_ACTIONS", "TF_BUILD"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// How many migrations of this round were applied exactly once.
    async fn once(&self) -> Result<u32, Trouble> {
        let number = self.number;
        let mut once = u32::from(self.database.has_index(&format!("r{number}")).await?) * 2;
        for step in ["2", "4"] {
            let rows = self.database.rows(&format!("{number}-{step}")).await?;
            once += u32::from(rows == 1);
        }
        Ok(once)
    }
}
