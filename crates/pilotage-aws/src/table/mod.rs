//! A table of DynamoDB: its name, its keys, and creating it.
//!
//! What is kept in it is said by those who keep it: leases, and journals. A time to live must be set
//! for neither, and a global table must be written in one region only.

mod create;
mod name;

pub use create::TableError;
pub(crate) use create::create;
pub use name::{InvalidTable, TableName};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;

use crate::{Failure, Kind, Session, once};

/// The keys of a table, all of them texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keys {
    /// What items are spread by.
    pub(crate) hash: &'static str,
    /// What they are sorted by.
    pub(crate) range: Option<&'static str>,
}

/// A table, and how it is reached.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) client: Client,
    pub(crate) name: TableName,
    pub(crate) region: String,
    pub(crate) keys: Keys,
}

impl Table {
    /// This table of the session's region. Nothing is asked yet.
    pub(crate) fn new(session: &Session, name: TableName, keys: Keys) -> Self {
        let config = Builder::from(session.config()).timeout_config(once::timeouts()).build();
        let region = session.region().to_owned();
        Self { client: Client::from_conf(config), name, region, keys }
    }

    /// Where it is, for people.
    pub(crate) fn place(&self) -> String {
        format!("the table `{}` in {}", self.name, self.region)
    }

    /// What a failure means, with what to do where the table is not there or another one.
    pub(crate) fn explained(&self, failure: &Failure) -> String {
        match failure.kind() {
            Kind::Missing => format!("it is not there: create it with `{}`", self.command()),
            _ => failure.to_string(),
        }
    }

    /// What creates the table, for a shell.
    fn command(&self) -> String {
        let Self { name, region, keys: Keys { hash, range }, .. } = self;
        let keys = [Some((*hash, "HASH")), range.map(|range| (range, "RANGE"))];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        let each =
            |text: fn(&(&str, &str)) -> String| keys.iter().map(text).collect::<Vec<_>>().join(" ");
        let attributes = each(|(name, _)| format!("AttributeName={name},AttributeType=S"));
        let schema = each(|(name, kind)| format!("AttributeName={name},KeyType={kind}"));
        format!(
            "aws dynamodb create-table --region {region} --table-name {name} \
             --attribute-definitions {attributes} --key-schema {schema} \
             --billing-mode PAY_PER_REQUEST"
        )
    }
}
