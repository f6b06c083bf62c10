//! A PostgreSQL and a standby that follows it.
//!
//! Tests find the address in the file that `PILOTAGE_TEST_POSTGRES` names, and that of the standby
//! in `PILOTAGE_TEST_POSTGRES_STANDBY`. They share both: each uses names of its own. Both speak TLS
//! to whoever asks for it; `PILOTAGE_TEST_POSTGRES_ROOT` names the root that vouches for the first.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

use super::account::Account;

/// A primary and a standby.
#[derive(Debug)]
pub(crate) struct Postgres;

const PATIENCE: Duration = Duration::from_mins(1);
pub(super) const ACCOUNT: Account = Account("postgres");
/// Good for nothing but this server, which listens on this machine alone.
pub(super) const PASSWORD: &str = "pilotage";

impl System for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn why(&self) -> &'static str {
        "leases and session locks in PostgreSQL"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("postgresql")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        Account::find(host)?;
        program(host, "postgres").map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let folder = folder(self.name(), host)?;
        let handle = Handle::new(self.name()).with(Resource::Folder(folder.clone()));
        match both(host, &folder, &handle) {
            Ok(handle) => Ok(handle),
            Err((started, reason)) => started.stop().map_err(NotRun::because).and(Err(reason)),
        }
    }
}

type Failed = (Handle, NotRun);

fn both(host: &Host, folder: &Path, handle: &Handle) -> Result<Handle, Failed> {
    let (primary, standby) = (folder.join("primary"), folder.join("standby"));
    let failed = |reason| (handle.clone(), reason);
    initialise(host, &primary).map_err(failed)?;
    let (address, process) = serve(host, &primary).map_err(failed)?;
    let file = folder.join("address").display().to_string();
    let root = certificate(&primary).display().to_string();
    let handle = handle.clone().with(Resource::Process(process));
    let handle =
        handle.env("PILOTAGE_TEST_POSTGRES", file).env("PILOTAGE_TEST_POSTGRES_ROOT", root);
    let failed = |reason| (handle.clone(), reason);
    write(&folder.join("address"), &address).map_err(failed)?;
    copy(host, &address, &standby).map_err(failed)?;
    certify(host, &standby).map_err(failed)?;
    let (address, process) = serve(host, &standby).map_err(failed)?;
    let file = folder.join("standby-address");
    let handle = handle.clone().with(Resource::Process(process));
    write(&file, &address).map_err(|reason| (handle.clone(), reason))?;
    Ok(handle.env("PILOTAGE_TEST_POSTGRES_STANDBY", file.display().to_string()))
}

/// A folder that belongs to the server's account.
pub(super) fn folder(name: &str, host: &Host) -> Result<PathBuf, NotRun> {
    let mut builder = tempfile::Builder::new();
    let folder = builder.prefix(&format!("pilotage-{name}-")).tempdir_in(&host.temporary);
    let folder = folder.map_err(NotRun::because)?.keep();
    ACCOUNT.own(host, &folder)?;
    Ok(folder)
}

/// Makes an empty cluster of databases.
pub(super) fn initialise(host: &Host, data: &Path) -> Result<(), NotRun> {
    let password = data.with_extension("password");
    write(&password, PASSWORD)?;
    ACCOUNT.own(host, &password)?;
    let initdb = program(host, "initdb").map_err(NotRun::because)?;
    let init = ACCOUNT.command(host, &initdb).args([
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
        &format!("--pwfile={}", password.display()),
        &format!("--pgdata={}", data.display()),
    ]);
    init.output().map_err(NotRun::because)?;
    certify(host, data)
}

fn certificate(data: &Path) -> PathBuf {
    data.with_extension("pem")
}

/// Gives the server a certificate that vouches for itself, and a key that nobody else may read.
fn certify(host: &Host, data: &Path) -> Result<(), NotRun> {
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).map_err(NotRun::because)?;
    let (key, shown) = (data.with_extension("key"), certificate(data));
    write(&shown, &made.cert.pem())?;
    write(&key, &made.signing_key.serialize_pem())?;
    let chmod = host.program("chmod").map_err(NotRun::because)?.display().to_string();
    let secret = Cmd::new(chmod).args(["600".to_owned(), key.display().to_string()]);
    secret.output().map_err(NotRun::because)?;
    ACCOUNT.own(host, &key).and_then(|()| ACCOUNT.own(host, &shown))
}

/// Starts a server on these data and waits until it can be used.
pub(super) fn serve(host: &Host, data: &Path) -> Result<(String, Process), NotRun> {
    let port = port::free()?;
    let postgres = program(host, "postgres").map_err(NotRun::because)?;
    let number = port.to_string();
    let (root, key) = (certificate(data), data.with_extension("key"));
    let command = ACCOUNT.command(host, &postgres).args([
        "-D",
        &data.display().to_string(),
        "-p",
        &number,
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "wal_level=replica",
        "-c",
        "max_connections=200",
        "-c",
        "ssl=on",
        "-c",
        &format!("ssl_cert_file={}", root.display()),
        "-c",
        &format!("ssl_key_file={}", key.display()),
    ]);
    let log = data.with_extension("log");
    let process = Process::start(&command, &log).map_err(NotRun::because)?;
    let ready = program(host, "pg_isready").map_err(NotRun::because)?.display().to_string();
    let ready = Cmd::new(ready).args(["-q", "-h", "127.0.0.1", "-p", &number]);
    // A server listens a moment before it lets anybody in.
    let lets_in = || ready.output().is_ok();
    let waited = port::wait(port, &process, PATIENCE)
        .and_then(|()| port::wait_until(&process, PATIENCE, "let anybody in", lets_in));
    waited.map(|()| (address(port), process)).or_else(|reason| {
        let process = Handle::new("").with(Resource::Process(process));
        process.stop().map_err(NotRun::because).and(Err(reason))
    })
}

fn address(port: u16) -> String {
    format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/postgres?sslmode=disable")
}

/// Makes a standby of a server.
fn copy(host: &Host, address: &str, data: &Path) -> Result<(), NotRun> {
    let backup = program(host, "pg_basebackup").map_err(NotRun::because)?;
    let data = data.display().to_string();
    let arguments = ["--write-recovery-conf", "--no-sync", "--checkpoint=fast", "--pgdata", &data];
    let command = ACCOUNT.command(host, &backup).args(arguments);
    let command = command.args(["--dbname".to_owned(), address.to_owned()]);
    command.output().map(drop).map_err(NotRun::because)
}

/// Debian keeps the programs of each version apart, and off the path.
pub(super) fn program(host: &Host, name: &str) -> Result<PathBuf, Lack> {
    let versions = (12..=19).rev().map(|version| format!("/usr/lib/postgresql/{version}/bin"));
    let debian = versions.map(|folder| Path::new(&folder).join(name)).find(|path| path.is_file());
    debian.map_or_else(|| host.program(name), Ok)
}

fn write(path: &Path, text: &str) -> Result<(), NotRun> {
    files::write(path, text).map_err(NotRun::because)
}
