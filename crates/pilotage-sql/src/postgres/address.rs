//! Where a PostgreSQL is.

use core::str::FromStr;
use core::time::Duration;
use std::path::{Path, PathBuf};

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::BadUrl;

/// Where a PostgreSQL is, and as whom to speak to it.
///
/// `sslrootcert=FILE` names the roots that are trusted instead of those of this machine. Who asks
/// for privacy always gets a server that is the one named: `verify-ca` and `verify-full` are the
/// same here as `require`.
#[derive(Clone)]
pub(crate) struct PostgresAddress {
    config: Config,
    root: Option<PathBuf>,
}

/// A peer that says nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(25);
const CONNECT: Duration = Duration::from_secs(5);

impl PostgresAddress {
    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    /// The file of the roots that are trusted.
    pub(super) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
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
        let (url, root) = apart(url);
        let parsed = url.parse::<Config>();
        let mut config =
            parsed.map_err(|_| BadUrl { reason: "PostgreSQL cannot read it".into() })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if root.is_some() && config.get_ssl_mode() == SslMode::Prefer {
            // Whoever says whom to trust does not want to trust anybody.
            config.ssl_mode(SslMode::Require);
        }
        config
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3)
            .tcp_user_timeout(SILENCE);
        Ok(Self { config, root: root.map(PathBuf::from) })
    }
}

/// The address in the words of the driver, and the file of the roots, which it does not know.
fn apart(url: &str) -> (String, Option<String>) {
    let Some((before, query)) = url.split_once('?') else { return (url.into(), None) };
    let (mut kept, mut root) = (Vec::new(), None);
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some(("sslrootcert", path)) => root = Some(decoded(path)),
            Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
            _ => kept.push(parameter),
        }
    }
    (format!("{before}?{}", kept.join("&")), root)
}

/// A path as it was before it was put into an address.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.get(2..).unwrap_or_default().bytes());
            }
            None => bytes.extend([b"%", part.as_bytes()].concat()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_strict_modes_are_understood() {
        let address = |query: &str| -> PostgresAddress {
            format!("postgres://a@h/x?{query}").parse().expect("an address")
        };
        let strict =
            address("sslmode=verify-full&sslrootcert=%2Fetc%2Fr%20t.pem&connect_timeout=3");
        assert_eq!(strict.root(), Some(Path::new("/etc/r t.pem")));
        assert_eq!(strict.config().get_ssl_mode(), SslMode::Require);
        let rooted = address("sslrootcert=r.pem");
        assert_eq!(rooted.config().get_ssl_mode(), SslMode::Require);
        assert_eq!(address("sslmode=disable").config().get_ssl_mode(), SslMode::Disable);
        assert_eq!(address("").root(), None);
    }
}
