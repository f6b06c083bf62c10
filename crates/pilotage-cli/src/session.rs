//! A verb at work: everything that the command line meant, resolved.

use core::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use pilotage_artifact::Release;
use pilotage_driver::drive::{
    Crew, Driver, DriverError, Finished, Interruptions, Patience, interruptions,
};
use pilotage_driver::role::{Acquired, Approvals, NoApprovals, Watcher};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::{Fence, Observation, Verdict};
use serde::Serialize;

use crate::args::Global;
use crate::stream::JsonLines;
use crate::verb::answer::OneApproval;
use crate::{
    Berth, Calls, Config, ConfigError, Environment, Failure, Harbour, History, LARGEST, Outfit,
    Platform, View, heed,
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
        let config = load(&global.config)?;
        let chosen = config.choose(global.env.as_deref())?;
        let berth = Berth {
            environment: chosen.name().to_owned(),
            target_name: chosen.target_name(),
            target: chosen.target(P::KIND)?,
            artifact: chosen.artifact()?,
            root: global.config.parent().unwrap_or(Path::new("")).into(),
        };
        let environment = chosen.environment().clone();
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
        let target = self.target_name();
        let loaded = History::load(&*self.harbour.journal, target).await;
        loaded.map_err(|source| Failure::Journals { target: target.into(), source })
    }

    /// Refuses to begin something while something else is unfinished. If somebody is at work on
    /// that, it is no case for `resume`: the verdict then is that the target is busy.
    pub(crate) async fn refuse_unfinished(
        &self,
        history: &History,
    ) -> Result<Option<Verdict>, Failure> {
        let Some(run) = history.unfinished() else { return Ok(None) };
        if let Some(reason) = self.who_is_at_work().await? {
            return self.ashore(Verdict::Busy { reason }).map(Some);
        }
        Err(Failure::Unfinished { target: self.target_name().into(), run: run.id().clone() })
    }

    /// Asks for the lease, and gives it back at once if nobody has it.
    async fn who_is_at_work(&self) -> Result<Option<String>, Failure> {
        let lease = &self.harbour.lease;
        let failed = |source| Failure::from(DriverError::Lease { source });
        match lease.acquire(&self.outfit.holder, Fence::default()).await.map_err(failed)? {
            Acquired::Busy { holder } => Ok(Some(holder)),
            Acquired::Held(grant) => {
                lease.release(grant.fence).await.map_err(failed)?;
                Ok(None)
            }
        }
    }

    /// The command that a person would type next.
    pub(crate) fn command(&self, verb: &str, run: Option<&RunId>) -> String {
        let mut command = format!("{} {verb} --env {}", P::PROGRAM, self.berth.environment);
        let file = Some(&self.global.config).filter(|file| *file != Path::new("pilotage.toml"));
        // Writing to a string cannot fail.
        let _infallible = file.map(|file| write!(command, " --config {}", file.display()));
        let _infallible = run.map(|run| write!(command, " --run {run}"));
        command
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
            Patience::default(),
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
        let Harbour { target, migrator, journal, lease, probe, metrics } = self.harbour.clone();
        let Outfit { io, clock, lookout, .. } = self.outfit;
        let color = self.global.color.applies(io.err.is_terminal(), io.no_color);
        let view = View { err: io.err.clone(), color, quiet: self.global.quiet };
        let watcher: Arc<dyn Watcher> = match lines {
            Some(lines) => lines,
            None => lookout.watcher(&view),
        };
        let approvals: Arc<dyn Approvals> =
            if approve { Arc::new(OneApproval::default()) } else { Arc::new(NoApprovals) };
        let crew = Crew::new(target, journal, lease, clock.clone());
        Crew { migrator, probe, metrics, approvals, watcher, notifier: lookout.notifier(), ..crew }
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
        self.outfit.io.err.mention(&verdict.to_string());
        if let Some(next) = next {
            self.outfit.io.err.mention(&format!("  next: {next}"));
        }
    }
}

pub(crate) fn to_json(data: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(data).map_err(|error| Failure::Output(error.into()))
}

/// A release in one line.
pub(crate) fn in_a_line(release: &Release) -> String {
    format!("`{}` {}", release.id, release.digest.short())
}

/// Reads the configuration, and no more of it than anybody would write.
#[expect(clippy::disallowed_methods, reason = "this is the one reader of the configuration")]
fn load(path: &Path) -> Result<Config, ConfigError> {
    use std::io::{ErrorKind, Read};
    let unreadable = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => ConfigError::Missing { path: path.into() },
        _ => ConfigError::Unreadable { path: path.into(), source },
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ConfigError::TooLarge { path: path.into() });
    }
    let text = String::from_utf8(bytes).map_err(|error| ConfigError::NotText {
        path: path.into(),
        at: error.utf8_error().valid_up_to(),
    })?;
    Config::parse(path, text)
}
