//! Which variable of which component comes from where.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;
use std::collections::BTreeMap;

use crate::reference::Variable;
use crate::{KmsKey, Locator, Reference};

/// What the components of one environment need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The variables of each component.
    pub components: BTreeMap<Component, BTreeMap<Variable, Wanted>>,
}

/// One program of a service, with secrets of its own: `web`, `worker`, `migrate`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Component(String);

/// A text that names no component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a component is named by 1 to 40 of `a-z`, `0-9` and `-`, and no `-` at an end")]
pub struct BadComponent;

/// One value that a component needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it comes from.
    pub from: Reference,
    /// How the program gets it.
    pub form: Form,
    /// The key that encrypts it, if it is one that a policy must name.
    pub key: Option<KmsKey>,
}

/// How a program gets a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// The variable holds it.
    #[default]
    Env,
    /// The variable holds the path of a file descriptor, sealed and in memory alone.
    Fd,
}

impl Manifest {
    /// All references, component by component.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.components.values().flat_map(BTreeMap::values).map(|wanted| &wanted.from)
    }

    /// What is asked for, component by component.
    pub fn locators(&self) -> impl Iterator<Item = Locator> {
        self.references().map(|reference| reference.locator().clone())
    }

    /// The same with this component alone; none if there is no such.
    pub fn only(&self, name: &str) -> Option<Self> {
        let (name, wanted) = self.components.iter().find(|(known, _)| known.as_str() == name)?;
        Some(Self { components: BTreeMap::from([(name.clone(), wanted.clone())]) })
    }
}

impl Component {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Component {
    type Err = BadComponent;

    fn from_str(text: &str) -> Result<Self, BadComponent> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let edges = text.starts_with('-') || text.ends_with('-');
        let is_name = (1..=40).contains(&text.len()) && text.bytes().all(fits) && !edges;
        if is_name { Ok(Self(text.into())) } else { Err(BadComponent) }
    }
}

impl FromStr for Form {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "env" => Ok(Self::Env),
            "fd" => Ok(Self::Fd),
            _ => Err("a value is given `as` \"env\" or \"fd\""),
        }
    }
}

impl Display for Component {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
