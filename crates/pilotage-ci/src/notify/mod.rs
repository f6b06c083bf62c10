//! Telling people in chats and programs behind webhooks.
//!
//! A message is made by a pure function for its kind of receiver, within that receiver's limits,
//! and delivered through the small trait [`Post`]. [`Announcer`] puts the two together as the
//! driver's notifier; the driver gives it a queue and deadlines, so that neither a slow nor a
//! failing receiver matters to a run.
//!
//! The address of a webhook is a secret, for whoever knows it can write there: it is in no error
//! and no debug output. Redirects are not followed, and nothing is retried.

mod announcer;
mod endpoint;
mod https;
mod message;
mod post;
mod slack;
mod teams;
mod webhook;

pub use announcer::{Announcer, Receiver};
pub use endpoint::{Endpoint, InvalidEndpoint};
pub use https::Https;
pub use message::{Message, Mood};
pub use post::{Post, PostError};
