//! The driver's notifier: a message, the form of a receiver, and a post.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use pilotage_driver::role::{Note, Notifier, NotifyFailure};

use crate::timeline::Invocation;

use super::{Endpoint, Message, Post, slack, teams, webhook};

/// What kind of receiver an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// A program that takes plain JSON.
    Webhook,
    /// An incoming webhook of Slack.
    Slack,
    /// A workflow of Teams.
    Teams,
}

impl Receiver {
    /// The body of the request that tells this receiver of a message.
    pub fn body(self, message: &Message) -> String {
        match self {
            Self::Webhook => webhook::body(message),
            Self::Slack => slack::body(message),
            Self::Teams => teams::body(message),
        }
    }
}

/// Tells several receivers of each note.
#[derive(Debug)]
pub struct Announcer {
    again: Invocation,
    receivers: Vec<(Receiver, Endpoint)>,
    post: Arc<dyn Post>,
}

impl Announcer {
    /// Tells these receivers, and what to run next.
    pub fn new(
        again: Invocation,
        receivers: Vec<(Receiver, Endpoint)>,
        post: Arc<dyn Post>,
    ) -> Self {
        Self { again, receivers, post }
    }
}

#[async_trait]
impl Notifier for Announcer {
    /// Tells all receivers at once: one that is slow or fails keeps no other from being told.
    async fn notify(&self, note: &Note) -> Result<(), NotifyFailure> {
        let message = Message::of(note, &self.again);
        let told = self.receivers.iter().map(|receiver| self.tell(receiver, &message));
        let failures = all(told.collect()).await;
        if failures.is_empty() {
            return Ok(());
        }
        Err(NotifyFailure { reason: failures.join("; ") })
    }
}

type Telling<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

impl Announcer {
    /// Tells one receiver; returns what went wrong.
    fn tell<'a>(&'a self, to: &'a (Receiver, Endpoint), message: &Message) -> Telling<'a> {
        let (receiver, endpoint) = to;
        let body = receiver.body(message);
        Box::pin(async move {
            let error = self.post.post(endpoint, body).await.err()?;
            Some(format!("{receiver:?}: {error}"))
        })
    }
}

/// What goes wrong in any of these, once all are done.
async fn all(mut telling: Vec<Telling<'_>>) -> Vec<String> {
    let mut failures = vec![];
    poll_fn(|context| {
        telling.retain_mut(|one| match one.as_mut().poll(context) {
            Poll::Ready(failure) => {
                failures.extend(failure);
                false
            }
            Poll::Pending => true,
        });
        if telling.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    failures
}
