//! The log of an Azure Pipelines step: a group for each part of the run, issues for what is odd.

use super::log::{self, Bookmark, Item};
use super::{Plain, Scene, View};
use crate::ci::azure::{Issue, end_group, group, issue, untrusted};
use crate::timeline::Timeline;

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
            Item::Chapter(chapter) => self.close() + &self.open(&chapter.to_string()),
            item => untrusted(&item.told().unwrap_or_default()),
        }
    }

    fn open(&mut self, title: &str) -> String {
        self.in_group = true;
        group(title)
    }

    fn close(&mut self) -> String {
        if core::mem::take(&mut self.in_group) { end_group() } else { String::new() }
    }
}

/// What the failing units said, a group each.
fn tails(timeline: Option<&Timeline>) -> String {
    let tail = |(title, words): &(String, String)| group(title) + &untrusted(words) + &end_group();
    log::tails(timeline).iter().map(tail).collect()
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
            Scene::Unfit(_) => untrusted(&self.plain.end(scene)),
            Scene::Ended { timeline, .. } => {
                self.close() + &tails(timeline) + &untrusted(&self.plain.end(scene))
            }
        }
    }
}
