//! Brings up all the systems that can be had, and takes down those that it brought up.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::{Host, Ledger, NotRun, System, bring_up};
use crate::{Error, interrupt, terminal};

/// The systems of one run.
///
/// Dropping a lab stops what it started, so that an error on the way does not leave anything
/// running; call [`Lab::down`] where a failure to stop can be reported.
#[derive(Debug)]
pub struct Lab<'a> {
    ledger: &'a mut Ledger,
    started: Vec<&'static str>,
    statuses: Vec<Status>,
}

/// What became of one system; prints as `run: NAME` or `not run: NAME: reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The name of the system.
    pub system: &'static str,
    /// Whether it runs, or why not.
    pub outcome: Result<(), NotRun>,
}

impl Display for Status {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(()) => write!(f, "run: {}", self.system),
            Err(reason) => write!(f, "not run: {}: {reason}", self.system),
        }
    }
}

impl<'a> Lab<'a> {
    /// Brings up what can be had, in this order; each system is told the variables of those before
    /// it. What the ledger lists as running is used and left alone.
    pub fn up(systems: &[&dyn System], host: &Host, ledger: &'a mut Ledger) -> Result<Self, Error> {
        let mut lab = Self { ledger, started: Vec::new(), statuses: Vec::new() };
        for system in systems {
            let outcome = lab.bring_up(*system, host)?;
            lab.statuses.push(Status { system: system.name(), outcome });
            if interrupt::raised() {
                return Err(Error::Interrupted { during: format!("start of {}", system.name()) });
            }
        }
        Ok(lab)
    }

    fn bring_up(&mut self, system: &dyn System, host: &Host) -> Result<Result<(), NotRun>, Error> {
        match self.ledger.get(system.name()) {
            Some(handle) if handle.is_alive() => return Ok(Ok(())),
            Some(_) => self.ledger.stop(system.name())?,
            None => {}
        }
        // What runs already is known to what starts later, and may be used by it.
        let mut host = host.clone();
        host.variables.extend(self.variables());
        match bring_up(system, &host) {
            Ok(handle) => self.ledger.add(handle)?,
            Err(reason) => return Ok(Err(reason)),
        }
        self.started.push(system.name());
        Ok(Ok(()))
    }

    /// What became of each system.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// The variables that the tests need, of all systems that run.
    pub fn variables(&self) -> BTreeMap<String, String> {
        self.ledger.handles().iter().flat_map(|handle| handle.variables().clone()).collect()
    }

    /// Leaves everything running, for `env down` to stop.
    pub fn leave_up(mut self) {
        self.started.clear();
    }

    /// Stops what this lab started, going on after a failure; the first failure is returned.
    pub fn down(mut self) -> Result<(), Error> {
        self.stop_started()
    }

    fn stop_started(&mut self) -> Result<(), Error> {
        let mut result = Ok(());
        while let Some(system) = self.started.pop() {
            result = result.and(self.ledger.stop(system));
        }
        result
    }
}

impl Drop for Lab<'_> {
    fn drop(&mut self) {
        if let Err(still_listed) = self.stop_started() {
            terminal::note(format!("warning: {still_listed}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::host::tests::bare;
    use super::super::{Handle, Lack, Resource};
    use super::*;
    use crate::files;

    /// A system whose only effect is a folder, so that a test can see whether it runs.
    #[derive(Debug)]
    struct Marker {
        name: &'static str,
        folder: PathBuf,
        found: Result<(), Lack>,
    }

    impl Marker {
        fn new(name: &'static str, root: &Path) -> Self {
            Self { name, folder: root.join(name), found: Ok(()) }
        }
    }

    impl System for Marker {
        fn name(&self) -> &'static str {
            self.name
        }

        fn why(&self) -> &'static str {
            "the tests of the lab"
        }

        fn find(&self, _: &Host) -> Result<(), Lack> {
            self.found.clone()
        }

        fn start(&self, _: &Host) -> Result<Handle, NotRun> {
            files::write(&self.folder.join("here"), "").map_err(NotRun::because)?;
            let handle = Handle::new(self.name).env(self.name, "up");
            Ok(handle.with(Resource::Folder(self.folder.clone())))
        }
    }

    fn ledger(root: &Path) -> Ledger {
        Ledger::open(&root.join("env.json")).expect("no damage")
    }

    #[test]
    fn says_what_runs_and_why_the_rest_does_not() {
        let root = tempfile::tempdir().expect("a folder");
        let a = Marker::new("a", root.path());
        let found = Err(Lack::Machine("needs root".into()));
        let b = Marker { found, ..Marker::new("b", root.path()) };
        let mut ledger = ledger(root.path());
        let lab = Lab::up(&[&a, &b], &bare(), &mut ledger).expect("up");
        let said: Vec<String> = lab.statuses().iter().map(ToString::to_string).collect();
        assert_eq!(said, ["run: a", "not run: b: needs root"]);
        assert_eq!(lab.variables(), BTreeMap::from([("a".into(), "up".into())]));
        lab.down().expect("down");
        assert!(!a.folder.exists());
    }

    #[test]
    fn an_error_on_the_way_leaves_nothing_running() {
        let root = tempfile::tempdir().expect("a folder");
        let a = Marker::new("a", root.path());
        let mut ledger = ledger(root.path());
        drop(Lab::up(&[&a], &bare(), &mut ledger).expect("up"));
        assert!(!a.folder.exists() && ledger.handles().is_empty());
    }

    #[test]
    fn what_was_up_before_is_used_and_stays_up() {
        let root = tempfile::tempdir().expect("a folder");
        let a = Marker::new("a", root.path());
        Lab::up(&[&a], &bare(), &mut ledger(root.path())).expect("up").leave_up();
        let mut later = ledger(root.path());
        Lab::up(&[&a], &bare(), &mut later).expect("used").down().expect("left alone");
        assert!(a.folder.exists());
        later.stop("a").expect("stopped by name");
        assert!(!a.folder.exists());
    }

    #[test]
    fn what_died_is_started_anew() {
        let root = tempfile::tempdir().expect("a folder");
        let a = Marker::new("a", root.path());
        Lab::up(&[&a], &bare(), &mut ledger(root.path())).expect("up").leave_up();
        files::remove_folder(&a.folder).expect("it dies");
        let mut later = ledger(root.path());
        let lab = Lab::up(&[&a], &bare(), &mut later).expect("up again");
        assert!(a.folder.exists());
        lab.down().expect("down");
        assert!(!a.folder.exists());
    }
}
