//! A linter of IAM policies, so that "least privilege" is not the word of our evaluator alone.
//!
//! Tests find its program in `PILOTAGE_TEST_PARLIAMENT` and run it themselves: it needs no network
//! and nothing that would have to run in between.

use pilotage_xtask::system::{Handle, Host, Lack, NotRun, Package, System};

/// The linter, a Python program.
#[derive(Debug)]
pub(crate) struct Parliament;

impl System for Parliament {
    fn name(&self) -> &'static str {
        "parliament"
    }

    fn why(&self) -> &'static str {
        "derived IAM policies under a linter"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Pip("parliament", "1.6.4")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.python(self.name(), self.name()).map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let program = host.python(self.name(), self.name()).map_err(NotRun::because)?;
        let program = program.display().to_string();
        Ok(Handle::new(self.name()).env("PILOTAGE_TEST_PARLIAMENT", program))
    }
}

#[cfg(test)]
mod tests {
    use pilotage_xtask::files;

    use super::*;
    use crate::here::Here;

    #[test]
    fn it_is_found_in_its_environment_and_named_to_the_tests() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut host = Here::discover().host;
        host.cache = folder.path().to_path_buf();
        assert_eq!(Parliament.find(&host), Err(Lack::Program("parliament".into())));
        let program = folder.path().join("python/parliament/bin/parliament");
        files::write(&program, "").expect("it can be written");
        let handle = Parliament.start(&host).expect("there is nothing to start");
        assert_eq!(handle.variables()["PILOTAGE_TEST_PARLIAMENT"], program.display().to_string());
        handle.stop().expect("there is nothing to stop");
    }
}
