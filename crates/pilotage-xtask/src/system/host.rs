//! The machine, as far as a system may ask about it; given, so that a test can make one up.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// What systems may know of the machine.
#[derive(Debug, Clone)]
pub struct Host {
    /// The folders in which programs are looked for, in order.
    pub programs: Vec<PathBuf>,
    /// The variables by which a person brings a system, or its programs, of their own.
    pub variables: BTreeMap<String, String>,
    /// Where downloaded tools are kept between runs; never depended upon.
    pub cache: PathBuf,
    /// Where short-lived folders are made.
    pub temporary: PathBuf,
    /// Whether packages may be installed.
    pub may_install: bool,
    /// Whether the task runs as root.
    pub is_root: bool,
    /// Whether this is Linux.
    pub is_linux: bool,
}

/// What a system lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// A program, which installing its package would bring.
    Program(String),
    /// Something that this machine or user is not, which nothing can install.
    Machine(String),
}

impl Display for Lack {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(name) => write!(f, "`{name}` is not installed"),
            Self::Machine(what) => f.write_str(what),
        }
    }
}

impl Host {
    /// The path of a program.
    pub fn program(&self, name: &str) -> Result<PathBuf, Lack> {
        let candidates = self.programs.iter().map(|folder| folder.join(name));
        candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| Lack::Program(name.into()))
    }

    /// The path of a program of a Python package, in the environment that installing it makes.
    pub fn python(&self, project: &str, program: &str) -> Result<PathBuf, Lack> {
        let path = self.python_folder(project).join("bin").join(program);
        if path.is_file() { Ok(path) } else { Err(Lack::Program(program.into())) }
    }

    /// The environment of a Python package, whichever of its extras are installed.
    pub(super) fn python_folder(&self, package: &str) -> PathBuf {
        let project = package.split('[').next().unwrap_or(package);
        self.cache.join("python").join(project)
    }

    /// Requires Linux.
    pub fn linux(&self) -> Result<(), Lack> {
        require(self.is_linux, "needs Linux")
    }

    /// Requires root.
    pub fn root(&self) -> Result<(), Lack> {
        require(self.is_root, "needs root")
    }
}

fn require(holds: bool, otherwise: &str) -> Result<(), Lack> {
    if holds { Ok(()) } else { Err(Lack::Machine(otherwise.into())) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A machine that can do nothing.
    pub(crate) fn bare() -> Host {
        Host {
            programs: vec![],
            variables: BTreeMap::new(),
            cache: "/nowhere/cache".into(),
            temporary: "/nowhere/tmp".into(),
            may_install: false,
            is_root: false,
            is_linux: true,
        }
    }

    #[test]
    fn an_environment_is_named_without_extras() {
        let folder = bare().python_folder("moto[server]");
        assert_eq!(folder, bare().python_folder("moto"));
        assert_eq!(bare().python("moto", "serve"), Err(Lack::Program("serve".into())));
    }

    #[test]
    fn tells_a_missing_program_from_a_machine_that_cannot() {
        assert_eq!(bare().program("nginx"), Err(Lack::Program("nginx".into())));
        assert_eq!(bare().root(), Err(Lack::Machine("needs root".into())));
        assert_eq!(bare().linux(), Ok(()));
    }
}
