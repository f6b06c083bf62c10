//! Calls of stores: their deadlines, and writes that are made once.
//!
//! A write whose answer was lost may have been made, and a second one that finds the first would
//! take its own success for somebody else's. So a store repeats none. What the service has
//! throttled was certainly not made; a store may let the SDK repeat that, and nothing else.

use std::error::Error;
use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::Kind;
use crate::failure::of_code;

/// How often a write is sent, if all but the last were throttled.
const ATTEMPTS: u32 = 5;

/// Deadlines of a store's calls: a lease's term is half a minute, and an answer that takes longer
/// than a third of it is of no use.
pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(10))
        .build()
}

/// Retries for a write that is sent [`OnlyIfThrottled`].
pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(100))
        .with_max_backoff(Duration::from_secs(1))
}

/// Lets the SDK send a write again that was throttled, and forbids it after any other failure.
pub(crate) struct OnlyIfThrottled<E> {
    is_throttled: fn(&E) -> bool,
}

#[cfg(feature = "dynamodb")]
impl<E> OnlyIfThrottled<E> {
    /// For operations whose errors say so in a way of their own.
    pub(crate) const fn told_by(is_throttled: fn(&E) -> bool) -> Self {
        Self { is_throttled }
    }
}

#[cfg(feature = "s3")]
impl<E: ProvideErrorMetadata> OnlyIfThrottled<E> {
    /// For operations whose errors say so by their code.
    pub(crate) const fn told_by_code() -> Self {
        Self { is_throttled }
    }
}

/// Whether the error's code says that the call was throttled.
pub(crate) fn is_throttled<E: ProvideErrorMetadata>(error: &E) -> bool {
    error.code().and_then(of_code) == Some(Kind::Throttled)
}

impl<E: Error + Debug + Send + Sync + 'static> ClassifyRetry for OnlyIfThrottled<E> {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        let error = error.and_then(|error| error.as_operation_error());
        match error.and_then(|error| error.downcast_ref::<E>()) {
            Some(error) if (self.is_throttled)(error) => RetryAction::throttling_error(),
            _ => RetryAction::RetryForbidden,
        }
    }

    fn name(&self) -> &'static str {
        "only what was throttled"
    }
}

impl<E> Debug for OnlyIfThrottled<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("OnlyIfThrottled")
    }
}
