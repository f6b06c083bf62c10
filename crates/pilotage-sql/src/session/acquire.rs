//! Asking for a session lock, with bounded waiting.

use pilotage_clock::Clock;
use pilotage_lease::client::Waiting;
use pilotage_lease::{Fence, LeaseName};
use pilotage_rollout::Span;

use super::{Key, Session, SessionLock};
use crate::trouble::Trouble;
use crate::{Database, SessionError};

/// Who wants a session lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRequest {
    /// On what; others who use the same name in the same database are kept out.
    pub name: LeaseName,
    /// The fence of the lease that is held for it.
    pub fence: Fence,
    /// Who, for whoever looks at the server.
    pub who: String,
}

/// The answer to a request for a session lock.
#[derive(Debug)]
pub enum SessionAcquisition {
    /// It is held.
    Held(SessionLock),
    /// Somebody else holds it: who, as far as the server tells.
    Busy(String),
}

impl Database {
    /// Asks for a session lock by trying again and again; `progress` is told who has it. Then
    /// writes the fence down, so that whoever comes with a lower one is refused.
    ///
    /// Dropping it closes the connection, and with it ends whatever was locked.
    pub async fn lock_session(
        &self,
        request: &SessionRequest,
        clock: &dyn Clock,
        waiting: Waiting,
        progress: &mut (dyn FnMut(&str) + Send),
    ) -> Result<SessionAcquisition, SessionError> {
        let (begun, key) = (clock.elapsed(), Key::of(&request.name));
        let mut session = self.open().await?;
        let unheard = failed(&*session, "introducing itself");
        session.introduce(&request.introduction()).await.map_err(unheard)?;
        loop {
            let untried = failed(&*session, "trying to lock");
            if session.try_lock(&key).await.map_err(untried)? {
                return SessionLock::confirm(session, key, request)
                    .await
                    .map(SessionAcquisition::Held);
            }
            let unnamed = failed(&*session, "asking who has the lock");
            let holder = session.holder(&key).await.map_err(unnamed)?;
            let left = left(waiting.limit, begun, clock.elapsed());
            if left == Span::ZERO {
                return Ok(SessionAcquisition::Busy(holder));
            }
            progress(&holder);
            clock.sleep(waiting.poll.min(left).max(Span::from_millis(1))).await;
        }
    }
}

impl SessionRequest {
    /// No server takes more than 63 bytes; the fence is what tells two runs apart.
    fn introduction(&self) -> String {
        let text = format!("pilotage {} {} {}", self.fence, self.name, self.who);
        text.chars().filter(|char| char.is_ascii_graphic() || *char == ' ').take(63).collect()
    }
}

pub(super) fn failed(
    session: &dyn Session,
    doing: &'static str,
) -> impl FnOnce(Trouble) -> SessionError + use<> {
    let place = session.place();
    move |trouble| SessionError::Database { place, doing, source: trouble.into_source() }
}

fn left(limit: Span, begun: Span, now: Span) -> Span {
    let passed = now.as_millis().saturating_sub(begun.as_millis());
    Span::from_millis(limit.as_millis().saturating_sub(passed))
}
