//! A log: one line an event, for a file or a pipe.

use super::log::{self, Bookmark};
use super::{Scene, View};
use crate::timeline::Timeline;

/// A log without colours and without lines that change.
#[derive(Debug, Default)]
pub struct Plain {
    bookmark: Bookmark,
}

impl View for Plain {
    fn show(&mut self, scene: Scene<'_>) -> String {
        match scene {
            Scene::Resumed(timeline) => {
                self.bookmark.skip(timeline);
                log::resumed(timeline)
            }
            Scene::Grown(timeline) => {
                self.bookmark.turn(timeline).iter().filter_map(log::Item::told).collect()
            }
            Scene::Passed(timeline, now) => {
                self.bookmark.silence(timeline, now).unwrap_or_default()
            }
            Scene::Warned(warning) => log::warned(warning),
            Scene::Unfit(why) => log::unfit(why),
            Scene::Ended(timeline) => tails(timeline),
        }
    }
}

/// What the failing units said, each line marked as theirs.
pub(super) fn tails(timeline: Option<&Timeline>) -> String {
    let tail = |(title, words): &(String, String)| {
        let words: String = words.lines().flat_map(|line| ["  | ", line, "\n"]).collect();
        format!("{title}:\n{words}")
    };
    log::tails(timeline).iter().map(tail).collect()
}
