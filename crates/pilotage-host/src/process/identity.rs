//! Who a process is: its id together with when it began, as an id alone is used again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::os;

/// The variable by which a process is known before its id has been recorded.
pub(super) const LAUNCH_VARIABLE: &str = "PILOTAGE_LAUNCH";
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// One process of one boot of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub(super) pid: u32,
    /// Clock ticks from boot to the start of the process.
    began: u64,
    boot: String,
}

impl Identity {
    /// The process that has this id now, even if it has ended and only waits to be reaped.
    pub(super) fn of(pid: u32) -> Option<Self> {
        Self::look(pid).map(|(identity, _)| identity)
    }

    /// Whether this very process runs.
    pub(super) fn is_alive(&self) -> bool {
        Self::look(self.pid).is_some_and(|(found, state)| found == *self && !has_ended(state))
    }

    fn look(pid: u32) -> Option<(Self, char)> {
        let stat = read_text(&format!("/proc/{pid}/stat"))?;
        let (state, began) = state_and_start(&stat)?;
        let boot = read_text(BOOT_ID)?.trim().to_owned();
        Some((Self { pid, began, boot }, state))
    }

    /// The group leader that was started with this launch mark, if it runs. Its descendants carry
    /// the mark as well but do not lead the group.
    pub(super) fn by_launch(mark: &str) -> Option<Self> {
        let wanted = format!("{LAUNCH_VARIABLE}={mark}");
        let pids =
            os::names_in(Path::new("/proc")).ok()?.into_iter().filter_map(|n| n.parse().ok());
        pids.filter(|pid| leads_its_group(*pid))
            .find(|pid| has_variable(*pid, wanted.as_bytes()))
            .and_then(Self::of)
    }
}

fn has_ended(state: char) -> bool {
    matches!(state, 'Z' | 'X')
}

fn read_text(path: &str) -> Option<String> {
    // A process may put any bytes into its own name.
    os::read_all(Path::new(path)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The fields after the name, which is in parentheses and may itself contain any.
fn fields_after_name(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_ascii_whitespace()
}

/// Fields 3 and 22 of `/proc/<pid>/stat`.
fn state_and_start(stat: &str) -> Option<(char, u64)> {
    let mut fields = fields_after_name(stat);
    let state = fields.next()?.chars().next()?;
    let began = fields.nth(18)?.parse().ok()?;
    Some((state, began))
}

fn leads_its_group(pid: u32) -> bool {
    let Some(stat) = read_text(&format!("/proc/{pid}/stat")) else { return false };
    fields_after_name(&stat).nth(2).and_then(|group| group.parse().ok()) == Some(pid)
}

fn has_variable(pid: u32, wanted: &[u8]) -> bool {
    os::read_all(Path::new(&format!("/proc/{pid}/environ")))
        .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|pair| pair == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_hides_nothing() {
        let stat = "7 (a) R 1 (b) S 1 7 7 0 -1 4 1 0 0 0 0 0 0 0 20 0 1 0 78625 1 1";
        assert_eq!(state_and_start(stat), Some(('S', 78_625)));
        assert_eq!(state_and_start("7 (cut off) S 1"), None);
    }

    #[test]
    fn this_process_is_itself_and_not_one_that_began_at_another_time() {
        let own = Identity::of(std::process::id()).expect("running");
        assert!(own.is_alive());
        let stranger = Identity { began: own.began + 1, ..own.clone() };
        assert!(!stranger.is_alive(), "the id was used again");
        let before_boot = Identity { boot: "another".to_owned(), ..own };
        assert!(!before_boot.is_alive(), "the machine was started again");
    }
}
