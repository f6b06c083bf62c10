//! The log of a GitHub Actions step: a group for each part of the run, annotations for what is odd.

use super::log::{self, Bookmark, Item};
use super::{Plain, Scene, View};
use crate::ci::github::{Annotations, Level, Token, end_group, group, untrusted};
use crate::ci::{CiError, defused};
use crate::timeline::Timeline;

/// A log with groups.
///
/// Its own lines begin with a time, which no command does. What repeats text from outside stands
/// between commands that stop and resume the runner's search for commands, each time under a token
/// of its own, because the runner shows it.
#[derive(Debug)]
pub struct GitHub {
    new_token: fn() -> Result<Token, CiError>,
    plain: Plain,
    bookmark: Bookmark,
    annotations: Annotations,
    in_group: bool,
}

impl GitHub {
    /// A log whose foreign text is guarded by tokens from here, usually [`Token::random`].
    pub fn new(program: &str, new_token: fn() -> Result<Token, CiError>) -> Self {
        Self {
            new_token,
            plain: Plain::new(program),
            bookmark: Bookmark::default(),
            annotations: Annotations::default(),
            in_group: false,
        }
    }

    fn item(&mut self, item: &Item<'_>) -> String {
        let told = item.told().unwrap_or_default();
        match item {
            Item::Chapter(chapter) => self.close() + &self.open(&chapter.to_string()),
            item if item.is_foreign() => self.guarded(&told),
            _ => defused(&told),
        }
    }

    /// Text from outside; without a token it is not shown at all.
    fn guarded(&self, text: &str) -> String {
        match (self.new_token)() {
            Ok(token) => untrusted(&token, text),
            Err(error) => format!("(left out: {error})\n"),
        }
    }

    fn open(&mut self, title: &str) -> String {
        self.in_group = true;
        group(title)
    }

    fn close(&mut self) -> String {
        if core::mem::take(&mut self.in_group) { end_group() } else { String::new() }
    }

    /// What the failing units said, a group each.
    fn tails(&self, timeline: Option<&Timeline>) -> String {
        let tail =
            |(title, words): &(String, String)| group(title) + &self.guarded(words) + &end_group();
        log::tails(timeline).iter().map(tail).collect()
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
                defused(&log::resumed(timeline))
            }
            Scene::Warned(warning) => {
                self.annotations.say(Level::Warning, "pilotage", &warning.to_string())
            }
            Scene::Passed(..) => String::new(),
            Scene::Unfit(_) => self.guarded(&self.plain.end(scene)),
            Scene::Ended { timeline, .. } => {
                self.close() + &self.tails(timeline) + &self.guarded(&self.plain.end(scene))
            }
        }
    }
}
