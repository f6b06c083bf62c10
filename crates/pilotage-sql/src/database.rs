//! A database, by its address.

use core::fmt::{self, Debug, Formatter};
use core::str::FromStr;
use std::sync::Arc;

use pilotage_lease::LeaseStore;

use crate::mysql::{MySqlAddress, MySqlConnection};
use crate::postgres::{PostgresAddress, PostgresConnection};
use crate::store::LeaseTable;
use crate::{BadUrl, SessionError};

/// A database, by its address. It is only connected to when it is used.
#[derive(Clone)]
pub struct Database {
    pub(crate) address: Address,
}

#[derive(Clone)]
pub(crate) enum Address {
    Postgres(Box<PostgresAddress>),
    MySql(MySqlAddress),
}

impl Database {
    /// Where it is, in words for a person, without any password.
    pub fn place(&self) -> String {
        match &self.address {
            Address::Postgres(address) => address.place(),
            Address::MySql(address) => address.place(),
        }
    }

    /// The leases that it keeps, in the table `pilotage_lease`, which is made if it is not there.
    pub fn lease_store(&self) -> Arc<dyn LeaseStore> {
        match &self.address {
            Address::Postgres(address) => {
                Arc::new(LeaseTable::<PostgresConnection>::new((**address).clone()))
            }
            Address::MySql(address) => {
                Arc::new(LeaseTable::<MySqlConnection>::new(address.clone()))
            }
        }
    }

    pub(crate) async fn open(&self) -> Result<Box<dyn crate::session::Session>, SessionError> {
        match &self.address {
            Address::Postgres(address) => Ok(Box::new(crate::postgres::open(address).await?)),
            Address::MySql(address) => Ok(Box::new(crate::mysql::open(address).await?)),
        }
    }
}

impl FromStr for Database {
    type Err = BadUrl;

    fn from_str(url: &str) -> Result<Self, BadUrl> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        let address = match scheme {
            Some("postgres" | "postgresql") => Address::Postgres(Box::new(url.parse()?)),
            Some("mysql" | "mariadb") => Address::MySql(url.parse()?),
            _ => return Err(BadUrl { reason: "its scheme is none of these".into() }),
        };
        Ok(Self { address })
    }
}

impl Debug for Database {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.place()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for scheme in ["postgres", "mysql"] {
            let url = format!("{scheme}://deploy:hush@db.example:7/shop");
            let database: Database = url.parse().expect("an address");
            let shown = format!("{database:?} {:?}", database.lease_store());
            assert!(!shown.contains("hush"), "{shown}");
            assert!(shown.contains("db.example:7"), "{shown}");
        }
        for url in ["", "db.example", "sqlite://x", "postgres://h:x/y?nonsense=hush", "mysql://"] {
            let error = url.parse::<Database>().expect_err("no address").to_string();
            assert!(!error.contains("hush"), "{error}");
        }
    }
}
