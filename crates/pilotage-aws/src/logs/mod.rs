//! What containers have said, as CloudWatch Logs keeps it.
//!
//! - **Where a container writes is read from its task definition**, and what cannot be read here, such
//!   as another driver, is told as that.
//! - **Only what has come is given**: whoever reads goes on from where they were, and a page that gives
//!   nothing is the end of what there is *now*, not of the log.
//! - **The region of the log counts**, which need not be that of the session.
//!
//! It masks nothing, waits for nothing and repeats nothing: that is for whoever listens.

mod place;
mod read;

pub use place::{LogStream, Unlogged, streams};
pub use read::{Page, Position};

use aws_sdk_cloudwatchlogs::Client;

use crate::Session;

/// The logs of an account.
#[derive(Debug, Clone)]
pub struct Logs {
    client: Client,
}

impl Logs {
    /// The logs that the session may read. Nothing is asked yet.
    pub fn new(session: &Session) -> Self {
        Self { client: Client::new(session.config()) }
    }
}
