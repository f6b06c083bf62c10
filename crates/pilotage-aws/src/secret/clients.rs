//! One client for each region.
//!
//! A client keeps its connections; a new one for each call would make a connection for each call.

use core::fmt::{self, Debug, Formatter};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;

use super::once;
use crate::Session;

/// The clients of one service; clones share them.
#[derive(Clone)]
pub(super) struct Clients<C> {
    session: Session,
    make: fn(&SdkConfig) -> C,
    known: Arc<Mutex<BTreeMap<String, C>>>,
}

impl<C: Clone> Clients<C> {
    /// Clients of this session; none is made yet.
    pub(super) fn new(session: &Session, make: fn(&SdkConfig) -> C) -> Self {
        Self { session: session.clone(), make, known: Arc::default() }
    }

    /// The session's own region.
    pub(super) fn home(&self) -> &str {
        self.session.region()
    }

    /// The client for a region.
    pub(super) fn of(&self, region: &str) -> C {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || (self.make)(&once(&self.session, region));
        known.entry(region.to_owned()).or_insert_with(new).clone()
    }
}

impl<C> Debug for Clients<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients").field("session", &self.session).finish_non_exhaustive()
    }
}
