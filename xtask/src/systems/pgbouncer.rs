//! PgBouncer in transaction mode before a PostgreSQL of its own: the usual trap for locks.
//!
//! Tests find its address in the file that `PILOTAGE_TEST_PGBOUNCER` names.

use std::path::Path;
use std::time::Duration;

use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

use super::account::Account;
use super::postgres::{self, ACCOUNT, PASSWORD};

/// PgBouncer in transaction mode.
#[derive(Debug)]
pub(crate) struct PgBouncer;

const PATIENCE: Duration = Duration::from_mins(1);

impl System for PgBouncer {
    fn name(&self) -> &'static str {
        "pgbouncer"
    }

    fn why(&self) -> &'static str {
        "refusing a pooler that shares sessions"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("postgresql"), Package::Apt("pgbouncer")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        host.linux()?;
        Account::find(host)?;
        postgres::program(host, "postgres")?;
        host.program("pgbouncer").map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        let folder = postgres::folder(self.name(), host)?;
        let handle = Handle::new(self.name()).with(Resource::Folder(folder.clone()));
        let data = folder.join("data");
        let server = postgres::initialise(host, &data).and_then(|()| postgres::serve(host, &data));
        let (address, server) = match server {
            Ok(server) => server,
            Err(reason) => return handle.stop().map_err(NotRun::because).and(Err(reason)),
        };
        let handle = handle.with(Resource::Process(server));
        match pool(host, &folder, &address) {
            Ok(pooler) => {
                let file = folder.join("address").display().to_string();
                let handle = handle.env("PILOTAGE_TEST_PGBOUNCER", file);
                Ok(handle.with(Resource::Process(pooler)))
            }
            Err(reason) => handle.stop().map_err(NotRun::because).and(Err(reason)),
        }
    }
}

fn pool(host: &Host, folder: &Path, server: &str) -> Result<Process, NotRun> {
    let port = port::free()?;
    let server = server.rsplit_once("127.0.0.1:").map_or("", |(_, rest)| rest);
    let server = server.split('/').next().unwrap_or_default();
    let users = folder.join("users.txt");
    let settings = format!(
        "[databases]\npostgres = host=127.0.0.1 port={server} dbname=postgres\n[pgbouncer]\n\
         listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = md5\n\
         auth_file = {}\npool_mode = transaction\ndefault_pool_size = 4\n\
         ignore_startup_parameters = extra_float_digits\n",
        users.display()
    );
    let configuration = folder.join("pgbouncer.ini");
    let address =
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/postgres?sslmode=disable");
    let texts = [
        (&users, format!("\"postgres\" \"{PASSWORD}\"\n")),
        (&configuration, settings),
        (&folder.join("address"), address),
    ];
    for (path, text) in texts {
        files::write(path, &text).map_err(NotRun::because)?;
        ACCOUNT.own(host, path)?;
    }
    let program = host.program("pgbouncer").map_err(NotRun::because)?;
    let command = ACCOUNT.command(host, &program).args([configuration.display().to_string()]);
    let process = Process::start(&command, &folder.join("log")).map_err(NotRun::because)?;
    port::wait(port, &process, PATIENCE).map(|()| process).or_else(|reason| {
        let process = Handle::new("").with(Resource::Process(process));
        process.stop().map_err(NotRun::because).and(Err(reason))
    })
}
