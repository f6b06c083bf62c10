//! Brings what the child writes to one of our streams, with secrets masked.

use pilotage_cli::Out;
use pilotage_clock::Clock;
use pilotage_redact::{Redactor, Stream};
use pilotage_rollout::Span;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How long the beginning of a possible secret is held back: a prompt must not wait for more.
const PATIENCE: Span = Span::from_millis(100);

/// Goes on until the child closes its end, or nobody reads ours.
pub(super) async fn pump(
    mut from: impl AsyncRead + Unpin,
    to: &Out,
    redactor: &Redactor,
    clock: &dyn Clock,
) {
    let mut held = Held(redactor.stream());
    let mut buffer = vec![0; 1 << 16];
    loop {
        let waits = held.0.held_back() > 0;
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            () = clock.sleep(PATIENCE), if waits => {
                held.pass(to, Stream::flush);
                continue;
            }
        };
        // A stream that breaks has ended.
        let count = read.unwrap_or(0);
        if count == 0 {
            return held.pass(to, Stream::finish);
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        held.pass(to, |stream, out| stream.push(bytes, out));
        if to.is_closed() {
            // The child gets to know it at its next write.
            return;
        }
    }
}

/// What is held back of a stream.
struct Held(Stream);

impl Held {
    fn pass(&mut self, to: &Out, step: impl FnOnce(&mut Stream, &mut Vec<u8>)) {
        let mut out = Vec::new();
        step(&mut self.0, &mut out);
        // Who cannot be written to is looked at after it.
        let _ = to.write_bytes(&out);
    }
}
