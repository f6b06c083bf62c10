//! Handing a body to an endpoint.

use core::fmt::Debug;

use async_trait::async_trait;

use super::Endpoint;

/// Whoever brings a JSON body to an endpoint.
///
/// # Contract
///
/// - Once, without a retry, and without following the endpoint elsewhere.
/// - No error names the endpoint.
/// - **Cancellation.** Dropping `post` may or may not have delivered.
#[async_trait]
pub trait Post: Debug + Send + Sync {
    /// Delivers the body.
    async fn post(&self, to: &Endpoint, body: String) -> Result<(), PostError>;
}

/// A body that was perhaps not delivered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostError {
    /// Nobody could be reached there.
    #[error("the receiver could not be reached")]
    Unreachable {
        /// Why.
        source: std::io::Error,
    },
    /// The connection could not be secured.
    #[error("the connection to the receiver could not be secured: {reason}")]
    Insecure {
        /// Why.
        reason: String,
    },
    /// The connection broke, or what came back was no HTTP.
    #[error("the receiver gave no HTTP answer")]
    Broken {
        /// How.
        source: hyper::Error,
    },
    /// The receiver did not take it.
    #[error("the receiver answered with status {status}")]
    Refused {
        /// Its answer.
        status: u16,
    },
    /// The request could not be built.
    #[error("the request could not be built")]
    Malformed,
}
