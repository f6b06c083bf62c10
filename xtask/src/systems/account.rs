//! Servers that refuse to run as root run as an account of their own.

use std::path::Path;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::system::{Host, Lack, NotRun};

/// An account that the server's package brings. Whoever is not root runs the server themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account(pub(super) &'static str);

impl Account {
    /// What changing the account needs.
    pub(super) fn find(host: &Host) -> Result<(), Lack> {
        if !host.is_root {
            return Ok(());
        }
        host.program("setpriv")?;
        host.program("chown").map(drop)
    }

    /// The program, as this account. The program itself takes the place of what starts it, so that
    /// its number is the one to stop.
    pub(super) fn command(self, host: &Host, program: &Path) -> Cmd {
        let program = program.display().to_string();
        if !host.is_root {
            return Cmd::new(program);
        }
        let ids = [format!("--reuid={}", self.0), format!("--regid={}", self.0)];
        Cmd::new("setpriv").args(ids).args(["--init-groups".to_owned(), program])
    }

    /// Gives a folder to this account.
    pub(super) fn own(self, host: &Host, folder: &Path) -> Result<(), NotRun> {
        if !host.is_root {
            return Ok(());
        }
        let own = Cmd::new("chown").args(["-R", self.0]).args([folder.display().to_string()]);
        own.output().map(drop).map_err(NotRun::because)
    }
}
