//! The thing that the lease is on.

use super::Plant;

/// The thing that the lease is on: a set of changes, and the fence that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Register {
    /// What it contains, one bit a change.
    pub(super) content: u16,
    fence: u64,
    /// The highest fence under which it really accepted anything; it knows nothing of this.
    pub(super) accepted: u64,
    /// Whether it ever accepted a lower one than before.
    pub(super) went_back: bool,
}

impl Register {
    /// Raises the fence, before anything is read.
    pub(super) fn claim(&mut self, fence: u64) -> bool {
        let fits = fence >= self.fence;
        if fits {
            self.fence = fence;
            self.accept(fence);
        }
        fits
    }

    /// Takes a new content, if it is not stale as far as it can tell.
    pub(super) fn write(&mut self, fence: u64, content: u16, plant: Option<Plant>) -> bool {
        let blind = matches!(plant, Some(Plant::NoFence | Plant::CheckThenWrite));
        if !blind && fence < self.fence {
            return false;
        }
        self.fence = self.fence.max(fence);
        self.accept(fence);
        self.content = content;
        true
    }

    fn accept(&mut self, fence: u64) {
        self.went_back |= fence < self.accepted;
        self.accepted = self.accepted.max(fence);
    }
}
