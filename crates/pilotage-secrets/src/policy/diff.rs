//! What a policy document allows too much, and what it does not allow.

use core::fmt::{self, Display, Formatter};
use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::ACTIONS;
use super::document::{Document, Effect, Statement, Values};
use super::evaluate::{Decision, Request};
use super::pattern::{fits, within};

/// Where a given document differs from the least that is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// It allows something that nothing needs.
    NotNeeded {
        /// What.
        action: String,
        /// On what.
        resource: String,
    },
    /// It allows something that is needed, on more than it is needed for.
    TooBroad {
        /// What.
        action: String,
        /// On what.
        resource: String,
    },
    /// It allows what is needed, without the condition that limits it.
    Unconditional {
        /// What.
        action: String,
        /// On what.
        resource: String,
    },
    /// It does not allow something that is needed.
    Missing {
        /// What.
        action: String,
        /// On what.
        resource: String,
    },
}

impl Difference {
    /// One word for machines; part of the published output.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNeeded { .. } => "not-needed",
            Self::TooBroad { .. } => "too-broad",
            Self::Unconditional { .. } => "unconditional",
            Self::Missing { .. } => "missing",
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNeeded { action, resource } => {
                write!(f, "`{action}` on `{resource}` is allowed, and nothing needs the action")
            }
            Self::TooBroad { action, resource } => {
                write!(f, "`{action}` is allowed on `{resource}`, which is more than is needed")
            }
            Self::Unconditional { action, resource } => {
                write!(f, "`{action}` on `{resource}` lacks the condition that limits it")
            }
            Self::Missing { action, resource } => {
                write!(f, "`{action}` on `{resource}` is needed, and not allowed")
            }
        }
    }
}

/// Compares a given document with the least that is needed, in what concerns secrets.
pub fn diff(given: &Document, needed: &Document) -> BTreeSet<Difference> {
    missing(given, needed).chain(too_much(given, needed)).collect()
}

fn missing<'a>(
    given: &'a Document,
    needed: &'a Document,
) -> impl Iterator<Item = Difference> + use<'a> {
    needed.statements.iter().flat_map(move |statement| {
        let refused = move |(action, resource): &(&String, &String)| {
            given.decide(&example(statement, action, resource)) != Decision::Allowed
        };
        pairs(statement).filter(refused).map(|(action, resource)| Difference::Missing {
            action: action.clone(),
            resource: resource.clone(),
        })
    })
}

fn pairs(statement: &Statement) -> impl Iterator<Item = (&String, &String)> {
    let resources = || statement.resource.iter();
    statement.action.iter().flat_map(move |action| resources().map(move |of| (action, of)))
}

/// A request that a statement of ours allows, with something unusual for each wildcard.
fn example(statement: &Statement, action: &str, resource: &str) -> Request {
    let mut context = BTreeMap::new();
    for (key, Values(values)) in statement.condition.values().flatten() {
        let value = values.first().map(|value| value.replace('?', "q"));
        context.insert(key.clone(), value.unwrap_or_default());
    }
    let resource = if resource == "*" { "*".into() } else { resource.replace('?', "q") };
    Request { action: action.into(), resource, context }
}

fn too_much<'a>(
    given: &'a Document,
    needed: &'a Document,
) -> impl Iterator<Item = Difference> + use<'a> {
    let allows = given.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    allows.flat_map(move |allow| {
        let actions = ACTIONS.iter().filter(|action| allow.covers_action(action));
        actions.flat_map(move |action| {
            reach(allow).into_iter().filter_map(move |resource| {
                let denied = is_denied(given, action, &resource);
                let more = || more_than_needed(allow, needed, action, &resource);
                if denied { None } else { more() }
            })
        })
    })
}

/// The resources that a statement reaches; all of them, where it says which it does not.
fn reach(statement: &Statement) -> Vec<String> {
    if statement.resource.is_empty() { vec!["*".into()] } else { statement.resource.clone() }
}

/// Whether the document itself takes it back, whatever the circumstances.
fn is_denied(given: &Document, action: &str, resource: &str) -> bool {
    given.statements.iter().any(|deny| {
        deny.effect == Effect::Deny
            && deny.condition.is_empty()
            && deny.covers_action(action)
            && deny.resource.iter().any(|outer| within(resource, outer))
    })
}

fn more_than_needed(
    allow: &Statement,
    needed: &Document,
    action: &str,
    resource: &str,
) -> Option<Difference> {
    let (action, resource) = (action.to_owned(), resource.to_owned());
    let needing: Vec<&Statement> =
        needed.statements.iter().filter(|statement| statement.covers_action(&action)).collect();
    if needing.is_empty() {
        // A resource of another service cannot be reached by the action.
        let elsewhere = resource != "*" && !could_be_of(&action, &resource);
        return (!elsewhere).then_some(Difference::NotNeeded { action, resource });
    }
    let covers =
        |statement: &&&Statement| statement.resource.iter().any(|outer| within(&resource, outer));
    let covering: Vec<&&Statement> = needing.iter().filter(covers).collect();
    if covering.is_empty() {
        let elsewhere = resource != "*" && !could_be_of(&action, &resource);
        return (!elsewhere).then_some(Difference::TooBroad { action, resource });
    }
    let limited = covering.iter().any(|statement| is_as_strict(allow, statement));
    (!limited).then_some(Difference::Unconditional { action, resource })
}

/// Whether an ARN may be of the service of an action.
fn could_be_of(action: &str, resource: &str) -> bool {
    let service = action.split(':').next().unwrap_or(action);
    match resource.split(':').nth(2) {
        Some(named) => fits(named, service),
        None => true,
    }
}

/// Whether everything that limits the needed statement limits the given one as well.
fn is_as_strict(given: &Statement, needed: &Statement) -> bool {
    let mut limits = needed.condition.values().flatten();
    limits.all(|(key, Values(needed))| {
        let mut found = given.condition.iter().flat_map(|(operator, keys)| {
            keys.iter().map(move |(name, values)| (operator.as_str(), name, values))
        });
        found.any(|(operator, name, Values(values))| {
            let understood = ["StringEquals", "StringLike", "ArnLike", "ArnEquals"];
            let inside = |value: &String| needed.iter().any(|outer| within(value, outer));
            understood.contains(&operator)
                && name.eq_ignore_ascii_case(key)
                && !values.is_empty()
                && values.iter().all(inside)
        })
    })
}
