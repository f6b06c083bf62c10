//! A lock that lives in the very database that is changed, and dies with its session.

mod acquire;
mod key;
mod lock;

pub use acquire::{SessionAcquisition, SessionRequest};
pub(crate) use key::Key;
pub use lock::SessionLock;

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::Fence;

use crate::trouble::Trouble;

/// A session of a database that belongs to its connection alone. Nothing here opens a
/// transaction that is still open when the call is over.
#[async_trait]
pub(crate) trait Session: Debug + Send + Sync {
    /// Which database.
    fn place(&self) -> String;

    /// By what the server knows the session.
    fn server(&self) -> String;

    /// Says who this is, for whoever looks at the server.
    async fn introduce(&mut self, who: &str) -> Result<(), Trouble>;

    /// Takes the lock if nobody has it.
    async fn try_lock(&mut self, key: &Key) -> Result<bool, Trouble>;

    /// Who has the lock, as far as the server tells.
    async fn holder(&mut self, key: &Key) -> Result<String, Trouble>;

    /// By which number the server knows the session that has the lock.
    async fn holder_number(&mut self, key: &Key) -> Result<Option<String>, Trouble>;

    /// Whether this very session still has the lock.
    async fn holds(&mut self, key: &Key) -> Result<bool, Trouble>;

    /// Writes the fence down, with the number of this session, unless a higher one is there, and
    /// says which is there then.
    async fn raise_fence(&mut self, name: &str, fence: Fence) -> Result<Fence, Trouble>;

    /// Gives the lock back; says whether this session had it.
    async fn unlock(&mut self, key: &Key) -> Result<bool, Trouble>;
}
