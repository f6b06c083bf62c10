//! Packages that bring a missing program, each through its ordinary client.

use super::{Host, NotRun};
use crate::command::Cmd;
use std::fmt::{self, Display, Formatter};

/// Something to install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// A Debian package, for the whole machine; needs root.
    Apt(&'static str),
    /// A Python package at a version, into an environment of its own in the cache.
    Pip(&'static str, &'static str),
    /// A Go command at a version, into the cache.
    Go(&'static str, &'static str),
}

impl Display for Package {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apt(name) => write!(f, "Debian package `{name}`"),
            Self::Pip(name, version) => write!(f, "Python package `{name}=={version}`"),
            Self::Go(path, version) => write!(f, "Go command `{path}@{version}`"),
        }
    }
}

impl Package {
    /// What to run, in order.
    fn commands(self, host: &Host) -> Vec<Cmd> {
        match self {
            Self::Apt(name) => {
                vec![apt(&["update"]), apt(&["install", "--yes", "--no-install-recommends", name])]
            }
            Self::Pip(name, version) => {
                let folder = host.python_folder(name);
                let python = folder.join("bin/python").display().to_string();
                let package = format!("{name}=={version}");
                vec![
                    Cmd::new("python3").args(["-m", "venv"]).args([folder.display().to_string()]),
                    Cmd::new(python).args(["-m", "pip", "install", "--quiet", &package]),
                ]
            }
            Self::Go(path, version) => {
                let bin = host.cache.join("go/bin").display().to_string();
                vec![
                    Cmd::new("go")
                        .args(["install", &format!("{path}@{version}")])
                        .env("GOBIN", bin),
                ]
            }
        }
    }
}

fn apt(args: &[&str]) -> Cmd {
    Cmd::new("apt-get")
        .args(["-qq"])
        .args(args.iter().copied())
        .env("DEBIAN_FRONTEND", "noninteractive")
}

/// Installs all of these.
pub(super) fn all(packages: &[Package], host: &Host) -> Result<(), NotRun> {
    for package in packages {
        let failed = |why| NotRun::because(format!("could not install the {package}: {why}"));
        if matches!(package, Package::Apt(_)) && !host.is_root {
            return Err(failed("needs root".to_owned()));
        }
        for command in package.commands(host) {
            command.output().map_err(|error| failed(error.to_string()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::host::tests::bare;
    use super::*;

    fn lines(package: Package) -> Vec<String> {
        package.commands(&bare()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_kind_goes_through_its_own_client() {
        assert_eq!(
            lines(Package::Apt("nginx-light"))[1],
            "apt-get -qq install --yes --no-install-recommends nginx-light"
        );
        assert_eq!(
            lines(Package::Pip("moto[server]", "5.1.0")),
            [
                "python3 -m venv /nowhere/cache/python/moto",
                "python -m pip install --quiet moto[server]==5.1.0"
            ]
        );
        assert_eq!(lines(Package::Go("example.org/x", "v1")), ["go install example.org/x@v1"]);
    }

    #[test]
    fn without_root_no_package_of_the_machine_is_touched() {
        let refused = all(&[Package::Apt("nginx-light")], &bare()).expect_err("not root");
        assert!(refused.to_string().contains("needs root"), "{refused}");
    }
}
