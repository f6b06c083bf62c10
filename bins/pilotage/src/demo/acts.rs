//! The acts: what is shown, in order.

use core::future::pending;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pilotage_ci::timeline::Timeline;
use pilotage_cli::{Outfit, execute};
use pilotage_driver::file::FileJournalStore;
use pilotage_driver::journal::decode;
use pilotage_driver::role::JournalStore;
use pilotage_load::{Get, Load, Rate, Tally};
use pilotage_rollout::{ExitCode, Share, Verdict};
use tokio::time::{interval, timeout};

use super::child::Deploy;
use super::error::DemoError;
use super::stage::Stage;
use super::sums::{Seen, Sums};
use crate::local::{Local, journals};

/// The releases, in the order in which they are brought out.
pub(super) const RELEASES: [&str; 5] = ["v1", "v2", "v3", FLAWED, "v5"];
/// The release that is healthy and fails 5 of 100 requests.
pub(super) const FLAWED: &str = "v4";

const JUDGED: &str = r#"canary = { steps = [{ traffic = "20%", gates = [{ soak = "1s" }] }, { traffic = "50%", gates = [{ judge = "20s" }] }] }"#;
const BLUE_GREEN: &str = r#"blue-green = { after = [{ soak = "1s" }] }"#;
const SHIFTING: &str = r#"canary = { steps = [{ traffic = "30%", gates = [{ soak = "3s" }] }] }"#;

/// 400 requests a second.
const LOAD: Rate = Rate { clients: 8, pace: Duration::from_millis(20) };
const LOOKS: Duration = Duration::from_millis(50);
/// How long the deploy that is to be killed may take until it has shifted traffic.
const PATIENCE: Duration = Duration::from_secs(20);

/// A demonstration that is under way.
#[derive(Debug)]
pub(super) struct Show<'a> {
    stage: &'a Stage,
    outfit: &'a Outfit<Local>,
    seen: Seen,
}

impl<'a> Show<'a> {
    pub(super) fn on(stage: &'a Stage, outfit: &'a Outfit<Local>) -> Self {
        Self { stage, outfit, seen: Seen::default() }
    }

    /// All acts, under load from the second one on.
    pub(super) async fn play(mut self) -> Result<Sums, DemoError> {
        self.say("v1 is brought out where nothing serves yet");
        self.deploy("v1", BLUE_GREEN, &[], ExitCode::Success).await?;
        let (address, tally) = (self.stage.address().await?, Arc::new(Tally::default()));
        let mut load = Load::default();
        load.send(LOAD, &tally, || Get::new(address, "/"));
        self.say("v2 by canary, under load: a judge compares it with v1");
        self.deploy("v2", JUDGED, &[], ExitCode::Success).await?;
        self.say("v3 by blue/green: everything beside everything, then one switch");
        self.deploy("v3", BLUE_GREEN, &[], ExitCode::Success).await?;
        self.say("v4 passes its health checks and fails 5 of 100 requests");
        self.deploy(FLAWED, JUDGED, &["--fail-percent", "5"], ExitCode::Reverted).await?;
        self.seen.judge_aborted = self.latest().await?.is_judged_bad();
        self.say("v5 is brought out by a process that is killed mid-shift");
        let was_killed = self.kill().await?;
        self.say("and another process resumes it");
        let config = self.stage.configure("v5", SHIFTING, &[])?;
        self.command("resume", &config, &[], ExitCode::Success).await?;
        let ended = self.latest().await?;
        self.report("v5", &ended)?;
        self.seen.resumed_after_kill = was_killed && ended.is_deployed("v5");
        load.stop().await;
        Ok(Sums::of(self.seen, tally.totals()))
    }

    fn say(&self, text: &str) {
        self.outfit.io.err.mention(&format!("\n== {text}"));
    }

    async fn deploy(
        &mut self,
        release: &str,
        strategy: &str,
        options: &[&str],
        wanted: ExitCode,
    ) -> Result<(), DemoError> {
        self.seen.deploys += 1;
        let config = self.stage.configure(release, strategy, options)?;
        self.command("deploy", &config, &["--release", release], wanted).await?;
        let latest = self.latest().await?;
        self.report(release, &latest)
    }

    async fn command(
        &self,
        verb: &str,
        config: &Path,
        options: &[&str],
        wanted: ExitCode,
    ) -> Result<(), DemoError> {
        let mut args: Vec<OsString> = vec!["pilotage".into(), verb.into()];
        args.extend(options.iter().map(Into::into));
        args.extend(["--config".into(), config.into()]);
        match execute(args, self.outfit).await {
            code if code == wanted => Ok(()),
            // Whoever listens for signals ends the demonstration.
            ExitCode::Interrupted => pending().await,
            code => Err(DemoError::Otherwise { what: format!("`{verb}`"), code, wanted }),
        }
    }

    /// Begins a deploy in a process of its own, and kills it as soon as traffic has been shifted.
    async fn kill(&mut self) -> Result<bool, DemoError> {
        self.seen.deploys += 1;
        let config = self.stage.configure("v5", SHIFTING, &[])?;
        let mut deploy = Deploy::begin(&config, "v5").map_err(DemoError::Child)?;
        let shifted = timeout(PATIENCE, self.is_shifting("v5")).await;
        shifted.map_err(|_| DemoError::NeverMidShift)??;
        let was_killed = deploy.kill().await.map_err(DemoError::Child)?;
        let is_open = self.latest().await?.0.verdict().is_none();
        Ok(was_killed && is_open)
    }

    /// Waits until the release has some of the traffic, and not all of it.
    async fn is_shifting(&self, release: &str) -> Result<(), DemoError> {
        let mut looks = interval(LOOKS);
        loop {
            looks.tick().await;
            let seen = self.stage.client().observe().await?;
            let groups = seen.groups.iter().filter(|group| group.release.id.as_str() == release);
            if groups.clone().any(|group| group.share > Share::NONE && group.share < Share::ALL) {
                return Ok(());
            }
        }
    }

    /// The latest run, as its journal tells it.
    async fn latest(&self) -> Result<Told, DemoError> {
        let unreadable = |error: &dyn ToString| DemoError::Journals { reason: error.to_string() };
        let store = FileJournalStore::new(journals(self.stage.service()));
        let mut latest: Option<Timeline> = None;
        for run in store.runs().await.map_err(|error| unreadable(&error))? {
            let bytes = store.load(&run).await.map_err(|error| unreadable(&error))?;
            let records = decode(&bytes).map_err(|error| unreadable(&error))?.records;
            let told = Timeline::replay(&records).map_err(|error| unreadable(&error))?;
            if latest.as_ref().is_none_or(|latest| latest.opened() <= told.opened()) {
                latest = Some(told);
            }
        }
        latest.map(Told).ok_or_else(|| unreadable(&"there is none"))
    }

    fn report(&mut self, release: &str, told: &Told) -> Result<(), DemoError> {
        let path = self
            .stage
            .keep_report(release, &pilotage_ci::report::report(&told.0, &"pilotage".into()))?;
        self.seen.reports.push(path);
        Ok(())
    }
}

/// A run as its journal tells it.
#[derive(Debug)]
struct Told(Timeline);

impl Told {
    /// Whether the judge failed the candidate, and what was before it serves again.
    fn is_judged_bad(&self) -> bool {
        let failed = self.0.looks().iter().any(|look| look.judgement.is_fail());
        failed && matches!(self.0.verdict(), Some(Verdict::Reverted { .. }))
    }

    fn is_deployed(&self, wanted: &str) -> bool {
        matches!(self.0.verdict(), Some(Verdict::Deployed { release }) if release.as_str() == wanted)
    }
}
