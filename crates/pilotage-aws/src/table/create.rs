//! Creating a table, once, and waiting until it can be used.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    TableDescription, TableStatus,
};
use pilotage_clock::Clock;
use pilotage_rollout::Span;

use super::{Keys, Table};
use crate::failure::{Call, Failure, failed};

/// A table that could not be created, or that is not the one that is needed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A call failed.
    #[error(transparent)]
    Failed(Box<Failure>),
    /// The request cannot be written down.
    #[error("the table `{table}` cannot be asked for")]
    Unwritable {
        /// Which table.
        table: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is a table of this name for something else.
    #[error(
        "the table `{table}` is there and has the keys {found} instead of {needed}: something else \
         is kept in it; choose another name"
    )]
    Other {
        /// Which table.
        table: String,
        /// The keys that it has.
        found: String,
        /// The keys that it needs to have.
        needed: String,
    },
    /// It was created and could not be used in time.
    #[error(
        "the table `{table}` cannot be used {waited} after it was asked for; its status is `{status}`: look at it again later"
    )]
    Slow {
        /// Which table.
        table: String,
        /// How long it was waited for.
        waited: Span,
        /// The last status that was seen.
        status: String,
    },
}

impl TableError {
    /// Whether it stays so until a person changes something.
    pub fn stays(&self) -> bool {
        match self {
            Self::Failed(failure) => failure.kind().stays(),
            Self::Slow { .. } => false,
            Self::Unwritable { .. } | Self::Other { .. } => true,
        }
    }
}

impl From<Failure> for TableError {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

const PATIENCE: Span = Span::from_secs(90);
const PAUSE: Span = Span::from_millis(500);

/// Creates the table, paid by request and protected from deletion; one that is already there and
/// has the right keys is left as it is. Says whether it was created by this call.
pub(crate) async fn create(table: &Table, clock: &dyn Clock) -> Result<bool, TableError> {
    let unwritable = |why: BuildError| TableError::Unwritable {
        table: table.name.to_string(),
        source: Box::new(why),
    };
    let mut asked = table.client.create_table().table_name(table.name.as_str());
    for (name, kind) in named(table.keys) {
        let element = KeySchemaElement::builder().attribute_name(name).key_type(kind);
        let attribute = AttributeDefinition::builder().attribute_name(name);
        let attribute = attribute.attribute_type(ScalarAttributeType::S);
        asked = asked
            .key_schema(element.build().map_err(unwritable)?)
            .attribute_definitions(attribute.build().map_err(unwritable)?);
    }
    let asked = asked.billing_mode(BillingMode::PayPerRequest).deletion_protection_enabled(true);
    let answer =
        asked.send().await.map_err(|error| failed(call(table, "dynamodb:CreateTable"), error));
    let made = match answer {
        Ok(_) => true,
        Err(failure) if failure.code() == Some("ResourceInUseException") => false,
        Err(failure) => return Err(failure.into()),
    };
    ready(table, clock).await.map(|()| made)
}

/// Waits until the table can be used.
async fn ready(table: &Table, clock: &dyn Clock) -> Result<(), TableError> {
    let since = clock.elapsed();
    loop {
        let description = describe(table).await?;
        compare(table, &description)?;
        let status = description.table_status;
        if status == Some(TableStatus::Active) {
            return Ok(());
        }
        let waited = clock.elapsed().as_millis().saturating_sub(since.as_millis());
        let waited = Span::from_millis(waited);
        if waited > PATIENCE {
            let status = status.map(|status| status.to_string()).unwrap_or_default();
            return Err(TableError::Slow { table: table.name.to_string(), waited, status });
        }
        clock.sleep(PAUSE).await;
    }
}

async fn describe(table: &Table) -> Result<TableDescription, Failure> {
    let asked = table.client.describe_table().table_name(table.name.as_str()).send().await;
    let call = call(table, "dynamodb:DescribeTable");
    let answer = asked.map_err(|error| failed(call.clone(), error))?;
    answer.table.ok_or_else(|| Failure::unreadable(call, "it describes no table"))
}

fn compare(table: &Table, description: &TableDescription) -> Result<(), TableError> {
    let found: Vec<_> = description
        .key_schema()
        .iter()
        .map(|element| (element.attribute_name(), element.key_type().clone()))
        .collect();
    let needed: Vec<_> = named(table.keys).collect();
    if found == needed {
        return Ok(());
    }
    let (found, needed) = (listed(&found), listed(&needed));
    Err(TableError::Other { table: table.name.to_string(), found, needed })
}

fn named(keys: Keys) -> impl Iterator<Item = (&'static str, KeyType)> {
    let range = keys.range.map(|range| (range, KeyType::Range));
    [(keys.hash, KeyType::Hash)].into_iter().chain(range)
}

fn listed(keys: &[(&str, KeyType)]) -> String {
    let keys: Vec<String> = keys.iter().map(|(name, kind)| format!("`{name}` ({kind})")).collect();
    keys.join(" and ")
}

fn call(table: &Table, action: &'static str) -> Call {
    Call::new(action, table.place())
}
