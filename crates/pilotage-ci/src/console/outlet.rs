//! A writer that holds nobody up.
//!
//! A terminal stopped by Ctrl-S, or a log collector that hangs, blocks whoever writes to it; were
//! that the driver, the lease would run out. So text is queued and written by a thread of its own.
//! The queue is bounded; what finds no room is left out, and how much is said once there is room.

use std::collections::VecDeque;
use std::fmt::{self, Debug, Formatter};
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How much text can wait, in bytes: minutes of the busiest run.
const ROOM: usize = 1 << 20;

/// How long the end of the process waits for text that is still to be written.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Where a console's text goes.
pub struct Outlet {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    texts: VecDeque<String>,
    waiting: usize,
    left_out: usize,
    is_closed: bool,
    is_done: bool,
}

impl Outlet {
    /// An outlet that writes to this.
    pub fn new(writer: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let mine = shared.clone();
        thread::Builder::new().name("outlet".into()).spawn(move || mine.write_all(writer))?;
        Ok(Self { shared })
    }

    /// Queues the text as one piece.
    pub fn write(&self, text: String) {
        if text.is_empty() {
            return;
        }
        let mut queue = self.shared.lock();
        queue.take(text);
        drop(queue);
        self.shared.changed.notify_all();
    }
}

impl Drop for Outlet {
    /// Waits a little for what is still to be written.
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.is_closed = true;
        self.shared.changed.notify_all();
        let is_busy = |queue: &mut Queue| !queue.is_done;
        // Whether it timed out makes no difference: the process ends.
        let _either = self.shared.changed.wait_timeout_while(queue, LAST_WORDS, is_busy);
    }
}

impl Queue {
    fn take(&mut self, text: String) {
        if self.waiting + text.len() > ROOM {
            self.left_out += 1;
            return;
        }
        if self.left_out > 0 {
            let left_out = core::mem::take(&mut self.left_out);
            self.push(format!("({left_out} pieces were left out: nobody took them)\n"));
        }
        self.push(text);
    }

    fn push(&mut self, text: String) {
        self.waiting += text.len();
        self.texts.push_back(text);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_all(&self, mut writer: impl Write) {
        while let Some(text) = self.next() {
            // Nobody listens any more; the journal has it all.
            if writer.write_all(text.as_bytes()).and_then(|()| writer.flush()).is_err() {
                break;
            }
        }
        let mut queue = self.lock();
        queue.is_done = true;
        drop(queue);
        self.changed.notify_all();
    }

    fn next(&self) -> Option<String> {
        let is_idle = |queue: &mut Queue| queue.texts.is_empty() && !queue.is_closed;
        let queue = self.changed.wait_while(self.lock(), is_idle);
        let mut queue = queue.unwrap_or_else(PoisonError::into_inner);
        let text = queue.texts.pop_front()?;
        queue.waiting -= text.len();
        Some(text)
    }
}

impl Debug for Outlet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlet").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, Sender};

    use super::*;

    /// Takes text when it is let, and says what it took.
    struct Gate {
        open: Receiver<()>,
        taken: Sender<String>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.open.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            let text = String::from_utf8_lossy(bytes).into_owned();
            self.taken.send(text).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_blocked_writer_blocks_nobody_and_what_was_left_out_is_counted() {
        let (open, opened) = mpsc::channel();
        let (taken, took) = mpsc::channel();
        let outlet = Outlet::new(Gate { open: opened, taken }).unwrap();
        // Whether or not the first is being written already, not all of these have room.
        let large = "x".repeat(ROOM / 3 * 2);
        for _ in 0..3 {
            outlet.write(large.clone());
        }
        outlet.write("small\n".into());
        for _ in 0..9 {
            open.send(()).unwrap();
        }
        drop(outlet);
        let all: Vec<_> = took.into_iter().collect();
        assert_eq!(all.last().map(String::as_str), Some("small\n"));
        let notes = all.iter().filter(|text| text.contains("pieces were left out")).count();
        assert_eq!(notes, 1);
        assert!(all.iter().filter(|text| **text == large).count() < 3);
    }
}
