//! A verb at work: everything that the command line meant, resolved.

use std::path::Path;
use std::sync::Arc;

use pilotage_artifact::Release;
use pilotage_driver::drive::{Crew, Driver, DriverError, Finished, Interruptions, interruptions};
use pilotage_driver::role::{Approvals, Holder, NoApprovals, Watcher};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::{Observation, Verdict};
use serde::Serialize;

use crate::args::Global;
use crate::stream::JsonLines;
use crate::verb::answer::OneApproval;
use crate::{
    Berth, Calls, Config, Environment, Failure, Harbour, History, Outfit, Platform, View, heed,
};

/// A verb at work at one target.
pub(crate) struct Session<'a, P: Platform> {
    pub(crate) outfit: &'a Outfit<P>,
    pub(crate) global: &'a Global,
    pub(crate) environment: Environment,
    pub(crate) berth: Berth<P::Target, P::Artifact>,
    pub(crate) harbour: Harbour,
}

/// What ends the lines of `--json` of a run.
#[derive(Debug, Serialize)]
struct Ending<'a> {
    event: &'static str,
    run: Option<&'a RunId>,
    verdict: &'a Verdict,
    exit_code: u8,
    next: Option<String>,
    written: u64,
}

impl<'a, P: Platform> Session<'a, P> {
    /// Reads the configuration and goes to the target.
    pub(crate) async fn open(outfit: &'a Outfit<P>, global: &'a Global) -> Result<Self, Failure> {
        let config = Config::load(&global.config)?;
        let chosen = config.choose(global.env.as_deref())?;
        let berth = Berth {
            environment: chosen.name().to_owned(),
            target_name: chosen.target_name(),
            target: chosen.target(P::KIND)?,
            artifact: chosen.artifact()?,
            checks: chosen.environment().checks.clone(),
            drain: chosen.environment().drain(),
            migration: chosen.environment().migration.clone(),
            root: global.config.parent().unwrap_or(Path::new("")).into(),
        };
        let environment = chosen.environment().clone();
        outfit.conceal(&environment, &chosen.secrets()?, &berth.root).await;
        let harbour = outfit.platform.moor(&berth).await?;
        Ok(Self { outfit, global, environment, berth, harbour })
    }

    pub(crate) fn target_name(&self) -> &str {
        &self.berth.target_name
    }

    pub(crate) async fn observe(&self) -> Result<Observation, Failure> {
        let seen = self.harbour.target.observe().await;
        seen.map_err(|failure| Failure::unreadable(self.target_name(), failure))
    }

    pub(crate) async fn history(&self) -> Result<History, Failure> {
        self.latest(History::USUAL).await
    }

    /// The latest runs, at most so many.
    pub(crate) async fn latest(&self, most: usize) -> Result<History, Failure> {
        let target = self.target_name();
        let loaded = History::load(&*self.harbour.journal, target, most).await;
        loaded.map_err(|source| Failure::Journals { target: target.into(), source })
    }

    /// Refuses to begin something while something else is unfinished. If somebody is at work on
    /// that, it is no case for `resume`: the verdict then is that the target is busy.
    pub(crate) async fn refuse_unfinished(&self) -> Result<Option<Verdict>, Failure> {
        if self.history().await?.unfinished().is_none() {
            return Ok(None);
        }
        if let Some(busy) = self.busy().await? {
            return self.ashore(busy).map(Some);
        }
        // Whoever was at work may have ended just now.
        match self.history().await?.unfinished() {
            Some(run) => {
                let (target, run) = (self.target_name().into(), run.id().clone());
                Err(Failure::Unfinished { target, run })
            }
            None => Ok(None),
        }
    }

    /// What it means that something could not be begun: that somebody else has begun something
    /// meanwhile, or what it says.
    pub(crate) async fn busy_or(&self, failure: Failure) -> Result<Verdict, Failure> {
        match self.busy().await {
            Ok(Some(busy)) => self.ashore(busy),
            // The failure at hand is the one that matters.
            Ok(None) | Err(_) => Err(failure),
        }
    }

    /// The verdict while somebody is at work.
    async fn busy(&self) -> Result<Option<Verdict>, Failure> {
        let holder = self.holder().await?;
        let now = self.outfit.clock.now();
        Ok(holder.map(|holder| Verdict::Busy { reason: holder.by(now) }))
    }

    /// Who owns the target.
    pub(crate) async fn holder(&self) -> Result<Option<Holder>, Failure> {
        let seen = self.harbour.lease.holder().await;
        seen.map_err(|source| Failure::from(DriverError::Lease { source }))
    }

    /// The command that a person would type next.
    pub(crate) fn command(&self, verb: &str, run: Option<&RunId>) -> String {
        let run = run.map(|run| format!(" --run {run}")).unwrap_or_default();
        format!("{} {verb} {}{run}", P::PROGRAM, self.options())
    }

