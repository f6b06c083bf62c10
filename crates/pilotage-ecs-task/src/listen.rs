//! Listening to the containers of a task, while they speak and until they have said all.
//!
//! - **Lines are masked** under the veil, also where a secret goes over several of them.
//! - **All of it is read**: after the task has stopped, until nothing new comes *and* the time is over in
//!   which what was said may still arrive.
//! - **Memory is bounded**: a page at a time, a line in pieces if it is long, a few last lines.
//! - **What cannot be read is said once**, and is no reason for anything else. Unknown is said as unknown.

use std::collections::VecDeque;

use pilotage_aws::ecs::{Draft, Task};
use pilotage_aws::logs::{LogStream, Logs, Position, streams};
use pilotage_aws::{Failure, Kind};
use pilotage_clock::Clock;
use pilotage_redact::{Stream, Veil};
use pilotage_rollout::Span;

/// How long after it was said a line may arrive.
const LAG: Span = Span::from_secs(5);
/// How long it is read on at most, where there is always something new.
const LONGEST: Span = Span::from_secs(60);
/// The pause between two looks at a log that is read to its end.
const PAUSE: Span = Span::from_millis(500);
/// The most pages of a container that are read at one look.
const MOST_PAGES: usize = 10;
/// A line that is longer is told in pieces.
const LONGEST_LINE: usize = 16 << 10;
/// The last lines that are kept of a container, and how much of each.
const LAST_LINES: usize = 5;
const LAST_CHARS: usize = 300;

/// What is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A container has said something, free of secrets.
    Line {
        /// Which.
        container: String,
        /// What.
        text: String,
    },
    /// Its words cannot be read, or not all of them.
    Deaf {
        /// Which.
        container: String,
        /// Why.
        reason: String,
    },
}

/// Who listens to the containers of one task.
#[derive(Debug)]
pub struct Listener {
    logs: Logs,
    ears: Vec<Ear>,
}

/// One container.
struct Ear {
    container: String,
    place: Result<LogStream, String>,
    from: Position,
    mask: Stream,
    line: Vec<u8>,
    last: VecDeque<String>,
    /// Whether it was said that this container cannot be heard.
    is_told: bool,
    /// Why the last look has not gone to the end.
    trouble: Option<Failure>,
}

impl Listener {
    /// The containers of a task that is made from this draft.
    pub fn new(logs: &Logs, veil: &Veil, draft: &Draft, task: &str) -> Self {
        let redactor = veil.redactor();
        let ear = |(container, place): (String, Result<LogStream, _>)| Ear {
            container,
            place: place.map_err(|why: pilotage_aws::logs::Unlogged| why.to_string()),
            from: Position::Beginning,
            mask: redactor.stream(),
            line: Vec::new(),
            last: VecDeque::new(),
            is_told: false,
            trouble: None,
        };
        let ears = streams(draft.document(), task).into_iter().map(ear).collect();
        Self { logs: logs.clone(), ears }
    }

    /// Tells what has come since. A stream that is not there yet is no trouble. Says whether there was
    /// anything new.
    pub async fn hear(&mut self, tell: &mut (dyn FnMut(Heard) + Send)) -> bool {
        let mut is_new = false;
        for ear in &mut self.ears {
            is_new |= ear.hear(&self.logs, tell).await;
        }
        is_new
    }

    /// Tells all that there is, once the task has stopped.
    pub async fn drain(
        &mut self,
        task: &Task,
        clock: &dyn Clock,
        tell: &mut (dyn FnMut(Heard) + Send),
    ) {
        let begun = clock.elapsed();
        let mut until = begun + left(task);
        loop {
            let is_new = self.hear(tell).await;
            let now = clock.elapsed();
            if is_new {
                until = now + LAG;
            }
            if now >= until || now >= begun + LONGEST || !self.has_something_to_read() {
                break;
            }
            clock.sleep(PAUSE).await;
        }
        self.ears.iter_mut().for_each(|ear| ear.finish(tell));
    }

    /// The last lines of a container.
    pub fn last_words(&self, container: &str) -> Vec<String> {
        let ear = self.ears.iter().find(|ear| ear.container == container);
        ear.map(|ear| ear.last.iter().cloned().collect()).unwrap_or_default()
    }

