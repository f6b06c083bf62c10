//! The life of one unit: started, watched, started again, stopped.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use pilotage_artifact::Digest;
use rustix::process::Signal;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::os;
use crate::runtime::{Exit, RuntimeError, StopSignal, UnitSpec, UnitState, UnitStatus};

use super::handle::Handle;
use super::record::{Record, Recorded, UnitDirectory, Wanted};

/// How often the size of the log is looked at.
const LOG_CHECK: Duration = Duration::from_secs(1);

/// Starts the program of a unit, written down so that a crash at any point leaves no process that
/// cannot be found again.
pub(super) async fn launch(
    directory: &UnitDirectory,
    record: &mut Record,
) -> Result<Handle, RuntimeError> {
    check_digest(&record.spec).await?;
    let mark = launch_mark();
    record.process = Recorded::Launching(mark.clone());
    directory.save(record)?;
    let handle = Handle::start(&record.spec, &directory.log(), &mark).map_err(|source| {
        let program = record.spec.artifact.program.display().to_string();
        RuntimeError::Start { name: record.spec.name.clone(), program, source }
    })?;
    record.process = Recorded::Running(handle.identity().clone());
    // If this cannot be written the mark still tells which process it is.
    let _ = directory.save(record);
    Ok(handle)
}

async fn check_digest(spec: &UnitSpec) -> Result<(), RuntimeError> {
    let path = spec.artifact.program.clone();
    let program = path.display().to_string();
    let read = tokio::task::spawn_blocking(move || os::read_all(&path).map(|all| Digest::of(&all)));
    let found = read.await.map_err(std::io::Error::other).and_then(|read| read);
    let (name, expected) = (spec.name.clone(), spec.artifact.program_digest);
    match found {
        Err(source) => Err(RuntimeError::Start { name, program, source }),
        Ok(found) if found != expected => {
            Err(RuntimeError::WrongDigest { name, program, expected, found })
        }
        Ok(_) => Ok(()),
    }
}

/// A text that no other launch has.
fn launch_mark() -> String {
    let random = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", random(), random())
}

/// The unit's status as its record tells it.
pub(super) fn status_of(record: &Record) -> UnitStatus {
    let state = match &record.process {
        Recorded::Launching(_) => UnitState::Restarting { exit: Exit::Unseen },
        Recorded::Running(identity) => UnitState::Running { pid: identity.pid },
        Recorded::Ended(exit) => UnitState::Restarting { exit: *exit },
        Recorded::GivenUp(exit) => UnitState::Failed { exit: *exit },
        Recorded::Stopped(exit) => UnitState::Stopped { exit: *exit },
    };
    UnitStatus { spec: record.spec.clone(), state, restarts: record.restarts }
}

/// A unit that is looked after.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) directory: UnitDirectory,
    pub(super) record: Record,
    pub(super) status: watch::Sender<UnitStatus>,
    pub(super) wanted: watch::Receiver<Wanted>,
}

/// How one process of a unit came to its end.
enum End {
    Unasked(Exit),
    Asked(Exit),
}

impl Life {
    /// Looks after the unit until it is stopped or given up. Without a process, the last one has
    /// just been found to have ended.
    pub(super) async fn run(mut self, mut process: Option<Handle>) {
        let mut in_a_row = 0;
        loop {
            let exit = match process.take() {
                Some(handle) => {
                    let began = os::now();
                    let end = self.watch(handle).await;
                    if began.elapsed() >= self.record.spec.artifact.restart.steady {
                        in_a_row = 0;
                    }
                    match end {
                        End::Asked(exit) => return self.note(Recorded::Stopped(Some(exit))),
                        End::Unasked(exit) => exit,
                    }
                }
                None => Exit::Unseen,
            };
            in_a_row += 1;
            match self.start_again(exit, in_a_row).await {
                Some(handle) => process = Some(handle),
                None => return,
            }
        }
    }

    /// Waits for the process to end, by itself or because the unit is to stop.
    async fn watch(&mut self, mut process: Handle) -> End {
        loop {
            if *self.wanted.borrow_and_update() == Wanted::Stopped {
                return End::Asked(self.stop(process).await);
            }
            tokio::select! {
                exit = timeout(LOG_CHECK, process.ended()) => match exit {
                    Ok(exit) => return End::Unasked(exit),
                    // A log that cannot be cut grows on; the unit is worth more than the disk.
                    Err(_) => drop(self.directory.log().keep_within_bounds()),
                },
                Ok(()) = self.wanted.changed() => {}
            }
        }
    }

    async fn stop(&mut self, mut process: Handle) -> Exit {
        self.record.wanted = Wanted::Stopped;
        self.save();
        let policy = &self.record.spec.artifact.stop;
        process.signal(signal_of(policy.signal));
        if let Ok(exit) = timeout(policy.grace, process.ended()).await {
            return exit;
        }
        process.signal(Signal::KILL);
        process.ended().await
    }

    /// Starts the unit again after a pause; `None` if it is to stop or was given up.
    async fn start_again(&mut self, exit: Exit, in_a_row: u32) -> Option<Handle> {
        let Some(pause) = self.record.spec.artifact.restart.pause_before(in_a_row) else {
            self.note(Recorded::GivenUp(exit));
            return None;
        };
        self.note(Recorded::Ended(exit));
        let to_stop = self.wanted.wait_for(|wanted| *wanted == Wanted::Stopped);
        if timeout(pause, to_stop).await.is_ok() {
            self.record.wanted = Wanted::Stopped;
            self.note(Recorded::Stopped(Some(exit)));
            return None;
        }
        self.record.restarts = self.record.restarts.saturating_add(1);
        match launch(&self.directory, &mut self.record).await {
            Ok(handle) => {
                self.publish();
                Some(handle)
            }
            Err(error) => {
                self.directory.log().say(&format!("pilotage: not started again: {error}"));
                self.note(Recorded::GivenUp(exit));
                None
            }
        }
    }

    fn note(&mut self, process: Recorded) {
        self.record.process = process;
        self.save();
        self.publish();
    }

    /// Writes the record. If it cannot be written, an older record leads whoever reads it to look
    /// at the process itself.
    fn save(&self) {
        let _ = self.directory.save(&self.record);
    }

    fn publish(&self) {
        self.status.send_replace(status_of(&self.record));
    }
}

fn signal_of(signal: StopSignal) -> Signal {
    match signal {
        StopSignal::Term => Signal::TERM,
        StopSignal::Int => Signal::INT,
        StopSignal::Quit => Signal::QUIT,
    }
}
