//! The workers, as processes that are stopped, let go and killed.

use std::path::Path;

use pilotage_lease::Span;
use pilotage_xtask::Error;
use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::Process;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

/// How many there are.
const WORKERS: usize = 8;

/// The workers.
#[derive(Debug)]
pub(super) struct Crew<'a> {
    command: &'a Cmd,
    log: &'a Path,
    workers: Vec<Worker>,
    /// How often one was found standing still.
    pub(super) halts: u64,
}

#[derive(Debug)]
struct Worker {
    process: Process,
    /// When it is to go on, once it was seen to stand still.
    goes_on: Option<Span>,
}

impl<'a> Crew<'a> {
    pub(super) fn muster(command: &'a Cmd, log: &'a Path) -> Result<Self, Error> {
        let mut crew = Self { command, log, workers: Vec::new(), halts: 0 };
        for _ in 0..WORKERS {
            let worker = crew.hire()?;
            crew.workers.push(worker);
        }
        Ok(crew)
    }

    fn hire(&self) -> Result<Worker, Error> {
        Ok(Worker { process: Process::start(self.command, self.log)?, goes_on: None })
    }

    /// Stops one of them.
    pub(super) fn stop(&self, lot: u64) {
        if let Some(worker) = self.workers.get(number(lot)) {
            signal(worker.process, Signal::STOP);
        }
    }

    /// Kills one of them, and hires another.
    pub(super) fn kill(&mut self, lot: u64) -> Result<(), Error> {
        let new = self.hire()?;
        if let Some(worker) = self.workers.get_mut(number(lot)) {
            bury(worker.process);
            *worker = new;
        }
        Ok(())
    }

    /// Lets those go on who have stood still for as long as it was drawn for them.
    pub(super) fn wake(&mut self, now: Span, mut draw: impl FnMut() -> Span) {
        for worker in &mut self.workers {
            match worker.goes_on {
                None if is_stopped(worker.process) => {
                    self.halts += 1;
                    worker.goes_on = Some(now + draw());
                }
                Some(at) if now >= at => {
                    worker.goes_on = None;
                    signal(worker.process, Signal::CONT);
                }
                _ => {}
            }
        }
    }
}

impl Drop for Crew<'_> {
    fn drop(&mut self) {
        self.workers.iter().for_each(|worker| bury(worker.process));
    }
}

fn number(lot: u64) -> usize {
    usize::try_from(lot % WORKERS as u64).unwrap_or(0)
}

/// They are children of this process and not collected yet, so their numbers are still theirs.
fn signal(process: Process, signal: Signal) {
    if let Some(id) = Pid::from_raw(process.id()) {
        // One that has just ended needs no signal.
        let _ended = kill_process(id, signal);
    }
}

fn bury(process: Process) {
    signal(process, Signal::KILL);
    if let Some(id) = Pid::from_raw(process.id()) {
        let _collected = waitpid(Some(id), WaitOptions::empty());
    }
}

fn is_stopped(process: Process) -> bool {
    let stat = files::read(Path::new(&format!("/proc/{}/stat", process.id()))).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('T'))
}
