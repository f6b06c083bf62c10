//! The log of a GitHub Actions step: a group for each part of the run, annotations for what is odd.

use super::log::{self, Bookmark, Item};
use super::{Plain, Scene, View};
use crate::ci::github::{Annotations, Level, Token, end_group, group, untrusted};

/// A log with groups. All lines of it stand between commands that keep the runner from taking
/// them for commands.
#[derive(Debug)]
pub struct GitHub {
    token: Token,
    plain: Plain,
    bookmark: Bookmark,
    annotations: Annotations,
    in_group: bool,
}

impl GitHub {
    /// A log whose text is guarded by this token.
    pub fn new(program: &str, token: Token) -> Self {
        Self {
            token,
            plain: Plain::new(program),
            bookmark: Bookmark::default(),
            annotations: Annotations::default(),
            in_group: false,
        }
    }

    fn item(&mut self, item: &Item<'_>) -> String {
        match item {
            Item::Chapter(chapter) => self.close() + &self.open(&chapter.to_string()),
            item => untrusted(&self.token, &item.told().unwrap_or_default()),
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

impl View for GitHub {
    fn show(&mut self, scene: Scene<'_>) -> String {
        match scene {
            Scene::Grown(timeline) => {
                let items = self.bookmark.turn(timeline);
                items.iter().map(|item| self.item(item)).collect()
            }
            Scene::Resumed(timeline) => {
                self.bookmark.skip(timeline);
                untrusted(&self.token, &log::resumed(timeline))
            }
            Scene::Warned(warning) => {
                self.annotations.say(Level::Warning, "pilotage", &warning.to_string())
            }
            Scene::Passed(..) => String::new(),
            Scene::Unfit(_) => untrusted(&self.token, &self.plain.show(scene)),
            Scene::Ended { .. } => {
                let closed = self.close();
                closed + &untrusted(&self.token, &self.plain.show(scene))
            }
        }
    }
}
