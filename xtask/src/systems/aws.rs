//! Emulators of AWS, so that requests are built, signed, answered and refused as by AWS.
//!
//! There are two, for neither can do everything. `ministack` is the usual one: its conditional
//! writes, its signatures and its registry (with a data plane) behave like the real ones. `moto`
//! has the image scans that `ministack` lacks; its signatures are wrong, for it hashes digests once
//! more. Neither knows ECR Public nor a registry's settings.
//!
//! Tests find the address in the file that `PILOTAGE_TEST_MINISTACK` or `PILOTAGE_TEST_MOTO` names.
//! They share the emulators: each uses names of its own. Where a Docker daemon runs, the tasks of
//! `ministack` are real containers.

use std::path::Path;
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

use super::docker;

/// How long a cold start may take: both load hundreds of service models.
const PATIENCE: Duration = Duration::from_mins(1);

/// What `ministack` calls itself in the labels of its containers.
const INSTANCE: &str = "pilotage";

/// An emulator of AWS: a Python program that listens on one port.
#[derive(Debug)]
pub struct Emulator {
    name: &'static str,
    why: &'static str,
    packages: &'static [Package],
    program: &'static str,
    variable: &'static str,
    runs_containers: bool,
    command: fn(Cmd, port: u16, folder: &Path) -> Cmd,
}

/// The usual one.
pub(crate) const MINISTACK: Emulator = Emulator {
    name: "ministack",
    why: "registries, signatures and leases against AWS",
    packages: &[Package::Pip("ministack[full]", "1.5.33")],
    program: "ministack",
    variable: "PILOTAGE_TEST_MINISTACK",
    runs_containers: true,
    command: ministack,
};

/// The one with image scans.
pub const MOTO: Emulator = Emulator {
    name: "moto",
    why: "image scans of ECR",
    packages: &[Package::Pip("moto[server]", "5.2.5")],
    program: "moto_server",
    variable: "PILOTAGE_TEST_MOTO",
    runs_containers: false,
    command: moto,
};

impl System for Emulator {
    fn name(&self) -> &'static str {
        self.name
    }

    fn why(&self) -> &'static str {
        self.why
    }

    fn packages(&self) -> &'static [Package] {
        self.packages
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        host.python(self.name, self.program).map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let program = host.python(self.name, self.program).map_err(NotRun::because)?;
        let port = port::free()?;
        let prefix = format!("pilotage-{}-", self.name);
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix(&prefix).tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let handle = Handle::new(self.name).with(Resource::Folder(folder.clone()));
        let command = Cmd::new(program.display().to_string());
        let docker = docker::address(host).filter(|_| self.runs_containers);
        let (handle, command) = contained(handle, command, docker, port);
        let command = (self.command)(command, port, &folder);
        match listening(&command.folder(&folder), port, &folder) {
            Ok(process) => {
                let address = folder.join("address").display().to_string();
                let handle = handle.env(self.variable, address);
                // Keys that are good for nothing, so that no test ever uses a person's own.
                let handle = handle.env("AWS_ACCESS_KEY_ID", "test");
                let handle = handle.env("AWS_SECRET_ACCESS_KEY", "test");
                Ok(handle.with(Resource::Process(process)))
            }
            Err(reason) => handle.stop().map_err(NotRun::because).and(Err(reason)),
        }
    }
}

/// With a Docker daemon where there is one, for tasks that are real containers; `ministack` labels
/// them with its name and port, and they are taken away with it.
fn contained(handle: Handle, command: Cmd, docker: Option<String>, port: u16) -> (Handle, Cmd) {
    let Some(docker) = docker else { return (handle, command) };
    let label = Some(format!("ministack.instance={INSTANCE}:{port}"));
    let handle = handle.with(Resource::Containers { host: docker.clone(), label });
    (handle, command.env("DOCKER_HOST", docker).env("MINISTACK_HOSTNAME", INSTANCE))
}

/// Starts it and waits until it listens; stops it again where it does not.
fn listening(command: &Cmd, port: u16, folder: &Path) -> Result<Process, NotRun> {
    let address = format!("http://127.0.0.1:{port}");
    files::write(&folder.join("address"), &address).map_err(NotRun::because)?;
    let process = Process::start(command, &folder.join("log")).map_err(NotRun::because)?;
    port::wait(port, &process, PATIENCE).map(|()| process).or_else(|reason| {
        let process = Handle::new("").with(Resource::Process(process));
        process.stop().map_err(NotRun::because).and(Err(reason))
    })
}

fn ministack(command: Cmd, port: u16, folder: &Path) -> Cmd {
    command
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("TMPDIR", folder.display().to_string())
        .env("S3_DATA_DIR", folder.join("s3").display().to_string())
        // Its broker would take a fixed port; no number is its word for none.
        .env("IOT_MTLS_PORT", "0")
}

fn moto(command: Cmd, port: u16, folder: &Path) -> Cmd {
    command
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .env("TMPDIR", folder.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::Here;

    /// A machine whose emulator is this script.
    fn host(root: &Path, emulator: &Emulator, script: &str) -> Host {
        let mut host = Here::discover().host;
        host.cache = root.join("cache");
        host.temporary = root.to_path_buf();
        let bin = host.cache.join("python").join(emulator.name).join("bin");
        let program = bin.join(emulator.program);
        files::write(&program, script).expect("it can be written");
        Cmd::new("chmod").args(["+x", &program.display().to_string()]).output().expect("it can be");
        host
    }

    #[test]
    fn one_that_ends_at_once_is_told_and_leaves_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        let host = host(root.path(), &MOTO, "#!/bin/sh\nexit 1\n");
        assert_eq!(MOTO.find(&host), Ok(()));
        let reason = MOTO.start(&host).expect_err("it ends").to_string();
        assert!(reason.contains("ended before"), "{reason}");
        let left = files::walk(root.path(), &|path| !path.ends_with("cache")).expect("walked");
        assert_eq!(left, Vec::<std::path::PathBuf>::new());
    }

    #[test]
    fn one_that_listens_is_named_to_the_tests_and_ended_by_id() {
        let script = "#!/usr/bin/env python3\nimport os, socket, time\n\
            s = socket.create_server(('127.0.0.1', int(os.environ['GATEWAY_PORT'])))\n\
            time.sleep(600)\n";
        // Without Python there is no emulator either.
        if Here::discover().host.program("python3").is_err() {
            return;
        }
        let root = tempfile::tempdir().expect("a folder");
        let host = host(root.path(), &MINISTACK, script);
        let handle = MINISTACK.start(&host).expect("it listens");
        let address = Path::new(&handle.variables()["PILOTAGE_TEST_MINISTACK"]);
        assert!(files::read(address).expect("there").starts_with("http://127.0.0.1:"));
        assert!(handle.is_alive());
        handle.stop().expect("stopped");
        assert!(!handle.is_alive() && !address.exists());
    }
}
