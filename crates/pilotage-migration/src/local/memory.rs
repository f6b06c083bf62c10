//! Whether the kernel has killed somebody for want of memory.

use std::path::{Path, PathBuf};

use super::files;

/// The longest file of the kernel that is read here.
const LONGEST: u64 = 64 << 10;

/// How many processes of this control group were killed for want of memory, where that is told.
pub(super) fn kills() -> Option<u64> {
    let group = text(Path::new("/proc/self/cgroup"))?;
    let events = text(&events_file(&group)?)?;
    counted(&events)
}

/// The line of the unified hierarchy begins with `0::`.
fn events_file(group: &str) -> Option<PathBuf> {
    let path = group.lines().find_map(|line| line.strip_prefix("0::"))?;
    let folder = Path::new("/sys/fs/cgroup").join(path.trim_start_matches('/'));
    Some(folder.join("memory.events"))
}

fn counted(events: &str) -> Option<u64> {
    events.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok())
}

fn text(path: &Path) -> Option<String> {
    String::from_utf8(files::read_from(path, 0, LONGEST).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_of_the_own_group_is_found() {
        let group = "12:memory:/old\n0::/system.slice/job.service\n";
        let file = events_file(group).expect("there is a unified hierarchy");
        let wanted = "/sys/fs/cgroup/system.slice/job.service/memory.events";
        assert_eq!(file, Path::new(wanted));
        assert_eq!(events_file("12:memory:/old\n"), None);
        assert_eq!(counted("low 0\noom 3\noom_kill 2\noom_group_kill 0\n"), Some(2));
        assert_eq!(counted("low 0\n"), None);
    }
}