    /// The options that lead to the same environment again.
    pub(crate) fn options(&self) -> String {
        let file = Some(&self.global.config).filter(|file| *file != Path::new("pilotage.toml"));
        let file = file.map(|file| format!(" --config {}", file.display())).unwrap_or_default();
        format!("--env {}{file}", self.berth.environment)
    }

    /// Writes one object, or what a person reads instead.
    pub(crate) fn show(&self, data: &impl Serialize, text: &str) -> Result<(), Failure> {
        let text = if self.global.json { to_json(data)? } else { text.to_owned() };
        self.outfit.io.out.line(&text).map_err(Failure::Output)
    }

    /// Drives a run to a verdict, with signals heeded and news shown, and says how it ended.
    pub(crate) async fn drive<F>(
        &self,
        approve: bool,
        go: impl FnOnce(Driver, Interruptions) -> F,
    ) -> Result<Verdict, Failure>
    where
        F: Future<Output = Result<Finished, DriverError>>,
    {
        let lines = self.global.json.then(|| Arc::new(JsonLines::new(self.outfit.io.out.clone())));
        let driver = Driver::new(
            self.crew(approve, lines.clone()),
            self.harbour.patience,
            self.outfit.holder.clone(),
        );
        let (interrupter, stop) = interruptions();
        let mut calls = Calls::listen().map_err(Failure::Signals)?;
        let finished = tokio::select! {
            biased;
            finished = go(driver, stop) => Some(finished),
            () = heed(&mut calls, &interrupter, &*self.outfit.clock, &self.outfit.io.err) => None,
        };
        if let Some(lines) = lines {
            lines.finish().map_err(Failure::Output)?;
        }
        match finished {
            Some(finished) => self.conclude(finished?),
            None => self.left(),
        }
    }

    fn crew(&self, approve: bool, lines: Option<Arc<JsonLines>>) -> Crew {
        let Harbour { target, migrator, journal, lease, probe, metrics, .. } = self.harbour.clone();
        let Outfit { io, clock, lookout, .. } = self.outfit;
        let color = self.global.color.applies(io.err.is_terminal(), io.no_color);
        let options = self.options();
        let view = View { err: io.err.clone(), color, quiet: self.global.quiet, options };
        let watcher: Arc<dyn Watcher> = match lines {
            Some(lines) => lines,
            None => lookout.watcher(&view),
        };
        let approvals: Arc<dyn Approvals> =
            if approve { Arc::new(OneApproval::default()) } else { Arc::new(NoApprovals) };
        let crew = Crew::new(target, journal, lease, clock.clone());
        let notifier = lookout.notifier(&self.environment.notify, &view);
        let veil = io.veil().clone();
        Crew { migrator, probe, metrics, approvals, watcher, notifier, veil, ..crew }
    }

    fn conclude(&self, finished: Finished) -> Result<Verdict, Failure> {
        let Finished { verdict, run, written, .. } = finished;
        self.end(Some(&run), &verdict, written)?;
        Ok(verdict)
    }

    /// Ends with a verdict that needed no run.
    pub(crate) fn ashore(&self, verdict: Verdict) -> Result<Verdict, Failure> {
        self.end(None, &verdict, 0)?;
        Ok(verdict)
    }

    /// Says the verdict and the next command to run.
    fn end(&self, run: Option<&RunId>, verdict: &Verdict, written: u64) -> Result<(), Failure> {
        let named = |verb: &str| run.filter(|_| matches!(verb, "resume" | "abort"));
        let next = verdict.next_verb().map(|verb| self.command(verb, named(verb)));
        if self.global.json {
            let exit_code = verdict.exit_code().into();
            let next = next.clone();
            let ending = Ending { event: "finished", run, verdict, exit_code, next, written };
            self.outfit.io.out.line(&to_json(&ending)?).map_err(Failure::Output)?;
        }
        self.say(verdict, next.as_deref());
        Ok(())
    }

    /// A second signal ended the process: what was under way is unknown until it is resumed.
    fn left(&self) -> Result<Verdict, Failure> {
        let next = self.command("resume", None);
        if self.global.json {
            let (verdict, exit_code) = (Verdict::Interrupted, 130);
            let ending = serde_json::json!({
                "event": "left", "verdict": verdict, "exit_code": exit_code, "next": next
            });
            self.outfit.io.out.line(&to_json(&ending)?).map_err(Failure::Output)?;
        }
        self.outfit.io.err.mention(&format!("left as it is\n  next: {next}"));
        Ok(Verdict::Interrupted)
    }

    fn say(&self, verdict: &Verdict, next: Option<&str>) {
        let next = next.map(|next| format!("\n  next: {next}")).unwrap_or_default();
        let Outfit { io, lookout, .. } = self.outfit;
        io.err.mention(&lookout.fit(&format!("{verdict}{next}"), &io.err));
    }
}

pub(crate) fn to_json(data: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(data).map_err(|error| Failure::Output(error.into()))
}

/// A release in one line.
pub(crate) fn in_a_line(release: &Release) -> String {
    format!("`{}` {}", release.id, release.digest.short())
}
