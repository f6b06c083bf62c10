//! Listening to a program, line by line.

use core::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_child::pump;
use pilotage_clock::Clock;
use pilotage_redact::Redactor;
use tokio::io::AsyncRead;

use super::tail::Tail;

/// A line that is longer is told in pieces: nobody has to keep what a program never ends.
const LONGEST: usize = 16 << 10;

/// Who hears each line, free of secrets.
pub(super) type Echo = Arc<dyn Fn(&str) + Send + Sync>;

/// What is done with each line.
#[derive(Clone)]
pub(super) struct Ear {
    pub(super) redactor: Redactor,
    pub(super) tail: Arc<Mutex<Tail>>,
    pub(super) echo: Echo,
}

impl Ear {
    /// Listens until there is no more to hear. Secrets are taken out before lines are made of it, so
    /// that one is found that stands in several, or in a line that is told in pieces.
    pub(super) async fn listen(&self, pipe: Option<impl AsyncRead + Unpin>, clock: &dyn Clock) {
        let Some(pipe) = pipe else { return };
        let mut line = Vec::new();
        pump(pipe, &self.redactor, clock, |bytes| {
            for byte in bytes {
                match byte {
                    b'\n' => self.hear(&mut line),
                    byte => line.push(*byte),
                }
                if line.len() >= LONGEST {
                    self.hear(&mut line);
                }
            }
            ControlFlow::Continue(())
        })
        .await;
        if !line.is_empty() {
            self.hear(&mut line);
        }
    }

    fn hear(&self, line: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches('\r');
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        (self.echo)(text);
        line.clear();
    }
}
