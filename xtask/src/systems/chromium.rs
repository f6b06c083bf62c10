//! A browser, so that "the report can be read" is the word of a real one.
//!
//! Tests find its program in `PILOTAGE_TEST_CHROMIUM` and start it themselves, each with a profile
//! of its own: there is nothing that would have to run in between.

use std::path::PathBuf;

use pilotage_xtask::system::{Handle, Host, Lack, NotRun, Package, System};

/// Chromium without a window.
#[derive(Debug)]
pub(crate) struct Chromium;

/// The names under which systems install it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

impl System for Chromium {
    fn name(&self) -> &'static str {
        "chromium"
    }

    fn why(&self) -> &'static str {
        "the HTML report in a browser"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("chromium")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        program(host).map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let program = program(host).map_err(NotRun::because)?.display().to_string();
        Ok(Handle::new(self.name()).env("PILOTAGE_TEST_CHROMIUM", program))
    }
}

/// The first of the names that is there; if none is, the one that installing would bring.
fn program(host: &Host) -> Result<PathBuf, Lack> {
    let [usual, others @ ..] = NAMES;
    let found = host.program(usual);
    others
        .iter()
        .fold(found, |found, name| found.or_else(|lack| host.program(name).map_err(|_| lack)))
}

#[cfg(test)]
mod tests {
    use pilotage_xtask::files;

    use super::*;
    use crate::here::Here;

    #[test]
    fn it_is_found_under_any_of_its_names_and_named_to_the_tests() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut host = Here::discover().host;
        host.programs = vec![folder.path().to_path_buf()];
        let lack = Lack::Program("chromium".into());
        assert_eq!(Chromium.find(&host), Err(lack));
        let program = folder.path().join("google-chrome");
        files::write(&program, "").expect("it can be written");
        let handle = Chromium.start(&host).expect("there is nothing to start");
        assert_eq!(handle.variables()["PILOTAGE_TEST_CHROMIUM"], program.display().to_string());
        handle.stop().expect("there is nothing to stop");
    }
}
