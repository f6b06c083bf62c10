//! The two programs of a control plane: found, or built once from their released sources.
//!
//! Nobody packages a recent API server as a program. What is released are Go modules; the module
//! beside this task (`xtask/kubernetes`) names them with their hashes, and the Go module proxy has
//! them. The build takes minutes, so it happens in CI only, gives way to everything else, and is
//! kept in the cache.

use std::path::{Path, PathBuf};

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{Host, Lack, NotRun};

/// The two programs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Programs {
    pub(super) etcd: PathBuf,
    pub(super) api_server: PathBuf,
}

const MODULE: &str = include_str!("../../../kubernetes/go.mod");
const HASHES: &str = include_str!("../../../kubernetes/go.sum");

const ETCD: &str = "etcd";
const API_SERVER: &str = "kube-apiserver";
/// What they are built from.
const SOURCES: [(&str, &str); 2] =
    [(ETCD, "go.etcd.io/etcd/server/v3"), (API_SERVER, "k8s.io/kubernetes/cmd/kube-apiserver")];
/// So long a build may take, so that a slow machine still runs everything else.
const LIMIT: &str = "15m";

impl Programs {
    /// Whether they are there, or can be built.
    pub(super) fn can_be_had(host: &Host) -> Result<(), Lack> {
        if Self::find(host).is_some() {
            return Ok(());
        }
        if !host.may_install {
            return Err(Lack::Machine(format!(
                "`{API_SERVER}` and `{ETCD}` are not on `PATH`, nor in a folder that `{}` names, \
                 nor built: `CI=true cargo xtask env up kubernetes` builds them with Go",
                super::ASSETS
            )));
        }
        ["go", "timeout", "nice"].iter().try_for_each(|name| host.program(name).map(drop))
    }

    /// Those that are there, or new ones.
    pub(super) fn find_or_build(host: &Host) -> Result<Self, NotRun> {
        if let Some(found) = Self::find(host) {
            return Ok(found);
        }
        build(&folder(host)).map_err(|why| {
            NotRun::because(format!("{API_SERVER} could not be built within {LIMIT}: {why}"))
        })?;
        Self::find(host).ok_or_else(|| NotRun::because("what was built is not there"))
    }

    /// Those that somebody brings come first.
    fn find(host: &Host) -> Option<Self> {
        let assets = host.variables.get(super::ASSETS).map(|folder| Self::within(folder.as_ref()));
        let on_path = Self { etcd: program(host, ETCD), api_server: program(host, API_SERVER) };
        let built = Self::within(&folder(host));
        assets.into_iter().chain([on_path, built]).find(Self::are_there)
    }

    fn within(folder: &Path) -> Self {
        Self { etcd: folder.join(ETCD), api_server: folder.join(API_SERVER) }
    }

    fn are_there(&self) -> bool {
        self.etcd.is_file() && self.api_server.is_file()
    }
}

fn program(host: &Host, name: &str) -> PathBuf {
    host.program(name).unwrap_or_default()
}

/// Where the built ones are: a folder for each version.
fn folder(host: &Host) -> PathBuf {
    host.cache.join("kubernetes").join(version())
}

/// The version of Kubernetes that the module requires.
fn version() -> &'static str {
    let required = MODULE.lines().find_map(|line| line.strip_prefix("require k8s.io/kubernetes "));
    required.unwrap_or_default().trim()
}

/// Builds both; what a build that was cut short has compiled is there for the next one.
fn build(folder: &Path) -> Result<(), pilotage_xtask::Error> {
    let (module, compiled) = (folder.join("module"), folder.join("compiled"));
    files::write(&module.join("go.mod"), MODULE)?;
    files::write(&module.join("go.sum"), HASHES)?;
    for (name, source) in SOURCES {
        let beside = folder.join(format!("{name}.new")).display().to_string();
        go(&module, &compiled).args(["-o", &beside, source]).output()?;
        let place = folder.join(name).display().to_string();
        Cmd::new("mv").args([beside, place]).output()?;
    }
    files::remove_folder(&compiled)
}

fn go(module: &Path, compiled: &Path) -> Cmd {
    let version = version();
    let says = format!("-s -w -X k8s.io/component-base/version.gitVersion={version}");
    Cmd::new("timeout")
        .args([LIMIT, "nice", "go", "build", "-ldflags", &says])
        .folder(module)
        .env("CGO_ENABLED", "0")
        .env("GOCACHE", compiled.display().to_string())
        .env("GOFLAGS", "-mod=readonly -trimpath -buildvcs=false")
        .env("GOTOOLCHAIN", "local")
        .env("GOWORK", "off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::Here;

    /// A machine with nothing but these programs.
    fn host(root: &Path, programs: &[&str], may_install: bool) -> Host {
        let mut host = Here::discover().host;
        host.variables.clear();
        host.cache = root.join("cache");
        host.programs = vec![root.join("bin")];
        host.may_install = may_install;
        for program in programs {
            files::write(&root.join(program), "").expect("it can be written");
        }
        host
    }

    #[test]
    fn both_come_from_one_place() {
        let root = tempfile::tempdir().expect("a folder");
        let mut host = host(root.path(), &["bin/etcd", "assets/kube-apiserver"], false);
        host.variables
            .insert(super::super::ASSETS.into(), root.path().join("assets").display().to_string());
        assert_eq!(Programs::find(&host), None, "neither place has both");
        files::write(&root.path().join("assets/etcd"), "").expect("it can be written");
        let found = Programs::find_or_build(&host).expect("the folder has both now");
        assert_eq!(found, Programs::within(&root.path().join("assets")));
    }

    #[test]
    fn what_was_built_once_is_used() {
        let root = tempfile::tempdir().expect("a folder");
        let built = format!("cache/kubernetes/{}", version());
        let etcd = format!("{built}/etcd");
        let host = host(root.path(), &[&etcd, &format!("{built}/kube-apiserver")], false);
        assert_eq!(Programs::can_be_had(&host), Ok(()));
        assert!(version().starts_with("v1."), "{}", version());
    }

    #[test]
    fn nothing_is_built_without_leave_and_nothing_without_go() {
        let root = tempfile::tempdir().expect("a folder");
        let lack = Programs::can_be_had(&host(root.path(), &[], false)).expect_err("not there");
        assert!(lack.to_string().contains("CI=true cargo xtask env up kubernetes"), "{lack}");
        let lack = Programs::can_be_had(&host(root.path(), &[], true));
        assert_eq!(lack, Err(Lack::Program("go".into())));
    }
}
