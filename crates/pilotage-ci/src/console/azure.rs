//! The log of an Azure Pipelines step: a group for each part of the run, issues for what is odd.

use super::grouped::{Dialect, Grouped};
use super::{Scene, View};
use crate::ci::azure::{self, Issue, issue, untrusted};

/// A log with groups. The agent looks for commands anywhere in a line, so nothing in it is left
/// that looks like one.
#[derive(Debug)]
pub struct Azure(Grouped<Agent>);

impl Azure {
    /// A log of nothing yet.
    pub fn new() -> Self {
        Self(Grouped::new(Agent))
    }
}

impl Default for Azure {
    fn default() -> Self {
        Self::new()
    }
}

impl View for Azure {
    fn show(&mut self, scene: Scene<'_>) -> String {
        self.0.show(scene)
    }
}

#[derive(Debug)]
struct Agent;

impl Dialect for Agent {
    fn group(&self, title: &str) -> String {
        azure::group(title)
    }

    fn end_group(&self) -> String {
        azure::end_group()
    }

    fn own(&self, text: &str) -> String {
        untrusted(text)
    }

    fn foreign(&self, text: &str) -> String {
        untrusted(text)
    }

    fn warning(&mut self, text: &str) -> String {
        issue(Issue::Warning, text)
    }
}
