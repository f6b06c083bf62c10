//! What the worker does, beside the database, while it has the lease.

use pilotage_clock::Clock;
use pilotage_lease::client::Held;
use pilotage_redact::Veil;
use pilotage_rollout::{Fence, Span};

use super::database::{Database, Found, Leapt, Lock, Session, Trouble};
use super::error::Failed;
use super::ledger::{Entry, State};
use super::next::{At, Gaps, Next, next};
use super::program::Program;
use super::script::{Leap, Script, Sql};
use super::told::{Listener, Told};

/// What is to be done, with what, and how long to wait for others.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// In this order.
    pub scripts: &'a [Script],
    /// Whether one may come in before one that is applied.
    pub gaps: Gaps,
    /// The database.
    pub database: &'a dyn Database,
    /// The program of the migrations that are one.
    pub program: Option<&'a dyn Program>,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// How long to wait for the session lock of another.
    pub waiting: Span,
    /// What is masked in the words that are left in the ledger.
    pub veil: &'a Veil,
}

/// How often to ask for a lock that another has.
const POLL: Span = Span::from_millis(500);

/// Applies what is not applied yet, for as long as the lease is held; gives how many leaps it made.
///
/// When the lease is lost, what is under way is dropped, and the database is told to stop it.
/// Dropping it leaves at most one leap of which nothing is known; the next worker finds out.
pub async fn work(work: Work<'_>, held: &mut Held, tell: Listener<'_>) -> Result<u32, Failed> {
    let fence = held.fence();
    let ended = tokio::select! {
        biased;
        loss = held.lost() => Err(Failed::LeaseLost { loss: Box::new(loss) }),
        ended = under(work, fence, tell) => ended,
    };
    if let Some(program) = work.program {
        program.settled().await;
    }
    if matches!(ended, Err(Failed::LeaseLost { .. })) {
        // Whoever comes next has to wait for these sessions anyway: a failure here costs time only.
        let _ = work.database.cancel(fence).await;
    }
    ended
}

async fn under(work: Work<'_>, fence: Fence, tell: Listener<'_>) -> Result<u32, Failed> {
    let session = work.database.open(fence).await?;
    let mut worker = Worker { work, fence, session, tell };
    worker.lock().await?;
    worker.session.claim().await?;
    let leaps = worker.all().await;
    let closed = worker.session.close().await;
    let leaps = leaps?;
    closed?;
    Ok(leaps)
}

struct Worker<'a> {
    work: Work<'a>,
    fence: Fence,
    session: Box<dyn Session>,
    tell: Listener<'a>,
}

