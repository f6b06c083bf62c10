//! A log: one line an event, for a file or a pipe.

use super::log::{self, Bookmark};
use super::{Scene, View};
use crate::timeline::{Timeline, in_words, next_command};

/// A log without colours and without lines that change.
#[derive(Debug)]
pub struct Plain {
    program: String,
    bookmark: Bookmark,
}

impl Plain {
    /// A log that names this program in the command to run next.
    pub fn new(program: &str) -> Self {
        Self { program: program.to_owned(), bookmark: Bookmark::default() }
    }

    /// What every console says of warnings and of the end.
    pub(super) fn end(&self, scene: Scene<'_>) -> String {
        match scene {
            Scene::Warned(warning) => format!("warning: {}\n", log::foreign(&warning.to_string())),
            Scene::Unfit(why) => format!("warning: the run cannot be shown: {why}\n"),
            Scene::Ended { run, verdict, .. } => {
                let next = next_command(&self.program, run, verdict);
                let next = next.map_or_else(String::new, |next| format!("next: {next}\n"));
                format!("{}\n{next}", in_words(verdict))
            }
            Scene::Resumed(_) | Scene::Grown(_) | Scene::Passed(..) => String::new(),
        }
    }
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
            Scene::Passed(..) | Scene::Warned(_) | Scene::Unfit(_) => self.end(scene),
            Scene::Ended { timeline, .. } => tails(timeline) + &self.end(scene),
        }
    }
}

/// What the failing units said, each line marked as theirs.
fn tails(timeline: Option<&Timeline>) -> String {
    let tail = |(title, words): &(String, String)| {
        let words: String = words.lines().flat_map(|line| ["  | ", line, "\n"]).collect();
        format!("{title}:\n{words}")
    };
    log::tails(timeline).iter().map(tail).collect()
}
