//! Protocols that are broken on purpose, to see that the model can tell.

/// A protocol that is broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plant {
    /// The register accepts whatever comes.
    NoFence,
    /// The process looks at the lease right before it writes; the register accepts whatever comes.
    CheckThenWrite,
    /// The register compares fences at writes, but nobody claims theirs before they read.
    FenceOnWriteOnly,
    /// Giving up deletes the record.
    DeletedRecord,
    /// The store does not compare what it swaps.
    BlindStore,
    /// Others are robbed before their time.
    HastyThief,
    /// One clock goes twice as fast as another.
    FastClock,
    /// Nobody ever takes the place of the dead.
    EndlessPatience,
}

impl Plant {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NoFence,
        Self::CheckThenWrite,
        Self::FenceOnWriteOnly,
        Self::DeletedRecord,
        Self::BlindStore,
        Self::HastyThief,
        Self::FastClock,
        Self::EndlessPatience,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoFence => "no-fence",
            Self::CheckThenWrite => "check-then-write",
            Self::FenceOnWriteOnly => "fence-on-write-only",
            Self::DeletedRecord => "deleted-record",
            Self::BlindStore => "blind-store",
            Self::HastyThief => "hasty-thief",
            Self::FastClock => "fast-clock",
            Self::EndlessPatience => "endless-patience",
        }
    }
}
