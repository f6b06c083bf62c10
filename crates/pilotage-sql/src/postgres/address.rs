//! Where a PostgreSQL is.

use core::str::FromStr;
use core::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::BadUrl;

/// Where a PostgreSQL is, and as whom to speak to it.
#[derive(Clone)]
pub(crate) struct PostgresAddress {
    config: Config,
}

/// A peer that says nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(25);
const CONNECT: Duration = Duration::from_secs(5);

impl PostgresAddress {
    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => "localhost".into(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let name = self.config.get_dbname().or(self.config.get_user()).unwrap_or("postgres");
        format!("the PostgreSQL database `{name}` at {host}:{port}")
    }
}

impl FromStr for PostgresAddress {
    type Err = BadUrl;

    /// What the parser says is not passed on, for it may quote the password.
    fn from_str(url: &str) -> Result<Self, BadUrl> {
        let parsed = url.parse::<Config>();
        let mut config =
            parsed.map_err(|_| BadUrl { reason: "PostgreSQL cannot read it".into() })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3)
            .tcp_user_timeout(SILENCE);
        Ok(Self { config })
    }
}
