//! Whether the kernel has killed somebody for want of memory.

use std::path::{Path, PathBuf};

use super::files;

/// The longest file of the kernel that is read here.
const LONGEST: u64 = 64 << 10;

/// How many processes of this control group were killed for want of memory, at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemoryKills(Option<u64>);

impl MemoryKills {
    /// Up to now.
    pub(super) fn now() -> Self {
        let groups = text(Path::new("/proc/self/cgroup")).unwrap_or_default();
        let counters = counters(&groups);
        Self(counters.iter().find_map(|file| counted(&text(file)?)))
    }

    /// Whether there was one since; none if the kernel does not tell.
    pub(super) fn any_since(self) -> Option<bool> {
        Some(Self::now().0? > self.0?)
    }
}

/// Where the kernel may count. Within a container the group is at the root of what can be seen,
/// whatever its name is outside.
fn counters(groups: &str) -> Vec<PathBuf> {
    let counters = groups.lines().filter_map(|line| {
        let (folder, group, file) = match line.split(':').collect::<Vec<_>>().as_slice() {
            ["0", "", group] => ("/sys/fs/cgroup", *group, "memory.events"),
            [_, kinds, group] if kinds.split(',').any(|kind| kind == "memory") => {
                ("/sys/fs/cgroup/memory", *group, "memory.oom_control")
            }
            _ => return None,
        };
        let folder = Path::new(folder);
        Some([folder.join(group.trim_start_matches('/')).join(file), folder.join(file)])
    });
    counters.flatten().collect()
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
    fn the_counter_of_the_own_group_is_looked_for_in_both_hierarchies() {
        let paths = |groups: &str| -> Vec<String> {
            counters(groups).iter().map(|path| path.display().to_string()).collect()
        };
        assert_eq!(
            paths("12:cpu:/x\n4:hugetlb,memory:/old\n0::/system.slice/job.service\n"),
            [
                "/sys/fs/cgroup/memory/old/memory.oom_control",
                "/sys/fs/cgroup/memory/memory.oom_control",
                "/sys/fs/cgroup/system.slice/job.service/memory.events",
                "/sys/fs/cgroup/memory.events",
            ]
        );
        assert_eq!(paths("1:name=systemd:/\n"), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_counted_is_not_told() {
        assert_eq!(counted("low 0\noom 3\noom_kill 2\noom_group_kill 0\n"), Some(2));
        assert_eq!(counted("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"), Some(1));
        assert_eq!(counted("low 0\n"), None);
        assert_eq!(MemoryKills(None).any_since(), None);
    }
}
