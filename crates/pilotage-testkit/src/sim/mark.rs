//! Coverage marks: situations that must really have occurred, or the proof is empty.

macro_rules! marks {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A situation that must have occurred in some run.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Mark { $($(#[$doc])* #[doc = $text] $name,)* }

        impl Mark {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What has occurred.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

marks! {
    Deployed = "a run ended deployed",
    Reverted = "a run ended reverted",
    Refused = "a run was refused before anything was written",
    Unknown = "a run stood still because the target could not be read",
    Held = "a candidate was held as the only healthy copy",
    Stuck = "going back failed and a person was called",
    Paused = "a run waited for a person",
    Drifted = "a run stood still because of somebody else's change",
    Superseded = "a run met a newer owner",
    Interrupted = "a run was interrupted",
    FirstDeploy = "a first deploy ended deployed",
    RolledBack = "a rollback run ended deployed",
    FixedForward = "a new release replaced one that was down",
    Delegated = "a delegated rollout ended deployed",
    PlatformGaveUp = "the platform gave up and the run was reverted",
    PlatformPaused = "the platform waited at a hook and was let go on",
    DrivenRolling = "a rolling update in batches ended deployed",
    Canaried = "a canary ended deployed",
    Switched = "a blue/green deploy ended deployed",
    JudgeFailed = "the judge found the candidate worse",
    JudgeStarved = "the judge had no data until its horizon",
    SmokeFailed = "a smoke check failed for good",
    SmokeRecovered = "a smoke check failed once and then passed",
    PersonDeclined = "a person said no",
    MigratedFirst = "migrations were applied before the candidate served",
    MigrationDirty = "a migration failed half-way and the run was reverted",
    MigrationAwaited = "a resumed run waited for a migration that was under way",
    UnhealthyReverted = "a candidate that never became healthy was disposed of",
    FadedReverted = "a candidate that became bad under traffic was taken back",
    HopelessFast = "a candidate that cannot start failed at once",
    AbortedBeforeShift = "a run was aborted before any traffic moved",
    AbortedAfterShift = "a run was aborted with traffic on the candidate",
    AbortedAfterRetirement = "a run was aborted after the stable release was stopped",
    UnknownWasApplied = "a write without an answer turned out to be applied",
    UnknownWasLost = "a write without an answer turned out to be lost and was sent again",
    LateLanded = "a write landed after it was given up",
    LateRefused = "a late write was refused by its stamp",
    SleeperRefused = "a suspended process woke up and was refused",
    CrashedForward = "a process died on the way forward",
    CrashedBackward = "a process died on the way back",
    ResumedBackward = "a run that went back was resumed and went on going back",
    CrashedTwice = "a run survived two deaths",
    OldAnswer = "a read showed an old state",
    SettledBeforeStop = "units were stopped only after a lost write could no longer land",
    DrainTimedOut = "requests outlived the drain deadline",
    Resized = "the whole grew with an autoscaler",
    LostUnit = "a unit of the candidate was lost and the run went on",
    JournalFailed = "a record could not be written and the process stopped",
    LeaseLost = "the lease was lost and another process finished",
    LongGone = "a run was resumed after a long time",
    Rolled = "the platform rolled back at the engine's request",
    Retrimmed = "the stable release was brought back to full size on the way back",
    TargetRefused = "the target refused an order and the run was reverted",
    TimedOut = "a stage took too long and the run was reverted",
}

/// Which situations have occurred, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks([u64; Mark::ALL.len()]);

impl Default for Marks {
    fn default() -> Self {
        Self([0; Mark::ALL.len()])
    }
}

impl Marks {
    /// It has occurred.
    pub fn hit(&mut self, mark: Mark) {
        if let Some(count) = self.0.get_mut(mark as usize) {
            *count += 1;
        }
    }

    /// It has occurred if so.
    pub fn hit_if(&mut self, mark: Mark, occurred: bool) {
        if occurred {
            self.hit(mark);
        }
    }

    /// How often it has occurred.
    pub fn count(&self, mark: Mark) -> u64 {
        self.0.get(mark as usize).copied().unwrap_or(0)
    }

    /// Those that never occurred.
    pub fn missed(&self) -> Vec<Mark> {
        Mark::ALL.iter().copied().filter(|mark| self.count(*mark) == 0).collect()
    }

    /// Adds what occurred elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine += theirs);
    }
}
