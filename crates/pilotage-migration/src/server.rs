//! Which database server the statements are for: what locks and rewrites depends on its version.
//!
//! A [`Server`] that exists is one that the rules know: Postgres 12 to 18, MySQL 5.7 to 9, MariaDB
//! 10.5 to 11. It deliberately does not ask a server: the lint runs where there is none.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

/// Whose SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
}

impl Engine {
    /// Its name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }
}

/// The number of a version: major, minor, patch.
pub type Number = (u16, u16, u16);

/// A database server of a version that the rules know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Server {
    engine: Engine,
    version: Number,
}

impl Server {
    /// Whose SQL it is.
    pub const fn engine(self) -> Engine {
        self.engine
    }

    /// Its version.
    pub const fn version(self) -> Number {
        self.version
    }

    /// Whether it is at least this version.
    pub fn is_at_least(self, major: u16, minor: u16, patch: u16) -> bool {
        self.version >= (major, minor, patch)
    }

    /// Whether it is a Postgres.
    pub const fn is_postgres(self) -> bool {
        matches!(self.engine, Engine::Postgres)
    }

    /// The number that its executable comments (`/*!80029 ... */`) are compared with.
    pub(crate) fn comment_number(self) -> u32 {
        let (major, minor, patch) = self.version;
        u32::from(major) * 10_000 + u32::from(minor) * 100 + u32::from(patch)
    }
}

/// The text names no server that the rules know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is no server that the rules know: use `postgres@12` to `@18`, `mysql@5.7` to `@9` or \
     `mariadb@10.5` to `@11`, with the patch if it matters (`mysql@8.0.29`)"
)]
pub struct UnknownServer {
    given: String,
}

impl FromStr for Server {
    type Err = UnknownServer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| UnknownServer { given: text.into() })
    }
}

fn parse(text: &str) -> Option<Server> {
    let (name, number) = text.split_once('@')?;
    let engine = match name {
        "postgres" | "postgresql" => Engine::Postgres,
        "mysql" => Engine::MySql,
        "mariadb" => Engine::MariaDb,
        _ => return None,
    };
    let version = parse_number(number)?;
    let (oldest, youngest) = match engine {
        Engine::Postgres => ((12, 0, 0), (18, u16::MAX, u16::MAX)),
        Engine::MySql => ((5, 7, 0), (9, u16::MAX, u16::MAX)),
        Engine::MariaDb => ((10, 5, 0), (11, u16::MAX, u16::MAX)),
    };
    (oldest <= version && version <= youngest).then_some(Server { engine, version })
}

fn parse_number(text: &str) -> Option<Number> {
    let mut parts = text.split('.');
    let mut part = |default| match parts.next() {
        None => default,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        Some(_) => None,
    };
    let number = (part(None)?, part(Some(0))?, part(Some(0))?);
    parts.next().is_none().then_some(number)
}

impl Display for Server {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.version;
        write!(f, "{}@{major}", self.engine.name())?;
        match (self.engine, minor, patch) {
            (_, 0, 0) => Ok(()),
            (_, minor, 0) => write!(f, ".{minor}"),
            (_, minor, patch) => write!(f, ".{minor}.{patch}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_servers_of_the_rules_and_no_others() {
        for text in ["postgres@12", "postgres@18.1", "mysql@5.7", "mysql@8.0.29", "mariadb@10.5"] {
            assert_eq!(text.parse::<Server>().map(|server| server.to_string()), Ok(text.into()));
        }
        for text in [
            "",
            "postgres",
            "postgres@11",
            "postgres@19",
            "mysql@5.6.9",
            "mysql@+8",
            "mariadb@12",
            "oracle@19",
            "mysql@8.0.29.1",
        ] {
            assert!(text.parse::<Server>().is_err(), "{text}");
        }
    }
}
