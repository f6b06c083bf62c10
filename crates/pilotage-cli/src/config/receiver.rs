//! Who is told of a run, as the configuration says it.

use pilotage_config::Fault;

use super::outward;

/// Somebody who is told of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// What kind of receiver it is.
    pub kind: ReceiverKind,
    /// The environment variable that holds its address.
    pub variable: String,
}

/// What kind of receiver somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiverKind {
    /// A program that takes plain JSON.
    Webhook,
    /// An incoming webhook of Slack.
    Slack,
    /// A workflow of Teams.
    Teams,
}

impl Receiver {
    /// A fault does not repeat what is written, for it may be the secret itself.
    pub(super) fn new(receiver: outward::Receiver) -> Result<Self, Fault> {
        let outward::Receiver { kind, variable } = receiver;
        if !is_name(&variable) {
            let what = "this is not the name of an environment variable";
            let help = "the address is a secret: put it into a variable, and name that here";
            return Err(Fault::new(what).with_help(help).under("variable"));
        }
        let kind = match kind {
            outward::ReceiverKind::Webhook => ReceiverKind::Webhook,
            outward::ReceiverKind::Slack => ReceiverKind::Slack,
            outward::ReceiverKind::Teams => ReceiverKind::Teams,
        };
        Ok(Self { kind, variable })
    }
}

pub(super) fn is_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=100).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with(|first: char| first.is_ascii_digit())
}
