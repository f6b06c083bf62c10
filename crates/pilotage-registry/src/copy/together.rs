//! Several things at the same time: the first error ends all others.

use core::future::Future;

use tokio::task::JoinSet;

use crate::Error;

/// Waits for all; dropping it ends them.
pub(super) async fn together<T, F>(tasks: impl IntoIterator<Item = F>) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let mut set: JoinSet<Result<T, Error>> = tasks.into_iter().collect();
    let mut done = Vec::with_capacity(set.len());
    while let Some(outcome) = set.join_next().await {
        let broken = |source| Error::Connection {
            doing: "finish a transfer".into(),
            source: Box::new(source),
        };
        done.push(outcome.map_err(broken)??);
    }
    Ok(done)
}
