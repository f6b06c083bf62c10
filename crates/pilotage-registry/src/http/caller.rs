//! A call to the end: with credentials where they belong, and repeated where that helps.

use std::sync::Arc;

use hyper::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Request, StatusCode};
use pilotage_driver::role::Clock;

use super::body::read_refusal;
use super::{Answer, Ask, Body, Origin, Retry, Wire};
use crate::Error;
use crate::auth::{Keeper, Scopes};

/// Makes calls.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) wire: Wire,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) retry: Retry,
}

/// Who has the credentials of a call, and for what they are needed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard<'a> {
    pub(crate) keeper: &'a Keeper,
    pub(crate) scopes: &'a Scopes,
}

impl Caller {
    /// Calls, and gives any answer that is neither a lack of credentials nor passing trouble.
    pub(crate) async fn call(&self, ask: &Ask, guard: Option<Guard<'_>>) -> Result<Answer, Error> {
        let mut failed = 0;
        loop {
            let error = match self.once(ask, guard).await {
                Ok(answer) if !is_passing(answer.status()) => return Ok(answer),
                Ok(answer) => self.refusal(answer, &ask.doing).await,
                Err(error) => error,
            };
            failed += 1;
            match self.retry.after(failed, &error) {
                Some(wait) if ask.may_follow(&error) => self.clock.sleep(wait).await,
                _ => return Err(error),
            }
        }
    }

    /// Calls once, or twice where the first answer asks for other credentials.
    async fn once(&self, ask: &Ask, guard: Option<Guard<'_>>) -> Result<Answer, Error> {
        let Some(guard) = guard else { return self.wire.send(ask.request(), &ask.doing).await };
        let (answer, pass) = self.with_pass(ask, guard).await?;
        if !guard.keeper.is_asked(&ask.uri, answer.status()) {
            return Ok(answer);
        }
        // Who refuses without saying what is wanted will refuse again.
        if !answer.headers().contains_key(WWW_AUTHENTICATE) {
            return Err(self.refusal(answer, &ask.doing).await);
        }
        self.heed(guard, &answer, pass.as_ref()).await;
        let (answer, _) = self.with_pass(ask, guard).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Err(self.refusal(answer, &ask.doing).await);
        }
        Ok(answer)
    }

    /// The error that an answer without success is.
    pub(crate) async fn refusal(&self, answer: Answer, doing: &str) -> Error {
        read_refusal(answer, self.wire.patience().stall, self.clock.now(), doing).await
    }

    async fn with_pass(
        &self,
        ask: &Ask,
        guard: Guard<'_>,
    ) -> Result<(Answer, Option<HeaderValue>), Error> {
        let mut request = ask.request();
        let pass = self.stamp(&mut request, guard).await?;
        Ok((self.wire.send(request, &ask.doing).await?, pass))
    }

    /// Sends a body that is not in memory, once; an answer that asks for other credentials is an
    /// error after which the next attempt has them.
    pub(crate) async fn stream(
        &self,
        mut request: Request<Body>,
        doing: &str,
        guard: Guard<'_>,
    ) -> Result<Answer, Error> {
        let uri = request.uri().clone();
        let pass = self.stamp(&mut request, guard).await?;
        let answer = self.wire.stream(request, doing).await?;
        let says_how = answer.headers().contains_key(WWW_AUTHENTICATE);
        if says_how && guard.keeper.is_asked(&uri, answer.status()) {
            self.heed(guard, &answer, pass.as_ref()).await;
        }
        Ok(answer)
    }

    /// Adds credentials, if the request goes to the very server that they are for.
    async fn stamp(
        &self,
        request: &mut Request<Body>,
        guard: Guard<'_>,
    ) -> Result<Option<HeaderValue>, Error> {
        if Origin::of(request.uri()).as_ref() != Some(guard.keeper.origin()) {
            return Ok(None);
        }
        let pass = guard.keeper.pass(self, guard.scopes).await?;
        if let Some(pass) = &pass {
            request.headers_mut().insert(AUTHORIZATION, pass.clone());
        }
        Ok(pass)
    }

    async fn heed(&self, guard: Guard<'_>, answer: &Answer, used: Option<&HeaderValue>) {
        let challenges = answer.headers().get_all(WWW_AUTHENTICATE).iter();
        let texts: Vec<&str> = challenges.filter_map(|value| value.to_str().ok()).collect();
        guard.keeper.heed(&texts, guard.scopes, used).await;
    }
}

/// Trouble that may be over in a moment.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
}
