//! Who started this process, and who started that.
//!
//! What a CI runner cancels is the process that it started itself, which is seldom this one: a
//! script host starts a shell, and the shell starts this. If the host ends, the shell lives on, and
//! with it the parent of this process; it is the shell that has lost its own. So every ancestor
//! counts.
//!
//! Only ancestors in the session of this process count: what is beyond, such as the terminal
//! emulator of a login shell, may end without meaning anything.

use rustix::process::{Pid, getppid};

/// More ancestors than any runner has put between itself and a step.
const MOST: usize = 64;

/// The ancestors of this process, the nearest first; it changes when one of them ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lineage(Vec<Pid>);

impl Lineage {
    /// As it is now. Where the system does not tell of others, it is the parent alone.
    pub(crate) fn now() -> Self {
        let session = Kin::of("self").map(|kin| kin.session);
        let beyond = |pid: &Pid| {
            let parent = kin(*pid)?.parent?;
            (session.is_some() && kin(parent).map(|kin| kin.session) == session).then_some(parent)
        };
        Self(std::iter::successors(getppid(), beyond).take(MOST).collect())
    }
}

/// Where a process belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kin {
    parent: Option<Pid>,
    /// Zero if whoever leads it is in another container.
    session: u32,
}

fn kin(pid: Pid) -> Option<Kin> {
    Kin::of(&pid.as_raw_nonzero().to_string())
}

impl Kin {
    /// Of this process, if there is one and the system tells.
    #[expect(clippy::disallowed_methods, reason = "the system tells of processes through files")]
    fn of(process: &str) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
    }

    /// What follows the name of the program and one letter for its state: parent, group, session.
    fn parse(stat: &str) -> Option<Self> {
        let (_, after_name) = stat.rsplit_once(") ")?;
        let mut fields = after_name.split(' ').skip(1);
        let parent = fields.next()?.parse().ok().and_then(Pid::from_raw);
        let session = fields.nth(1)?.parse().ok()?;
        Some(Self { parent, session })
    }
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
        let kin = |stat| Kin::parse(stat).map(|kin| (kin.parent.map(Pid::as_raw_pid), kin.session));
        assert_eq!(kin("7 (bash) S 42 7 5 0 -1"), Some((Some(42), 5)));
        assert_eq!(kin("7 (a ) S 1 (b) R 42 7 5 0"), Some((Some(42), 5)));
        assert_eq!(kin("1 (init) S 0 1 0 0"), Some((None, 0)));
        assert_eq!(kin(""), None);
    }
}
