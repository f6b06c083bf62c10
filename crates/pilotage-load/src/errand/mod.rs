//! What a client does, again and again.

mod get;
mod line;
mod socket;
mod upload;

pub use get::Get;
pub use socket::Socket;
pub use upload::Upload;

use core::future::Future;

use crate::{Outcome, RequestId, Stopping};

/// What a client does, again and again. Between two of its requests it may keep a connection.
pub trait Errand: Send + 'static {
    /// One request, which carries this number, to its end.
    fn run(
        &mut self,
        request: RequestId,
        stopping: &mut Stopping,
    ) -> impl Future<Output = Outcome> + Send;
}