impl Worker<'_> {
    async fn lock(&mut self) -> Result<(), Failed> {
        let begun = self.work.clock.elapsed();
        while let Lock::Others { who } = self.session.try_lock().await? {
            let waited = self.work.clock.elapsed().as_millis() - begun.as_millis();
            if waited >= self.work.waiting.as_millis() {
                return Err(Failed::Locked { who });
            }
            (self.tell)(&Told::Waiting { who });
            self.work.clock.sleep(POLL).await;
        }
        Ok(())
    }

    /// Asks the ledger before each leap, so that it alone decides.
    async fn all(&mut self) -> Result<u32, Failed> {
        let total: usize = self.work.scripts.iter().map(|script| script.leaps.len()).sum();
        let mut leaps = 0;
        // Each leap is looked at twice at the most: once to find out, once to make it.
        for _ in 0..=total.saturating_mul(2) {
            let ledger = self.session.ledger().await?;
            match next(self.work.scripts, &ledger, self.work.gaps)? {
                Next::Nothing => return Ok(leaps),
                Next::Leap(at) => {
                    self.leap(&Place::of(self.work.scripts, at, &ledger, self.fence)?).await?;
                    leaps += 1;
                }
                Next::FindOut(at) => {
                    self.find_out(&Place::of(self.work.scripts, at, &ledger, self.fence)?).await?;
                }
            }
        }
        Err(Failed::Impossible("the ledger does not keep what is written into it".into()))
    }

    async fn leap(&mut self, place: &Place<'_>) -> Result<(), Failed> {
        let (script, leap, of) = (place.script.name.clone(), place.number(), place.entry.of);
        (self.tell)(&Told::Leaping { script, leap, of });
        match place.leap {
            Leap::Together(statements) => self.together(place, statements).await?,
            Leap::Alone(statement) => self.alone(place, statement).await?,
            Leap::Program => self.program(place).await?,
        }
        if place.number() == place.entry.of {
            (self.tell)(&Told::Applied { script: place.script.name.clone() });
        }
        Ok(())
    }

    async fn together(&mut self, place: &Place<'_>, statements: &[Sql]) -> Result<(), Failed> {
        let line = place.entry.leapt();
        for left in (0..place.leap.tries()).rev() {
            let leapt = self.session.together(statements, &line).await;
            if self.settled(place, leapt, left).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn alone(&mut self, place: &Place<'_>, statement: &Sql) -> Result<(), Failed> {
        self.session.note(&place.entry.with(State::Leaping)).await?;
        for left in (0..place.leap.tries()).rev() {
            let leapt = self.session.alone(statement).await;
            if let Leapt::Locked { reason } | Leapt::Refused { reason } = &leapt {
                // A failed statement may have left something half-built; nothing of it may stay.
                self.cleared(place, statement, reason).await?;
            }
            if self.settled(place, leapt, left).await? {
                return Ok(self.session.note(&place.entry.leapt()).await?);
            }
        }
        Ok(())
    }

    /// Whether the leap is made; if not, it may be tried once more.
    async fn settled(
        &mut self,
        place: &Place<'_>,
        leapt: Leapt,
        left: u32,
    ) -> Result<bool, Failed> {
        match leapt {
            Leapt::Applied => Ok(true),
            Leapt::Locked { reason } if left > 0 => {
                let script = place.script.name.clone();
                (self.tell)(&Told::Again { script, reason });
                self.work.clock.sleep(POLL).await;
                Ok(false)
            }
            Leapt::Locked { reason } | Leapt::Refused { reason } => {
                self.failed(place, reason).await.map(|()| false)
            }
            Leapt::Fenced { newer } => Err(self.fenced(newer)),
            Leapt::Unknown { reason } => Err(self.away(reason)),
        }
    }

    async fn program(&mut self, place: &Place<'_>) -> Result<(), Failed> {
        let Some(program) = self.work.program else {
            let missing =
                format!("`{}` is applied by a program, and none is given", place.script.name);
            return Err(Failed::Impossible(missing));
        };
        self.session.note(&place.entry.with(State::Leaping)).await?;
        let ended = program.run(self.fence).await;
        match ended.failure() {
            None => Ok(self.session.note(&place.entry.leapt()).await?),
            Some(reason) => self.failed(place, reason).await,
        }
    }

    /// Writes the failure down, and gives it.
    async fn failed(&mut self, place: &Place<'_>, reason: String) -> Result<(), Failed> {
        let reason = self.work.veil.cover(&reason);
        self.session.note(&place.entry.with(State::Failed { reason: reason.clone() })).await?;
        let (script, leap, of) = (place.script.name.clone(), place.number(), place.entry.of);
        Err(Failed::Leap { script, leap, of, reason })
    }

    async fn find_out(&mut self, place: &Place<'_>) -> Result<(), Failed> {
        let found = match place.leap {
            Leap::Alone(statement) => self.session.find_out(statement).await?,
            // A transaction is told by the ledger; and a program knows itself how far it came.
            Leap::Together(_) | Leap::Program => Found::Absent,
        };
        let line = match found {
            Found::Applied => place.entry.leapt(),
            Found::Absent => place.entry.with(State::Resting),
            Found::Unclear { reason } => return Err(place.doubtful(reason)),
        };
        let (script, applied) = (place.script.name.clone(), found == Found::Applied);
        (self.tell)(&Told::Found { script, applied });
        Ok(self.session.note(&line).await?)
    }

    /// Clears away what a statement has left that failed with these words.
    async fn cleared(
        &mut self,
        place: &Place<'_>,
        statement: &Sql,
        said: &str,
    ) -> Result<(), Failed> {
        match self.session.clear_away(statement).await? {
            // A statement that is refused because its effect is there already stays refused.
            Found::Absent | Found::Applied => Ok(()),
            Found::Unclear { reason } => {
                Err(place.doubtful(self.work.veil.cover(&format!("{said}; {reason}"))))
            }
        }
    }

    fn fenced(&self, newer: Fence) -> Failed {
        Trouble::Fenced { place: self.work.database.place(), newer }.into()
    }

    fn away(&self, reason: String) -> Failed {
        Trouble::Away { place: self.work.database.place(), reason }.into()
    }
}

/// A leap with all that is known about it.
struct Place<'a> {
    script: &'a Script,
    leap: &'a Leap,
    entry: Entry,
}

impl<'a> Place<'a> {
    fn of(scripts: &'a [Script], at: At, ledger: &[Entry], fence: Fence) -> Result<Self, Failed> {
        let script = scripts.get(at.script);
        let leap = script.and_then(|script| script.leaps.get(at.leap));
        let (Some(script), Some(leap)) = (script, leap) else {
            return Err(Failed::Impossible("there is no such step".into()));
        };
        let known =
            ledger.iter().find(|entry| entry.script == script.name && !entry.is_untouched());
        let entry = known
            .map_or_else(|| Entry::blank(script, fence), |known| Entry { fence, ..known.clone() });
        Ok(Self { script, leap, entry })
    }

    /// Counted from one.
    fn number(&self) -> u32 {
        self.entry.done + 1
    }

    fn doubtful(&self, reason: String) -> Failed {
        Failed::Doubtful { script: self.script.name.clone(), leap: self.number(), reason }
    }
}
