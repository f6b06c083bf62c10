//! A log with a group for each part of the run, in the words of one CI system.

use core::fmt::Debug;

use super::log::{self, Bookmark, Item};
use super::{Scene, View};
use crate::timeline::Timeline;

/// What a CI system's logs are made of.
pub(super) trait Dialect: Debug + Send {
    /// Opens a group; groups do not nest.
    fn group(&self, title: &str) -> String;

    /// Closes it.
    fn end_group(&self) -> String;

    /// Text in which only names are from outside.
    fn own(&self, text: &str) -> String;

    /// Text that repeats what somebody outside said, without any power over the CI system.
    fn foreign(&self, text: &str) -> String;

    /// A warning that people find outside of the log as well.
    fn warning(&mut self, text: &str) -> String;
}

/// A log with groups.
#[derive(Debug)]
pub(super) struct Grouped<D> {
    dialect: D,
    bookmark: Bookmark,
    in_group: bool,
}

impl<D: Dialect> Grouped<D> {
    pub(super) fn new(dialect: D) -> Self {
        Self { dialect, bookmark: Bookmark::default(), in_group: false }
    }

    fn item(&mut self, item: &Item<'_>) -> String {
        let told = item.told().unwrap_or_default();
        match item {
            Item::Chapter(chapter) => self.close() + &self.open(&chapter.to_string()),
            item if item.is_foreign() => self.dialect.foreign(&told),
            _ => self.dialect.own(&told),
        }
    }

    fn open(&mut self, title: &str) -> String {
        self.in_group = true;
        self.dialect.group(title)
    }

    fn close(&mut self) -> String {
        if core::mem::take(&mut self.in_group) { self.dialect.end_group() } else { String::new() }
    }

    /// What the failing units said, a group each.
    fn tails(&self, timeline: Option<&Timeline>) -> String {
        let Self { dialect, .. } = self;
        let tail = |(title, words): &(String, String)| {
            dialect.group(title) + &dialect.foreign(words) + &dialect.end_group()
        };
        log::tails(timeline).iter().map(tail).collect()
    }
}

impl<D: Dialect> View for Grouped<D> {
    fn show(&mut self, scene: Scene<'_>) -> String {
        match scene {
            Scene::Grown(timeline) => {
                let items = self.bookmark.turn(timeline);
                items.iter().map(|item| self.item(item)).collect()
            }
            Scene::Resumed(timeline) => {
                self.bookmark.skip(timeline);
                self.dialect.own(&log::resumed(timeline))
            }
            Scene::Warned(warning) => self.dialect.warning(&warning.to_string()),
            Scene::Passed(timeline, now) => {
                let waits = self.bookmark.silence(timeline, now).unwrap_or_default();
                self.dialect.own(&waits)
            }
            Scene::Unfit(why) => self.dialect.foreign(&log::unfit(why)),
            Scene::Ended(timeline) => self.close() + &self.tails(timeline),
        }
    }
}