    fn has_something_to_read(&self) -> bool {
        self.ears.iter().any(|ear| ear.place.is_ok())
    }
}

/// How long what was said may still arrive. What has passed between the end of the containers and that
/// of the task has passed already; both are times of the same server.
fn left(task: &Task) -> Span {
    let passed = match (task.execution_stopped_at, task.stopped_at) {
        (Some(said), Some(stopped)) => stopped.since(said),
        _ => Span::ZERO,
    };
    Span::from_millis(LAG.as_millis().saturating_sub(passed.as_millis()))
}

impl Ear {
    async fn hear(&mut self, logs: &Logs, tell: &mut (dyn FnMut(Heard) + Send)) -> bool {
        let place = match &self.place {
            Ok(place) => place.clone(),
            Err(why) => {
                let why = why.clone();
                self.deaf(why, tell);
                return false;
            }
        };
        let mut is_new = false;
        for _ in 0..MOST_PAGES {
            match logs.read(&place, &self.from).await {
                Ok(page) => {
                    self.trouble = None;
                    page.lines.iter().for_each(|line| self.take(line, tell));
                    is_new |= !page.lines.is_empty();
                    let mark = page.mark.map_or_else(|| self.from.clone(), Position::Mark);
                    let is_end = mark == self.from;
                    self.from = mark;
                    if is_end {
                        break;
                    }
                }
                Err(failure) => {
                    self.fail(failure, tell);
                    break;
                }
            }
        }
        is_new
    }

    /// What is not there yet may come, and what is too much passes; what is not allowed does not.
    fn fail(&mut self, failure: Failure, tell: &mut (dyn FnMut(Heard) + Send)) {
        if failure.kind() != Kind::Missing && failure.kind().stays() {
            let why = format!("what it says is unknown: {failure}");
            self.place = Err(why.clone());
            self.deaf(why, tell);
        } else {
            self.trouble = Some(failure);
        }
    }

    fn deaf(&mut self, reason: String, tell: &mut (dyn FnMut(Heard) + Send)) {
        if !std::mem::replace(&mut self.is_told, true) {
            tell(Heard::Deaf { container: self.container.clone(), reason });
        }
    }

    fn take(&mut self, line: &str, tell: &mut (dyn FnMut(Heard) + Send)) {
        let mut out = Vec::new();
        self.mask.push(line.trim_end_matches('\n').as_bytes(), &mut out);
        self.mask.push(b"\n", &mut out);
        self.tell(&out, tell);
    }

    fn tell(&mut self, bytes: &[u8], tell: &mut (dyn FnMut(Heard) + Send)) {
        for byte in bytes {
            if *byte == b'\n' || self.line.len() >= LONGEST_LINE {
                self.end_line(tell);
            }
            if *byte != b'\n' {
                self.line.push(*byte);
            }
        }
    }

    fn end_line(&mut self, tell: &mut (dyn FnMut(Heard) + Send)) {
        let text = String::from_utf8_lossy(&self.line).trim_end_matches('\r').to_owned();
        self.line.clear();
        self.last.push_back(text.chars().take(LAST_CHARS).collect());
        if self.last.len() > LAST_LINES {
            self.last.pop_front();
        }
        tell(Heard::Line { container: self.container.clone(), text });
    }

    /// There will be no more.
    fn finish(&mut self, tell: &mut (dyn FnMut(Heard) + Send)) {
        let mut out = Vec::new();
        self.mask.finish(&mut out);
        self.tell(&out, tell);
        if !self.line.is_empty() {
            self.end_line(tell);
        }
        if let Some(failure) = self.trouble.take() {
            let is_absent = failure.kind() == Kind::Missing && self.from == Position::Beginning;
            let reason = if is_absent {
                format!("it has left no log: it never started, or could not write ({failure})")
            } else {
                format!("the end of what it said is unknown: {failure}")
            };
            self.deaf(reason, tell);
        }
    }
}

impl std::fmt::Debug for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ear").field("container", &self.container).finish_non_exhaustive()
    }
}
