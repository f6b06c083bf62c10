//! The bytes of an answer, beside what the SDK makes of them.
//!
//! The SDK's types cannot be written out again, and drop what they do not know yet: fields and values
//! that are newer than the SDK. What is copied, or handed on, is taken from here.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Keeps the bytes of the last answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Raw(Arc<Mutex<Vec<u8>>>);

impl Raw {
    /// What was kept.
    pub(crate) fn take(&self) -> Vec<u8> {
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
