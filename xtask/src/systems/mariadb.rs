//! A MariaDB, and a second one that is read-only as a replica is.
//!
//! Tests find the address in the file that `PILOTAGE_TEST_MARIADB` names, and that of the
//! read-only one in `PILOTAGE_TEST_MARIADB_READ_ONLY`. They share both.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

use super::account::Account;

/// A MariaDB.
#[derive(Debug)]
pub(crate) struct MariaDb;

const PATIENCE: Duration = Duration::from_mins(1);
const ACCOUNT: Account = Account("mysql");

/// The first thing that a server of ours does: a database and a user, for this machine alone.
const BEGINNING: &str = "create database shop;\n\
    create user 'deploy'@'127.0.0.1' identified by 'pilotage';\n\
    create user 'deploy'@'localhost' identified by 'pilotage';\n\
    grant all on *.* to 'deploy'@'127.0.0.1';\n\
    grant all on *.* to 'deploy'@'localhost';\n";

impl System for MariaDb {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn why(&self) -> &'static str {
        "leases and session locks in MariaDB"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("mariadb-server")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        Account::find(host)?;
        server(host)?;
        host.program("mariadb-install-db").map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("pilotage-mariadb-").tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let mut handle = Handle::new(self.name()).with(Resource::Folder(folder.clone()));
        let servers: [(&str, &str, &[&str]); 2] = [
            ("data", "PILOTAGE_TEST_MARIADB", &[]),
            ("read-only", "PILOTAGE_TEST_MARIADB_READ_ONLY", &["--read-only=1"]),
        ];
        for (name, variable, extra) in servers {
            let data = folder.join(name);
            match initialise(host, &data).and_then(|()| serve(host, &data, extra)) {
                Ok((address, process)) => {
                    handle = handle.with(Resource::Process(process)).env(variable, address);
                }
                Err(reason) => return handle.stop().map_err(NotRun::because).and(Err(reason)),
            }
        }
        Ok(handle)
    }
}

fn initialise(host: &Host, data: &Path) -> Result<(), NotRun> {
    let install = host.program("mariadb-install-db").map_err(NotRun::because)?;
    let make = Cmd::new(install.display().to_string()).args([
        "--no-defaults",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
        "--innodb-log-file-size=10M",
        &format!("--datadir={}", data.display()),
    ]);
    make.output().map_err(NotRun::because)?;
    files::write(&data.with_extension("sql"), BEGINNING).map_err(NotRun::because)?;
    // The folder around it as well: the server has to pass through it.
    ACCOUNT.own(host, data.parent().unwrap_or(data))
}

/// Starts a server on these data; gives the file with its address.
fn serve(host: &Host, data: &Path, extra: &[&str]) -> Result<(String, Process), NotRun> {
    let port = port::free()?;
    let program = server(host).map_err(NotRun::because)?;
    let path = |extension: &str| data.with_extension(extension).display().to_string();
    let command = ACCOUNT.command(host, &program).args([
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        format!("--socket={}", path("sock")),
        format!("--pid-file={}", path("pid")),
        format!("--init-file={}", path("sql")),
        format!("--port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--innodb-log-file-size=10M".to_owned(),
    ]);
    let command = command.args(extra.iter().copied());
    let process = Process::start(&command, &data.with_extension("log")).map_err(NotRun::because)?;
    let address = data.with_extension("address");
    let url = format!("mysql://deploy:pilotage@127.0.0.1:{port}/shop");
    port::wait(port, &process, PATIENCE)
        .and_then(|()| files::write(&address, &url).map_err(NotRun::because))
        .map(|()| (address.display().to_string(), process))
        .or_else(|reason| {
            let process = Handle::new("").with(Resource::Process(process));
            process.stop().map_err(NotRun::because).and(Err(reason))
        })
}

fn server(host: &Host) -> Result<PathBuf, Lack> {
    host.program("mariadbd")
}
