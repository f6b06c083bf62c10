//! Whether the store honours conditions.

use super::{Objects, Put};
use crate::Failure;

/// The object that is written for it; nothing that is kept has such a name.
const TRIAL: &str = ".trial";

/// A tag that no object has.
const NEVER: &str = "\"00000000000000000000000000000000\"";

/// Why a store cannot be trusted.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// It could not be tried out.
    Untried(Failure),
    /// It overwrites in spite of this header.
    Careless(&'static str),
}

impl Objects {
    /// Writes the same object twice under the condition that there is none, and once under the
    /// condition that it is another one: all but perhaps the first must be refused.
    pub(crate) async fn try_out(&self) -> Result<(), Unfit> {
        if let Put::Failed(failure) = self.attempt(None).await {
            return Err(Unfit::Untried(failure));
        }
        self.must_refuse(None, "If-None-Match").await?;
        self.must_refuse(Some(NEVER), "If-Match").await
    }

    async fn attempt(&self, expected: Option<&str>) -> Put {
        self.put(TRIAL, b"{}".to_vec(), expected).await
    }

    async fn must_refuse(&self, expected: Option<&str>, header: &'static str) -> Result<(), Unfit> {
        match self.attempt(expected).await {
            Put::Refused => Ok(()),
            Put::Failed(failure) => Err(Unfit::Untried(failure)),
            Put::Done(_) => Err(Unfit::Careless(header)),
        }
    }
}
