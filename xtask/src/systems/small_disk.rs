//! A disk of one mebibyte, so that "disk full" is the real error of a real file system.
//!
//! Tests find the folder in `PILOTAGE_TEST_SMALL_DISK`. They share it: each works in a folder of
//! its own, and frees what it filled.

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{Handle, Host, Lack, NotRun, Resource, System};

/// A memory file system of one mebibyte.
#[derive(Debug)]
pub(crate) struct SmallDisk;

impl System for SmallDisk {
    fn name(&self) -> &'static str {
        "small-disk"
    }

    fn why(&self) -> &'static str {
        "journalling on a full disk"
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        host.root()?;
        host.program("umount")?;
        host.program("mount").map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("pilotage-small-disk-").tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let path = folder.display().to_string();
        let mount =
            Cmd::new("mount").args(["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", &path]);
        if let Err(refused) = mount.output() {
            files::remove_folder(&folder).map_err(NotRun::because)?;
            return Err(NotRun::because(refused));
        }
        let handle = Handle::new(self.name()).env("PILOTAGE_TEST_SMALL_DISK", path);
        Ok(handle.with(Resource::Folder(folder.clone())).with(Resource::Mount(folder)))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pilotage_xtask::Error;

    use super::*;
    use crate::here::Here;

    #[test]
    fn it_is_small_and_goes_away_again() {
        let mut host = Here::discover().host;
        let temporary = tempfile::tempdir().expect("a folder");
        host.temporary = temporary.path().to_path_buf();
        let is_empty = || files::walk(temporary.path(), &|_| true).expect("walked").is_empty();
        let Ok(handle) =
            SmallDisk.find(&host).map_err(NotRun::because).and_then(|()| SmallDisk.start(&host))
        else {
            assert!(is_empty(), "a machine that may not mount is left as it was");
            return;
        };
        let disk = Path::new(&handle.variables()["PILOTAGE_TEST_SMALL_DISK"]);
        files::write(&disk.join("fits"), "x").expect("there is room for one byte");
        let full = files::write(&disk.join("large"), &"x".repeat(2 << 20));
        assert!(matches!(full, Err(Error::File { .. })), "two mebibytes cannot fit");
        handle.stop().expect("unmounted and removed");
        assert!(!disk.exists() && is_empty());
    }

    #[test]
    fn says_why_it_does_not_run() {
        let mut host = Here::discover().host;
        host.is_root = false;
        assert!(SmallDisk.find(&host).is_err_and(|lack| lack.to_string().starts_with("needs")));
    }
}
