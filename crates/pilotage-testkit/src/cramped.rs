//! A control group with little memory, in which the kernel really kills who wants more.
//!
//! It is made below the group of the test (or beside it, where the unified hierarchy wants that),
//! which not everybody may do: a test that cannot have one is reported by name as not run.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::real;

const ROOT: &str = "/sys/fs/cgroup";

/// A control group whose processes share this much memory. It is empty when it is dropped, or stays.
#[derive(Debug)]
pub struct Cramped {
    folder: PathBuf,
}

/// A way to limit memory.
struct Way {
    folder: PathBuf,
    limit: &'static str,
    /// Where memory that is written to disk is limited as well, if there is such a disk.
    with_swap: (&'static str, bool),
}

impl Cramped {
    /// A group with this many bytes; none, and a word about it, if none can be made.
    pub fn with(bytes: u64) -> Option<Self> {
        made(bytes).map_err(|reason| real::not_run("memory-limit", &reason)).ok()
    }

    /// The words before those of a program that have it run in this group.
    pub fn before(&self) -> Vec<OsString> {
        let enter = "echo $$ > \"$0\" && exec \"$@\"";
        let processes = self.folder.join("cgroup.procs");
        vec!["sh".into(), "-c".into(), enter.into(), processes.into()]
    }
}

impl Drop for Cramped {
    fn drop(&mut self) {
        // The kernel refuses this while anybody is left in it; nothing else depends on it.
        let _ = fs::remove_dir(&self.folder);
    }
}

fn made(bytes: u64) -> Result<Cramped, String> {
    let groups = read(Path::new("/proc/self/cgroup")).map_err(|error| error.to_string())?;
    let mut reason = "no hierarchy of control groups limits memory".to_owned();
    for way in ways(&groups) {
        match way.take(bytes) {
            Ok(cramped) => return Ok(cramped),
            Err(error) => reason = format!("{}: {error}", way.folder.display()),
        }
    }
    Err(reason)
}

fn ways(groups: &str) -> Vec<Way> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = || {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        format!("pilotage-test-{}-{number}", std::process::id())
    };
    let way = |line: &str| match line.split(':').collect::<Vec<_>>().as_slice() {
        ["0", "", group] => {
            let beside = Path::new(group.trim_start_matches('/')).parent().unwrap_or(Path::new(""));
            let folder = Path::new(ROOT).join(beside).join(name());
            Some(Way { folder, limit: "memory.max", with_swap: ("memory.swap.max", false) })
        }
        [_, kinds, group] if kinds.split(',').any(|kind| kind == "memory") => {
            let below = Path::new(ROOT).join("memory").join(group.trim_start_matches('/'));
            let with_swap = ("memory.memsw.limit_in_bytes", true);
            Some(Way { folder: below.join(name()), limit: "memory.limit_in_bytes", with_swap })
        }
        _ => None,
    };
    groups.lines().filter_map(way).collect()
}

impl Way {
    fn take(&self, bytes: u64) -> io::Result<Cramped> {
        fs::create_dir(&self.folder)?;
        // From here on it is taken away again, whatever comes next.
        let cramped = Cramped { folder: self.folder.clone() };
        write(&self.folder.join(self.limit), bytes)?;
        let (file, is_sum) = self.with_swap;
        let swap = self.folder.join(file);
        if swap.exists() {
            write(&swap, if is_sum { bytes } else { 0 })?;
        }
        Ok(cramped)
    }
}

#[expect(clippy::disallowed_methods, reason = "the kernel is told through files")]
fn write(file: &Path, number: u64) -> io::Result<()> {
    // One that is not there yet is made by no write of ours: the kernel makes them all.
    fs::OpenOptions::new().write(true).open(file)?;
    fs::write(file, number.to_string())
}

#[expect(clippy::disallowed_methods, reason = "the kernel tells through files")]
fn read(file: &Path) -> io::Result<String> {
    fs::read_to_string(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_made_where_memory_is_limited() {
        let groups = "5:devices:/\n4:cpu,memory:/job\n0::/system.slice/job.service\n";
        let ways: Vec<(PathBuf, &str)> = ways(groups)
            .into_iter()
            .map(|way| (way.folder.parent().expect("a parent").into(), way.limit))
            .collect();
        let below = ("/sys/fs/cgroup/memory/job".into(), "memory.limit_in_bytes");
        let beside = ("/sys/fs/cgroup/system.slice".into(), "memory.max");
        assert_eq!(ways, [below, beside]);
    }
}
