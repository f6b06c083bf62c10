//! Listening to a program, line by line.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::Veil;
use super::tail::Tail;

/// A line that is longer is told in pieces: nobody has to keep what a program never ends.
const LONGEST: usize = 16 << 10;

/// Who hears each line, free of secrets.
pub(super) type Echo = Arc<dyn Fn(&str) + Send + Sync>;

/// What is done with each line.
#[derive(Clone)]
pub(super) struct Ear {
    pub(super) veil: Veil,
    pub(super) tail: Arc<Mutex<Tail>>,
    pub(super) echo: Echo,
}

impl Ear {
    /// Listens until there is no more to hear.
    pub(super) async fn listen(&self, pipe: Option<impl AsyncRead + Unpin>) {
        let Some(mut pipe) = pipe else { return };
        let (mut chunk, mut line) = (vec![0; 8 << 10], Vec::new());
        while let Ok(read @ 1..) = pipe.read(&mut chunk).await {
            for byte in chunk.iter().take(read) {
                match byte {
                    b'\n' => self.hear(&mut line),
                    byte => line.push(*byte),
                }
                if line.len() >= LONGEST {
                    self.hear(&mut line);
                }
            }
        }
        if !line.is_empty() {
            self.hear(&mut line);
        }
    }

    fn hear(&self, line: &mut Vec<u8>) {
        let text = self.veil.cover(String::from_utf8_lossy(line).trim_end_matches('\r'));
        line.clear();
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).push(&text);
        (self.echo)(&text);
    }
}
