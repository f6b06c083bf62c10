//! Who is told of a run elsewhere: the receivers of the configuration with their secret addresses.
//!
//! A receiver whose address is missing or unfit is left out with a warning: a chat that cannot be
//! told is no reason not to deploy, and a job of a fork is not given the secret at all.

use std::sync::Arc;

use pilotage_ci::notify::{self, Announcer, Endpoint, Https};
use pilotage_ci::timeline::Invocation;
use pilotage_cli::{Out, Receiver, ReceiverKind};
use pilotage_driver::role::{Notifier, Silence};

use crate::surroundings::variable;

/// Whoever tells these receivers, as far as their addresses are known.
pub(crate) fn of(receivers: &[Receiver], again: Invocation, err: &Out) -> Arc<dyn Notifier> {
    let (known, warnings) = resolve(receivers, variable);
    for warning in warnings {
        err.mention(&format!("warning: {warning}"));
    }
    if known.is_empty() {
        return Arc::new(Silence);
    }
    Arc::new(Announcer::new(again, known, Arc::new(Https::default())))
}

type Known = Vec<(notify::Receiver, Endpoint)>;

fn resolve(
    receivers: &[Receiver],
    variable: impl Fn(&str) -> Option<String>,
) -> (Known, Vec<String>) {
    let (mut known, mut warnings) = (Vec::new(), Vec::new());
    for receiver in receivers {
        match endpoint(receiver, &variable) {
            Ok(endpoint) => known.push((kind(receiver.kind), endpoint)),
            Err(why) => warnings.push(why),
        }
    }
    (known, warnings)
}

fn endpoint(
    receiver: &Receiver,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Endpoint, String> {
    let Receiver { kind, variable: name } = receiver;
    let untold = |why: String| format!("nobody is told by {kind:?}: `{name}` {why}");
    let address = variable(name).filter(|address| !address.is_empty());
    let address = address.ok_or_else(|| untold("is not set".to_owned()))?;
    address.parse().map_err(|why| untold(format!("holds no usable address: {why}")))
}

const fn kind(kind: ReceiverKind) -> notify::Receiver {
    match kind {
        ReceiverKind::Webhook => notify::Receiver::Webhook,
        ReceiverKind::Slack => notify::Receiver::Slack,
        ReceiverKind::Teams => notify::Receiver::Teams,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_missing_or_unfit_is_a_warning_that_tells_no_secret() {
        let receiver = |kind, name: &str| Receiver { kind, variable: name.to_owned() };
        let receivers = [
            receiver(ReceiverKind::Slack, "GOOD"),
            receiver(ReceiverKind::Teams, "MISSING"),
            receiver(ReceiverKind::Webhook, "UNFIT"),
        ];
        let value = |name: &str| match name {
            "GOOD" => Some("https://hooks.example.com/SECRET".to_owned()),
            "UNFIT" => Some("http://hooks.example.com/SECRET".to_owned()),
            _ => None,
        };
        let (known, warnings) = resolve(&receivers, value);
        assert_eq!(known.len(), 1);
        assert_eq!(warnings[0], "nobody is told by Teams: `MISSING` is not set");
        assert!(warnings[1].contains("not `https`") && !warnings[1].contains("SECRET"));
    }
}
