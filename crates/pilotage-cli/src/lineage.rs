//! Who started this process, and who started that.
//!
//! What a CI runner cancels is the process that it started itself, which is seldom this one: a
//! script host starts a shell, and the shell starts this. If the host ends, the shell lives on, and
//! with it the parent of this process; it is the shell that has lost its own. So every ancestor
//! counts.
//!
//! Only ancestors in the session of this process count: what is beyond, such as the terminal
//! emulator of a login shell, may end without meaning anything.

use rustix::process::{Pid, getppid, getsid};

/// More ancestors than any runner has put between itself and a step.
const MOST: usize = 64;

/// The ancestors of this process, the nearest first; it changes when one of them ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lineage(Vec<Pid>);

impl Lineage {
    /// As it is now. Where the system does not tell of others, it is the parent alone.
    pub(crate) fn now() -> Self {
        let session = getsid(None).ok();
        let in_session = |pid: &Pid| session.is_some() && getsid(Some(*pid)).ok() == session;
        let beyond = |pid: &Pid| parent_of(*pid).filter(in_session);
        Self(std::iter::successors(getppid(), beyond).take(MOST).collect())
    }
}

/// The parent of a process, if there is such a process and the system tells.
#[expect(clippy::disallowed_methods, reason = "the system tells of processes through files")]
fn parent_of(pid: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    parse(&stat)
}

/// The fourth field, which follows the name of the program and one letter for its state.
fn parse(stat: &str) -> Option<Pid> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    after_name.split(' ').nth(1)?.parse().ok().and_then(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_the_parent_and_stays_while_nobody_ends() {
        let lineage = Lineage::now();
        assert_eq!(lineage.0.first().copied(), getppid());
        assert_eq!(lineage, Lineage::now());
        assert_ne!(lineage, Lineage::default());
    }

    #[test]
    fn a_name_may_contain_whatever_it_likes() {
        let parent = |stat| parse(stat).map(Pid::as_raw_pid);
        assert_eq!(parent("7 (bash) S 42 7 7 0 -1"), Some(42));
        assert_eq!(parent("7 (a ) S 1 (b) R 42 7"), Some(42));
        assert_eq!(parent("1 (init) S 0 1 1"), None);
        assert_eq!(parent(""), None);
    }
}
