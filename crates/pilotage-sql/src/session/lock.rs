//! A session lock that is held.

use core::fmt::Display;

use pilotage_clock::Clock;
use pilotage_rollout::{Fence, Span};

use super::acquire::failed;
use super::{Key, Session, SessionRequest};
use crate::SessionError;

/// A session lock that is held. Dropping it closes the connection, which gives the lock back as
/// soon as the server notices; [`release`](Self::release) waits for that and checks it.
#[derive(Debug)]
pub struct SessionLock {
    session: Box<dyn Session>,
    key: Key,
    name: String,
    fence: Fence,
}

impl SessionLock {
    /// Makes sure that the lock is what it seems, and that nobody with a higher fence was here.
    pub(super) async fn confirm(
        session: Box<dyn Session>,
        key: Key,
        request: &SessionRequest,
    ) -> Result<Self, SessionError> {
        let (name, fence) = (request.name.to_string(), request.fence);
        let mut lock = Self { session, key, name, fence };
        lock.check_lock().await?;
        lock.check_fence().await?;
        Ok(lock)
    }

    /// The fence that is written down.
    pub const fn fence(&self) -> Fence {
        self.fence
    }

    /// By what the server knows the session, for whoever has to end it by hand.
    pub fn server(&self) -> String {
        self.session.server()
    }

    /// Makes sure that the lock is still held and nobody with a higher fence was here; it also
    /// keeps an idle session from being ended.
    pub async fn check(&mut self) -> Result<(), SessionError> {
        self.check_lock().await?;
        self.check_fence().await
    }

    /// Checks again and again, for as long as it is polled; ends only when the lock is lost or
    /// cannot be checked, which is the same.
    pub async fn lost(&mut self, clock: &dyn Clock, every: Span) -> SessionError {
        loop {
            clock.sleep(every).await;
            let checked = tokio::select! {
                biased;
                checked = self.check() => checked,
                () = clock.sleep(every.max(Span::from_secs(1))) => Err(self.gone(&"no answer")),
            };
            if let Err(error) = checked {
                return error;
            }
        }
    }

    /// Gives the lock back, makes sure that it was held until now, and closes the connection.
    pub async fn release(mut self) -> Result<(), SessionError> {
        let place = self.session.place();
        match self.session.unlock(&self.key).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                let reason = format!("{} did not have it", self.session.server());
                Err(SessionError::NotReleased { place, reason })
            }
            Err(trouble) => {
                let reason = trouble.into_source().to_string();
                Err(SessionError::NotReleased { place, reason })
            }
        }
    }

    async fn check_lock(&mut self) -> Result<(), SessionError> {
        match self.session.holds(&self.key).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.gone(&"the server does not list it")),
            Err(trouble) => Err(self.gone(&trouble.into_source())),
        }
    }

    async fn check_fence(&mut self) -> Result<(), SessionError> {
        let failed = failed(&*self.session, "writing the fence down");
        let seen = self.session.raise_fence(&self.name, self.fence).await.map_err(failed)?;
        if seen > self.fence {
            let place = self.session.place();
            return Err(SessionError::Fenced { place, fence: self.fence, seen });
        }
        Ok(())
    }

    fn gone(&self, reason: &dyn Display) -> SessionError {
        SessionError::Lost { place: self.session.place(), reason: reason.to_string() }
    }
}
