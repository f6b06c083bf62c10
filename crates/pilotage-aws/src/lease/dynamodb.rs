//! Leases in a table of DynamoDB: one item for each, one conditional update for each write.
//!
//! An item has three attributes: `name` (the key), `record` (as JSON) and `version` (a random number
//! for each write, so that none comes twice). Only `dynamodb:GetItem` and `dynamodb:UpdateItem` are needed, and a policy
//! can bind them to names with `dynamodb:LeadingKeys`. A time to live must not be set: it would
//! delete records, and fences would begin anew. A global table must be written in one region only.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use pilotage_clock::Clock;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, StoreFailure, Stored, Tag, Written};

use super::outcome;
use crate::Session;
use crate::failure::{Call, Failure, Kind, failed};
use crate::table::{self, Keys, Table, TableError, TableName};

const NAME: &str = "name";
const RECORD: &str = "record";
const VERSION: &str = "version";

/// Leases in one table.
#[derive(Debug, Clone)]
pub struct DynamoLeases {
    table: Table,
}

impl DynamoLeases {
    /// Leases in this table of the session's region. Nothing is asked yet.
    pub fn new(session: &Session, table: TableName) -> Self {
        Self { table: Table::new(session, table, Keys { hash: NAME, range: None }) }
    }

    /// Creates the table, unless it is there, and waits until it can be used; says whether it was
    /// created by this call.
    pub async fn create(&self, clock: &dyn Clock) -> Result<bool, TableError> {
        table::create(&self.table, clock).await
    }

    fn call(&self, action: &'static str, name: &LeaseName) -> Call {
        Call::new(action, format!("`{name}` in {}", self.table.place()))
    }

    fn unusable(&self, failure: Failure) -> StoreFailure {
        let why = self.table.explained(&failure);
        outcome::explained(&self.place(), &why, failure)
    }

    /// One update, under the condition that the proposal names.
    fn update(
        &self,
        name: &LeaseName,
        proposal: &Proposal,
        version: &str,
    ) -> Result<UpdateItemFluentBuilder, StoreFailure> {
        let record = serde_json::to_string(&proposal.record)
            .map_err(|why| StoreFailure::from_source("a record cannot be written down", why))?;
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let update = self.table.client.update_item().table_name(self.table.name.as_str());
        let update = update
            .key(NAME, text(name.as_str()))
            .update_expression("SET #record = :record, #version = :version")
            .expression_attribute_names("#record", RECORD)
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":record", text(&record))
            .expression_attribute_values(":version", text(version));
        Ok(match &proposal.expected {
            None => update
                .condition_expression("attribute_not_exists(#name)")
                .expression_attribute_names("#name", NAME),
            Some(Tag(expected)) => update
                .condition_expression("#version = :expected")
                .expression_attribute_values(":expected", text(expected)),
        })
    }

    fn stored(
        &self,
        name: &LeaseName,
        item: &HashMap<String, AttributeValue>,
    ) -> Result<Stored, StoreFailure> {
        let record = item.get(RECORD).and_then(|value| value.as_s().ok());
        let (Some(record), Some(tag)) = (record, tag(item)) else {
            return Err(outcome::foreign(&self.place(), name.as_str(), "no record, or no version"));
        };
        let record = serde_json::from_str(record)
            .map_err(|why| outcome::foreign(&self.place(), name.as_str(), why))?;
        Ok(Stored { record, tag })
    }
}

fn tag(item: &HashMap<String, AttributeValue>) -> Option<Tag> {
    item.get(VERSION)?.as_s().ok().cloned().map(Tag)
}

#[async_trait]
impl LeaseStore for DynamoLeases {
    fn place(&self) -> String {
        self.table.place()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let key = AttributeValue::S(name.as_str().to_owned());
        let asked = self.table.client.get_item().table_name(self.table.name.as_str());
        let answer = asked.key(NAME, key).consistent_read(true).send().await;
        let answer = answer
            .map_err(|error| self.unusable(failed(self.call("dynamodb:GetItem", name), error)))?;
        answer.item.map(|item| self.stored(name, &item)).transpose()
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let version = super::write_id()?;
        let asked = self.update(name, proposal, &version)?;
        let once = Builder::new().retry_config(RetryConfig::disabled());
        match asked.customize().config_override(once).send().await {
            Ok(_) => Ok(Written::Applied(Tag(version))),
            Err(error) => match failed(self.call("dynamodb:UpdateItem", name), error) {
                failure if failure.kind() == Kind::Missing => Err(self.unusable(failure)),
                failure => outcome::of_write(&self.place(), failure),
            },
        }
    }
}
