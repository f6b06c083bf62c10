//! Where a MySQL or MariaDB is.

use core::str::FromStr;
use core::time::Duration;

use mysql_async::{Opts, OptsBuilder};

use crate::BadUrl;

/// Where a MySQL or MariaDB is, and as whom to speak to it. `require_ssl=true` in the address
/// asks for privacy.
#[derive(Clone)]
pub(crate) struct MySqlAddress {
    opts: Opts,
}

const KEEPALIVE: Duration = Duration::from_secs(10);

impl MySqlAddress {
    pub(super) fn opts(&self) -> Opts {
        self.opts.clone()
    }

    pub(crate) fn place(&self) -> String {
        let name = self.opts.db_name().unwrap_or("none");
        let (host, port) = (self.opts.ip_or_hostname(), self.opts.tcp_port());
        format!("the MySQL database `{name}` at {host}:{port}")
    }
}

impl FromStr for MySqlAddress {
    type Err = BadUrl;

    /// What the parser says is not passed on, for it may quote the password.
    fn from_str(url: &str) -> Result<Self, BadUrl> {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let opts = Opts::from_url(&format!("mysql://{rest}"));
        let opts = opts.map_err(|_| BadUrl { reason: "MySQL cannot read it".into() })?;
        if opts.db_name().is_none() {
            return Err(BadUrl { reason: "it names no database".into() });
        }
        // Over a socket of this machine it would change to, the place would not be the one named.
        let opts = OptsBuilder::from_opts(opts).prefer_socket(false).tcp_keepalive(Some(KEEPALIVE));
        Ok(Self { opts: opts.into() })
    }
}
