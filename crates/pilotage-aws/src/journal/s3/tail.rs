//! The segment that the next line belongs to.

use pilotage_driver::journal::Head;
use pilotage_driver::role::StoreError;
use pilotage_rollout::journal::RunId;

use super::{Entry, S3Journals};
use crate::bucket::Listed;

/// From how many bytes on a segment is long. Each line sends its segment anew, so this bounds what
/// a line costs; and a usual journal is few of them.
const LONG: usize = 128 << 10;

/// The last segment of a journal, or the one that is about to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// How many bytes of the journal are in segments before it.
    pub(super) offset: u64,
    pub(super) body: Vec<u8>,
    /// What is known of the object; nothing as long as there is none.
    pub(super) tag: Option<String>,
}

impl Tail {
    /// The segment that has to be written for this line to be added.
    pub(super) fn with(self, line: &[u8]) -> Self {
        if self.body.len() >= LONG {
            let offset = self.offset + self.body.len() as u64;
            return Self { offset, body: line.to_vec(), tag: None };
        }
        Self { body: [self.body.as_slice(), line].concat(), ..self }
    }

    /// The name of its object.
    pub(super) fn name(&self, run: &RunId) -> String {
        format!("{run}/{:012}", self.offset)
    }

    /// Whether a journal that ends with this segment ends here.
    fn ends_at(&self, head: &Head) -> bool {
        let ends = self.offset + self.body.len() as u64 == head.bytes();
        let last = usize::try_from(head.last_bytes()).unwrap_or(usize::MAX);
        let line = self.body.len().checked_sub(last).and_then(|at| self.body.get(at..));
        ends && line.is_some_and(|line| head.is_line(line))
    }
}

impl S3Journals {
    /// The segments of a journal, in their order.
    pub(super) async fn segments(&self, run: &RunId) -> Result<Vec<Listed>, StoreError> {
        let listed = self.objects.list(&format!("{run}/")).await;
        let mut listed = listed.map_err(|why| self.unavailable(why))?;
        listed.retain(|object| offset(object).is_some());
        if listed.is_empty() {
            return Err(StoreError::NotFound { run: run.clone(), place: self.objects.place() });
        }
        Ok(listed)
    }

    /// The last segment, if the journal ends where it is expected to.
    pub(super) async fn find(&self, entry: &Entry<'_>) -> Result<Tail, StoreError> {
        let segments = self.segments(entry.run).await?;
        let Some((last, offset)) = segments.last().and_then(|last| Some((last, offset(last)?)))
        else {
            return Err(entry.absent(self.objects.place()));
        };
        let found = self.objects.get(&last.name).await.map_err(|why| self.unavailable(why))?;
        let Some((body, tag)) = found else { return Err(entry.absent(self.objects.place())) };
        let tail = Tail { offset, body, tag: Some(tag) };
        if tail.ends_at(entry.expected) {
            return Ok(tail);
        }
        let bytes = tail.offset + tail.body.len() as u64;
        Err(entry.conflict(format!("it has {bytes} bytes")))
    }
}

/// The offset that the name of a segment tells.
fn offset(object: &Listed) -> Option<u64> {
    let (_, number) = object.name.rsplit_once('/')?;
    number.parse().ok().filter(|_| number.len() == 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_segment_is_replaced_and_a_long_one_is_followed() {
        let first = Tail::default().with(b"one\n");
        assert_eq!(first.name(&RunId("r".into())), "r/000000000000");
        let written = Tail { tag: Some("\"1\"".into()), ..first };
        let second = written.with(b"two\n");
        assert_eq!(
            (second.body.as_slice(), second.tag.as_deref()),
            (&b"one\ntwo\n"[..], Some("\"1\""))
        );
        let long = Tail { offset: 7, body: vec![b'x'; LONG], tag: Some("\"2\"".into()) };
        let next = long.with(b"three\n");
        let expected = Tail { offset: 7 + LONG as u64, body: b"three\n".to_vec(), tag: None };
        assert_eq!(next, expected);
    }
}
