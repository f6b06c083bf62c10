//! The lines of `--json`: the news of a run, one object a line.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use pilotage_driver::role::{News, Watcher};

use crate::Out;

/// Writes the news of a run as they come. A slow reader never holds up the run: the lines wait in
/// memory, and a run makes only so many.
#[derive(Debug)]
pub(crate) struct JsonLines {
    sender: Mutex<Option<Sender<String>>>,
    writer: Mutex<Option<JoinHandle<io::Result<()>>>>,
}

impl JsonLines {
    pub(crate) fn new(out: Out) -> Self {
        let (sender, lines) = channel::<String>();
        let write = move || lines.iter().try_for_each(|line| out.line(&line));
        let writer = std::thread::spawn(write);
        Self { sender: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)) }
    }

    /// Waits until all lines are written.
    pub(crate) fn finish(&self) -> io::Result<()> {
        *self.sender.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(writer) = writer else { return Ok(()) };
        writer.join().unwrap_or_else(|_| Err(io::Error::other("the writer of the lines died")))
    }
}

impl Watcher for JsonLines {
    fn see(&self, news: &News<'_>) {
        // Serialising plain data to memory cannot fail; were it to, the line would be left out.
        let Ok(line) = serde_json::to_string(news) else { return };
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        // A writer that has ended met an error, which `finish` tells.
        let _unread = sender.as_ref().map(|sender| sender.send(line));
    }
}
