//! Values in the environment that the process was started with.

use core::fmt::{self, Debug, Formatter};
use std::collections::BTreeMap;

use async_trait::async_trait;

use super::lane;
use crate::{Description, Errand, Failure, Fetched, Lane, Locator, Secret, SecretSource};

/// An environment, as it was when it was taken.
#[derive(Clone)]
pub struct Environment(BTreeMap<String, Secret>);

impl Environment {
    /// Takes over an environment.
    pub fn new(variables: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
    }

    fn find(&self, locator: &Locator) -> Result<&Secret, Failure> {
        match locator {
            Locator::Env(name) => self.0.get(name.as_str()).ok_or(Failure::Missing),
            _ => Err(Failure::Missing),
        }
    }
}

impl Debug for Environment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({} variables)", self.0.len())
    }
}

#[async_trait]
impl SecretSource for Environment {
    fn place(&self) -> String {
        "the environment".into()
    }

    fn lane(&self, _: Errand, locator: &Locator) -> Option<Lane> {
        matches!(locator, Locator::Env(_)).then(|| lane("env"))
    }

    async fn fetch(&self, wanted: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        let fetched = |value: &Secret| Fetched { version: None, value: value.clone() };
        wanted.iter().map(|locator| self.find(locator).map(fetched)).collect()
    }

    async fn describe(&self, wanted: &[Locator]) -> Vec<Result<Description, Failure>> {
        let described = |_: &Secret| Description::default();
        wanted.iter().map(|locator| self.find(locator).map(described)).collect()
    }
}
