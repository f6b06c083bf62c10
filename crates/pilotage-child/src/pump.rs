//! Brings what a child writes to somebody, with secrets masked.

use core::ops::ControlFlow;

use pilotage_clock::Clock;
use pilotage_redact::{Redactor, Stream};
use pilotage_rollout::Span;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How long the beginning of a possible secret is held back: a prompt must not wait for more.
const PATIENCE: Span = Span::from_millis(100);

/// Goes on until the child closes its end, or whoever is told wants no more.
pub async fn pump(
    mut from: impl AsyncRead + Unpin,
    redactor: &Redactor,
    clock: &dyn Clock,
    mut tell: impl FnMut(&[u8]) -> ControlFlow<()>,
) {
    let (mut stream, mut out) = (redactor.stream(), Vec::new());
    let mut buffer = vec![0; 1 << 16];
    let mut pass = |stream: &mut Stream, step: &dyn Fn(&mut Stream, &mut Vec<u8>)| {
        out.clear();
        step(stream, &mut out);
        if out.is_empty() { ControlFlow::Continue(()) } else { tell(&out) }
    };
    loop {
        let waits = stream.held_back() > 0;
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            () = clock.sleep(PATIENCE), if waits => {
                if pass(&mut stream, &Stream::flush).is_break() {
                    return;
                }
                continue;
            }
        };
        // A stream that breaks has ended.
        let count = read.unwrap_or(0);
        if count == 0 {
            // Nothing follows, whatever the answer is.
            let _ = pass(&mut stream, &Stream::finish);
            return;
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        if pass(&mut stream, &|stream, out| stream.push(bytes, out)).is_break() {
            // The child gets to know it at its next write.
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use pilotage_redact::Secrets;
    use pilotage_testkit::fake::HastyClock;
    use tokio::io::{AsyncWriteExt as _, duplex};
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    fn redactor() -> Redactor {
        let mut secrets = Secrets::new();
        assert!(secrets.add("KEY", b"correct horse").is_empty());
        secrets.redactor()
    }

    #[tokio::test]
    async fn a_secret_in_two_pieces_is_masked_and_a_beginning_does_not_wait_for_ever() {
        let (mut child, ours) = duplex(64);
        let (redactor, clock) = (redactor(), HastyClock::default());
        let (tell, mut told) = unbounded_channel::<Vec<u8>>();
        let pumped = pump(ours, &redactor, &clock, move |bytes| {
            tell.send(bytes.to_vec()).expect("somebody hears");
            ControlFlow::Continue(())
        });
        let child = async move {
            child.write_all(b"say corr").await.expect("written");
            let mut heard = told.recv().await.expect("what cannot be a secret");
            assert_eq!(heard, b"say ");
            heard.extend(told.recv().await.expect("a beginning, after a moment"));
            child.write_all(b"ect horse, co").await.expect("written");
            drop(child);
            while let Some(more) = told.recv().await {
                heard.extend(more);
            }
            assert_eq!(String::from_utf8_lossy(&heard), "say [secret:KEY], co");
        };
        tokio::join!(pumped, child);
    }

    #[tokio::test]
    async fn who_wants_no_more_is_told_no_more() {
        let (mut child, ours) = duplex(64);
        child.write_all(b"one").await.expect("written");
        let mut calls = 0;
        pump(ours, &redactor(), &HastyClock::default(), |_| {
            calls += 1;
            ControlFlow::Break(())
        })
        .await;
        assert_eq!(calls, 1);
        assert!(child.write_all(b"two").await.is_err(), "nobody reads");
    }
}
