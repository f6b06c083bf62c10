//! Reading journals, and which there are.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use pilotage_driver::role::{StoreError, nameable};
use pilotage_rollout::journal::RunId;

use super::{DynamoJournals, JOURNAL, LINE, PART, failure};
use crate::failure::failed;
use crate::journal::LARGEST;

impl DynamoJournals {
    /// The lines of a journal, one after the other.
    pub(super) async fn read(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        let mut journal = Vec::new();
        let query = self.query(self.lines_of(run)).projection_expression("#part, #line");
        let query = query.expression_attribute_names("#part", PART);
        let query = query.expression_attribute_names("#line", LINE);
        let mut items = query.into_paginator().items().send();
        while let Some(item) = items.next().await {
            let call = || self.call("dynamodb:Query", Some(run));
            let item = item.map_err(|error| self.unavailable(failed(call(), error)))?;
            let at = item.get(PART).and_then(|part| part.as_s().ok()?.parse::<u64>().ok());
            let piece = item.get(LINE).and_then(|line| line.as_b().ok());
            // The pieces of a line that is just being written may be seen one by one. What follows
            // a gap is of no use; the line is then an unfinished one.
            let Some(piece) = piece.filter(|_| at == Some(journal.len() as u64)) else { break };
            journal.extend_from_slice(piece.as_ref());
            if journal.len() as u64 > LARGEST {
                return Err(failure::too_large(run, journal.len() as u64));
            }
        }
        if journal.is_empty() {
            return Err(StoreError::NotFound { run: run.clone(), place: self.place() });
        }
        Ok(journal)
    }

    /// The runs that have a head, which DynamoDB sorts by their names.
    pub(super) async fn heads(&self) -> Result<Vec<RunId>, StoreError> {
        let mut runs = Vec::new();
        let query = self.query(AttributeValue::S(self.shelf.to_string()));
        let query = query.projection_expression("#part").expression_attribute_names("#part", PART);
        let mut items = query.into_paginator().items().send();
        while let Some(item) = items.next().await {
            let call = || self.call("dynamodb:Query", None);
            let item = item.map_err(|error| self.unavailable(failed(call(), error)))?;
            let run = item.get(PART).and_then(|part| part.as_s().ok()).cloned().map(RunId);
            runs.extend(run.filter(|run| nameable(run).is_ok()));
        }
        Ok(runs)
    }

    /// All items with this key, as they are now.
    fn query(&self, journal: AttributeValue) -> QueryFluentBuilder {
        let query = self.table.client.query().table_name(self.table.name.as_str());
        query
            .consistent_read(true)
            .key_condition_expression("#journal = :journal")
            .expression_attribute_names("#journal", JOURNAL)
            .expression_attribute_values(":journal", journal)
    }
}
