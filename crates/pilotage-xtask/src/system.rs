//! Real systems that tests need: a database, a web server, a disk that is full.
//!
//! A [`System`] says what it is called, why tests want it, what it needs on the machine and how
//! it starts. Starting gives a [`Handle`]: the variables that tests need, and the resources that
//! stopping takes away again, each known by id. Handles are kept in a [`Ledger`] on disk, so that
//! another process (`env down`, or the next run after a crash) can stop what this one started and
//! nothing else.
//!
//! A system that cannot be had is an answer with a reason ([`NotRun`]), never an error and never
//! silence. Adding a system is one file with one implementation of the trait.

mod containers;
mod handle;
mod host;
mod install;
mod lab;
mod ledger;
pub mod port;
mod process;

pub use handle::{Handle, Resource};
pub use host::{Host, Lack};
pub use install::Package;
pub use lab::{Lab, Status};
pub use ledger::Ledger;
pub use process::Process;

use std::fmt::{self, Debug, Display, Formatter};

/// A real system that tests need.
pub trait System: Debug {
    /// The short name by which tests and people call it.
    fn name(&self) -> &'static str;

    /// Why the tests want the real thing, as an ending of "needed for ...".
    fn why(&self) -> &'static str;

    /// What can be installed for it, where installing is allowed.
    fn packages(&self) -> &'static [Package] {
        &[]
    }

    /// Looks for what it needs; touches nothing.
    fn find(&self, host: &Host) -> Result<(), Lack>;

    /// Starts it.
    ///
    /// It returns once the system can be used. On failure nothing is left behind.
    fn start(&self, host: &Host) -> Result<Handle, NotRun>;
}

/// Why a system does not run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun(String);

impl NotRun {
    /// A reason, as an ending of "not run: NAME: ...".
    pub fn because(reason: impl Display) -> Self {
        Self(reason.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl Display for NotRun {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Finds a system, or installs what it lacks, and starts it.
fn bring_up(system: &dyn System, host: &Host) -> Result<Handle, NotRun> {
    match system.find(host) {
        Ok(()) => {}
        Err(Lack::Program(_)) if host.may_install && !system.packages().is_empty() => {
            install::all(system.packages(), host)?;
            system.find(host).map_err(NotRun::because)?;
        }
        Err(lack) => return Err(NotRun::because(lack)),
    }
    system.start(host)
}
