//! A terminal: what happened scrolls by, what happens now is redrawn below it.

use super::palette::Palette;
use super::{Scene, View, frame, log, plain};
use crate::text::time_of_day;
use crate::timeline::{Ending, Kind, Line, Stay, Timeline, Tone};

/// Moves up over what was drawn and erases it.
fn erase(rows: usize) -> String {
    if rows == 0 { String::new() } else { format!("\u{1b}[{rows}A\r\u{1b}[J") }
}

/// Long lines are cut off rather than wrapped while the frame is drawn, for a wrapped one has more
/// rows than are erased.
const KEEP_ROWS: &str = "\u{1b}[?7l";
const WRAP_AGAIN: &str = "\u{1b}[?7h";

/// A view that is redrawn in place.
#[derive(Debug)]
pub struct Live {
    palette: Palette,
    drawn: usize,
    lines: usize,
    ended: usize,
}

impl Live {
    /// A view in these colours.
    pub const fn new(palette: Palette) -> Self {
        Self { palette, drawn: 0, lines: 0, ended: 0 }
    }

    /// Replaces the frame by text that stays, and draws the frame below it.
    fn draw(&mut self, stays: &str, frame: &[String]) -> String {
        let erased = erase(self.drawn);
        self.drawn = frame.len();
        if frame.is_empty() {
            return erased + stays;
        }
        let frame: String = frame.iter().flat_map(|row| [row, "\n"]).collect();
        format!("{erased}{stays}{KEEP_ROWS}{frame}{WRAP_AGAIN}")
    }

    /// What happened since it was asked last and shall stay readable.
    fn scroll(&mut self, timeline: &Timeline) -> String {
        let lines = timeline.lines().get(self.lines..).unwrap_or_default();
        let told = lines.iter().filter(|line| is_worth_keeping(line));
        let told: String = told.map(|line| self.line(line)).collect();
        let stays = timeline.stays().iter().filter(|stay| stay.to.is_some());
        let ended: String = stays.skip(self.ended).map(|stay| self.stay(stay)).collect();
        self.skip(timeline);
        told + &ended
    }

    fn skip(&mut self, timeline: &Timeline) {
        self.lines = timeline.lines().len();
        self.ended = timeline.stays().iter().filter(|stay| stay.to.is_some()).count();
    }

    fn line(&self, line: &Line) -> String {
        let sign = match line.tone {
            Tone::Good => "✓",
            Tone::Plain => "·",
            Tone::Odd | Tone::Bad => "!",
        };
        let text = self.palette.tone(line.tone, &format!("{sign} {}", line.text));
        format!("{}  {text}\n", self.palette.faint(&time_of_day(line.at)))
    }

    fn stay(&self, stay: &Stay) -> String {
        let to = stay.to.unwrap_or(stay.from);
        let (sign, tone) = match stay.ending {
            Ending::Done => ("✓", Tone::Good),
            Ending::Failed => ("✗", Tone::Bad),
            Ending::Left | Ending::UnderWay => ("…", Tone::Odd),
        };
        let (at, sign) = (self.palette.faint(&time_of_day(to)), self.palette.tone(tone, sign));
        let taken = self.palette.faint(&format!("({})", stay.taken(to)));
        let word = if stay.ending == Ending::Done { "" } else { stay.ending.word() };
        format!("{at}  {sign} {} {word}{taken}\n", stay.task, word = spaced(word))
    }
}

fn spaced(word: &str) -> String {
    if word.is_empty() { String::new() } else { format!("{word} ") }
}

fn is_worth_keeping(line: &Line) -> bool {
    let is_said_by_people = matches!(line.kind, Kind::Judge | Kind::Person | Kind::Signal);
    let is_wrong = matches!(line.tone, Tone::Odd | Tone::Bad);
    !line.quiet && (is_wrong || is_said_by_people && line.tone == Tone::Good)
}

impl View for Live {
    fn show(&mut self, scene: Scene<'_>) -> String {
        match scene {
            Scene::Resumed(timeline) => {
                self.skip(timeline);
                self.draw(
                    &log::resumed(timeline),
                    &frame::of(timeline, timeline.now(), self.palette),
                )
            }
            Scene::Grown(timeline) => {
                let stays = self.scroll(timeline);
                self.draw(&stays, &frame::of(timeline, timeline.now(), self.palette))
            }
            Scene::Passed(timeline, now) => {
                let now = now.max(timeline.now());
                self.draw("", &frame::of(timeline, now, self.palette))
            }
            Scene::Warned(warning) => {
                self.draw(&self.palette.tone(Tone::Odd, &log::warned(warning)), &[])
            }
            Scene::Unfit(why) => self.draw(&self.palette.tone(Tone::Odd, &log::unfit(why)), &[]),
            Scene::Ended(timeline) => {
                self.draw(&self.palette.tone(Tone::Bad, &plain::tails(timeline)), &[])
            }
        }
    }
}
