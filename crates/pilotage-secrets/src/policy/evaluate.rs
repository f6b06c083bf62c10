//! What a policy document allows.

use std::collections::BTreeMap;

use super::document::{Document, Effect, Statement, Values};
use super::pattern::fits;

/// A request, as IAM sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is done, as `service:Action`.
    pub action: String,
    /// To what.
    pub resource: String,
    /// What else is known of it, by the names of condition keys.
    pub context: BTreeMap<String, String>,
}

/// What a document says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// It is denied in so many words.
    Denied,
    /// Nothing allows it.
    NotAllowed,
}

impl Document {
    /// What this document says of a request. A condition that is not understood does not hold
    /// where it would allow, and holds where it would deny.
    pub fn decide(&self, request: &Request) -> Decision {
        let says = |effect: Effect| {
            let of = self.statements.iter().filter(move |statement| statement.effect == effect);
            of.into_iter().any(|statement| statement.covers(request))
        };
        match (says(Effect::Deny), says(Effect::Allow)) {
            (true, _) => Decision::Denied,
            (false, true) => Decision::Allowed,
            (false, false) => Decision::NotAllowed,
        }
    }
}

impl Statement {
    pub(super) fn covers(&self, request: &Request) -> bool {
        self.covers_action(&request.action)
            && self.covers_resource(&request.resource)
            && self.condition_holds(request)
    }

    /// Whether it speaks of an action; names of actions have no case.
    pub(super) fn covers_action(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let named = |patterns: &[String]| {
            patterns.iter().any(|pattern| fits(&pattern.to_ascii_lowercase(), &action))
        };
        if self.action.is_empty() {
            !self.not_action.is_empty() && !named(&self.not_action)
        } else {
            named(&self.action)
        }
    }

    fn covers_resource(&self, resource: &str) -> bool {
        let named = |patterns: &[String]| patterns.iter().any(|pattern| fits(pattern, resource));
        if self.resource.is_empty() {
            !self.not_resource.is_empty() && !named(&self.not_resource)
        } else {
            named(&self.resource)
        }
    }

    fn condition_holds(&self, request: &Request) -> bool {
        let mut all = self.condition.iter().flat_map(|(operator, keys)| {
            keys.iter().map(move |(key, values)| (operator.as_str(), key, values))
        });
        all.all(|(operator, key, values)| {
            holds(operator, key, values, request).unwrap_or(self.effect == Effect::Deny)
        })
    }
}

/// Whether one condition holds; none if it is not understood.
fn holds(operator: &str, key: &str, values: &Values, request: &Request) -> Option<bool> {
    let mut context = request.context.iter();
    let given = context.find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    let any = |fits: &dyn Fn(&str, &str) -> bool| {
        given.is_some_and(|given| values.0.iter().any(|value| fits(value, given)))
    };
    match operator {
        "StringEquals" => Some(any(&|value, given| value == given)),
        "StringLike" | "ArnLike" | "ArnEquals" => Some(any(&fits)),
        _ => None,
    }
}
