//! The log of an Azure Pipelines step: a group for each part of the run, issues for what is odd.

use super::log::{self, Bookmark, Item};
use super::{Plain, Scene, View};
use crate::ci::azure::{Issue, end_group, group, issue, untrusted};

/// A log with groups. The agent looks for commands anywhere in a line, so nothing in it is left
/// that looks like one.
#[derive(Debug)]
pub struct Azure {
    plain: Plain,
    bookmark: Bookmark,
    in_group: bool,
}

impl Azure {
    /// A log that names this program in the command to run next.
    pub fn new(program: &str) -> Self {
        Self { plain: Plain::new(program), bookmark: Bookmark::default(), in_group: false }
    }

    fn item(&mut self, item: &Item<'_>) -> String {
        match item {
            Item::Chapter(chapter) => {
                let closed = self.close();
                self.in_group = true;
                format!("{closed}{}", group(&chapter.to_string()))
            }
            item => untrusted(&item.told().unwrap_or_default()),
        }
    }

    fn close(&mut self) -> &'static str {
        if core::mem::take(&mut self.in_group) { end_group() } else { "" }
    }
}

impl View for Azure {
    fn show(&mut self, scene: Scene<'_>) -> String {
        match scene {
            Scene::Grown(timeline) => {
                let items = self.bookmark.turn(timeline);
                items.iter().map(|item| self.item(item)).collect()
            }
            Scene::Resumed(timeline) => {
                self.bookmark.skip(timeline);
                untrusted(&log::resumed(timeline))
            }
            Scene::Warned(warning) => issue(Issue::Warning, &warning.to_string()),
            Scene::Passed(..) => String::new(),
            Scene::Unfit(_) => untrusted(&self.plain.show(scene)),
            Scene::Ended { .. } => {
                let closed = self.close();
                format!("{closed}{}", untrusted(&self.plain.show(scene)))
            }
        }
    }
}
