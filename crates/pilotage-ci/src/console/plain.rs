//! A log: one line an event, for a file or a pipe.

use super::log::{self, Bookmark};
use super::{Scene, View};
use crate::timeline::{in_words, next_command};

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
            Scene::Passed(..) => String::new(),
            Scene::Warned(warning) => format!("warning: {}\n", log::foreign(&warning.to_string())),
            Scene::Unfit(why) => format!("warning: the run cannot be shown: {why}\n"),
            Scene::Ended { run, verdict, .. } => {
                let next = next_command(&self.program, run, verdict);
                let next = next.map_or_else(String::new, |next| format!("next: {next}\n"));
                format!("{}\n{next}", in_words(verdict))
            }
        }
    }
}
