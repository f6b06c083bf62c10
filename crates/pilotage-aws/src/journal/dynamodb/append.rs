//! Adding a line.

use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValuesOnConditionCheckFailure as OnFailure,
    TransactWriteItem,
};
use pilotage_driver::journal::Head;
use pilotage_driver::role::StoreError;

use super::{BYTES, DynamoJournals, Entry, HASH, JOURNAL, LINE, PART};
use crate::failure::failed;
use crate::once::{self, OnlyIfThrottled};

/// The longest piece of a line in one item, which may have 400 KB with its keys. A line is at most
/// a mebibyte long, so there are few.
const PIECE: usize = 256 << 10;

impl DynamoJournals {
    /// Adds a line if the journal ends where it should, by one transaction.
    pub(super) async fn add(&self, entry: &Entry<'_>) -> Result<(), StoreError> {
        let items = self.items(entry).map_err(|why| self.unwritable(&why))?;
        let once = Builder::new()
            .retry_config(once::retries())
            .retry_classifier(OnlyIfThrottled::told_by(is_throttled));
        let asked = self.table.client.transact_write_items().set_transact_items(Some(items));
        let answer = asked.customize().config_override(once).send().await;
        match answer.map_err(|error| (self.refused(entry, error.as_service_error()), error)) {
            Ok(_) => Ok(()),
            Err((Some(refused), _)) => Err(refused),
            Err((None, error)) => {
                let call = self.call("dynamodb:PutItem", Some(entry.run));
                Err(self.unavailable(failed(call, error)))
            }
        }
    }

    fn items(&self, entry: &Entry<'_>) -> Result<Vec<TransactWriteItem>, BuildError> {
        let mut puts = vec![self.head(entry)?];
        let offsets = (entry.expected.bytes()..).step_by(PIECE);
        for (offset, piece) in offsets.zip(entry.line.chunks(PIECE)) {
            puts.push(self.piece(entry, offset, piece)?);
        }
        Ok(puts.into_iter().map(|put| TransactWriteItem::builder().put(put).build()).collect())
    }

    /// The head, in the place of the expected one.
    fn head(&self, entry: &Entry<'_>) -> Result<Put, BuildError> {
        let put = Put::builder()
            .table_name(self.table.name.as_str())
            .item(JOURNAL, AttributeValue::S(self.shelf.to_string()))
            .item(PART, AttributeValue::S(entry.run.to_string()))
            .item(HASH, AttributeValue::S(hash(&entry.after)))
            .item(BYTES, AttributeValue::N(entry.after.bytes().to_string()))
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        let put = match entry.expected {
            &Head::EMPTY => absent(put),
            expected => put
                .condition_expression("#hash = :expected")
                .expression_attribute_names("#hash", HASH)
                .expression_attribute_values(":expected", AttributeValue::S(hash(expected))),
        };
        put.build()
    }

    /// A piece of the line, where nothing is.
    fn piece(&self, entry: &Entry<'_>, offset: u64, piece: &[u8]) -> Result<Put, BuildError> {
        let put = Put::builder()
            .table_name(self.table.name.as_str())
            .item(JOURNAL, self.lines_of(entry.run))
            .item(PART, AttributeValue::S(format!("{offset:012}")))
            .item(LINE, AttributeValue::B(piece.into()));
        absent(put).build()
    }

    /// The answer to a line that was certainly not added, because the journal ends elsewhere.
    fn refused(
        &self,
        entry: &Entry<'_>,
        error: Option<&TransactWriteItemsError>,
    ) -> Option<StoreError> {
        let reasons = reasons(error?);
        let of = |code: &str| reasons.iter().find(|reason| reason.code() == Some(code));
        if let Some(reason) = of("ConditionalCheckFailed") {
            return Some(match reason.item().and_then(|item| item.get(BYTES)?.as_n().ok()) {
                Some(bytes) => entry.conflict(format!("it has {bytes} bytes")),
                None if *entry.expected == Head::EMPTY => entry.conflict("its lines are there"),
                None => entry.absent(self.place()),
            });
        }
        of("TransactionConflict").map(|_| entry.conflict("another process is adding to it"))
    }

    fn unwritable(&self, why: &BuildError) -> StoreError {
        let reason = format!("the line cannot be written down, and was not sent: {why}");
        StoreError::Unavailable { place: self.place(), reason, source: None }
    }
}

fn absent(
    put: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> aws_sdk_dynamodb::types::builders::PutBuilder {
    put.condition_expression("attribute_not_exists(#journal)")
        .expression_attribute_names("#journal", JOURNAL)
}

fn hash(head: &Head) -> String {
    head.hash().map(|hash| hash.to_string()).unwrap_or_default()
}

fn reasons(error: &TransactWriteItemsError) -> &[CancellationReason] {
    match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons()
        }
        _ => &[],
    }
}

/// A transaction says in its reasons that one of its items was throttled.
fn is_throttled(error: &TransactWriteItemsError) -> bool {
    let says_so = |reason: &CancellationReason| {
        matches!(reason.code(), Some("ThrottlingError" | "ProvisionedThroughputExceeded"))
    };
    once::is_throttled(error) || reasons(error).iter().any(says_so)
}
