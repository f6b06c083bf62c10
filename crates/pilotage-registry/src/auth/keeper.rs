//! The keeper of one registry's credentials: what a call carries, asked for once and shared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use pilotage_rollout::Span;
use tokio::sync::Mutex as Turn;

use super::basic::{basic, bearer};
use super::token::Issuer;
use super::{Challenge, Credential, Credentials, Scopes};
use crate::Error;
use crate::http::{Caller, Origin};

/// Keeps what calls to one registry carry.
#[derive(Debug)]
pub(crate) struct Keeper {
    registry: String,
    origin: Origin,
    credentials: Arc<dyn Credentials>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    way: Way,
    tokens: HashMap<Scopes, Arc<Turn<Option<Kept>>>>,
}

/// How the registry wants to be told; unknown until it asked.
#[derive(Debug, Clone, Default)]
enum Way {
    #[default]
    Unasked,
    Basic,
    Bearer(Issuer),
    /// It asks for what we do not know, or must not do.
    Closed(String),
}

#[derive(Debug, Clone)]
struct Kept {
    header: HeaderValue,
    until: Span,
}

impl Keeper {
    pub(crate) fn new(registry: &str, origin: Origin, credentials: Arc<dyn Credentials>) -> Self {
        Self { registry: registry.into(), origin, credentials, state: Mutex::default() }
    }

    pub(crate) const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether an answer from there asks for (other) credentials of this registry.
    pub(crate) fn is_asked(&self, uri: &Uri, status: StatusCode) -> bool {
        status == StatusCode::UNAUTHORIZED && Origin::of(uri).as_ref() == Some(&self.origin)
    }

    /// What a call carries.
    pub(crate) async fn pass(
        &self,
        caller: &Caller,
        scopes: &Scopes,
    ) -> Result<Option<HeaderValue>, Error> {
        let way = self.state().way.clone();
        match way {
            Way::Unasked => Ok(None),
            Way::Basic => match self.credential().await? {
                Credential::Password { user, password } => Ok(basic(&user, &password)),
                Credential::Identity { user, token } => Ok(basic(&user, &token)),
                Credential::Token(token) => Ok(bearer(&token)),
                Credential::None => Ok(None),
            },
            Way::Bearer(issuer) => self.token(caller, &issuer, scopes).await,
            Way::Closed(why) => {
                let doing = format!("log in to {}", self.registry);
                Err(Error::Barred { doing, why })
            }
        }
    }

    /// Takes a turn: while one call gets a token, the others that need the same wait for it.
    async fn token(
        &self,
        caller: &Caller,
        issuer: &Issuer,
        scopes: &Scopes,
    ) -> Result<Option<HeaderValue>, Error> {
        let slot = self.state().tokens.entry(scopes.clone()).or_default().clone();
        let mut kept = slot.lock().await;
        let now = caller.clock.elapsed();
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.until) {
            return Ok(Some(kept.header.clone()));
        }
        let credential = self.credential().await?;
        // Boxed, because getting a token is a call by itself.
        let token = Box::pin(issuer.issue(caller, &credential, scopes)).await?;
        let Some(header) = bearer(&token.secret) else { return Ok(None) };
        // A token that ends on the way is worth nothing: it counts for four fifths of its life.
        let life = Span::from_millis(token.life.as_millis() / 5 * 4);
        *kept = Some(Kept { header: header.clone(), until: now + life });
        Ok(Some(header))
    }

    async fn credential(&self) -> Result<Credential, Error> {
        let wrong = |source| Error::Credentials { registry: self.registry.clone(), source };
        self.credentials.credential(&self.registry).await.map_err(wrong)
    }

    /// Learns from an answer what the registry wants, and forgets what it did not take.
    pub(crate) async fn heed(
        &self,
        challenges: &[&str],
        scopes: &Scopes,
        used: Option<&HeaderValue>,
    ) {
        let way = self.way(challenges);
        let slot = {
            let mut state = self.state();
            state.way = way;
            state.tokens.get(scopes).cloned()
        };
        let Some(used) = used else { return };
        if let Some(slot) = slot {
            let mut kept = slot.lock().await;
            // Another call may have got a fresh one in the meantime.
            if kept.as_ref().is_some_and(|kept| kept.header == used) {
                *kept = None;
            }
        }
        self.credentials.refused(&self.registry).await;
    }

    fn way(&self, challenges: &[&str]) -> Way {
        let offered: Vec<Challenge> =
            challenges.iter().flat_map(|text| Challenge::parse(text)).collect();
        let bearer = offered.iter().find_map(|challenge| match challenge {
            Challenge::Bearer { realm, service, scope } => {
                Some(Issuer::named(&self.origin, realm, service.clone(), scope.clone()))
            }
            Challenge::Basic => None,
        });
        match bearer {
            Some(Ok(issuer)) => Way::Bearer(issuer),
            Some(Err(why)) => Way::Closed(format!("its token server is not one to trust: {why}")),
            None if offered.contains(&Challenge::Basic) => Way::Basic,
            None => Way::Closed("it asks for a kind of login that we do not know".into()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
