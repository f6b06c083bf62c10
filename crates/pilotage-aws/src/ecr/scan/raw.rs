//! The bytes of an answer, beside what the SDK makes of them.
//!
//! Gates read the scanner's document; the SDK's types cannot be written out again, and would drop
//! what they do not know yet.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ecr::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_ecr::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;

/// Keeps the bytes of the last answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw(Arc<Mutex<Vec<u8>>>);

impl Raw {
    /// What was kept.
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Raw {
    fn name(&self) -> &'static str {
        "keeps the answer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let bytes = context.response().body().bytes().unwrap_or_default().to_vec();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes;
        Ok(())
    }
}
