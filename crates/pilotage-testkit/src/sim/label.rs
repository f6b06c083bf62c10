//! Everything that a simulated run can leave to chance.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $variants:literal;)*) => {
        /// A place where something can go wrong. The value 0 always means that nothing does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Label { $($(#[$doc])* $name,)* }

        impl Label {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name on a tape.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How many values there are, 0 among them.
            pub const fn variants(self) -> u8 {
                match self { $(Self::$name => $variants,)* }
            }
        }
    };
}

labels! {
    /// The process dies between a record and the next effect.
    CrashIdle = "crash-idle", 2;
    /// The process dies with an order under way: 1 before the target heard of it, 2 after it was
    /// done, 3 with the order landing late, 4 suspended and sending it after the next owner came.
    CrashActing = "crash-acting", 5;
    /// How the run is taken up again: 1 after a long time, 2 by `abort`.
    Comeback = "comeback", 3;
    /// A write: 1 throttled, 2 conflict, 3 unknown and not done, 4 unknown and done, 5 unknown and
    /// done late, 6 done twice, the second time late, 7 refused, 8 slow.
    Write = "write", 9;
    /// A read: 1 out of reach, 2 as old as an answer may be, 3 slow.
    Read = "read", 4;
    /// The metrics: 1 missing from now on, 2 no traffic, 3 the stable side fails as well.
    Metrics = "metrics", 4;
    /// The smoke check: 1 fails once, 2 fails from now on.
    Smoke = "smoke", 3;
    /// The person: 1 has not decided, 2 says no.
    Person = "person", 3;
    /// The journal: 1 does not take the record, and the process ends.
    Journal = "journal", 2;
    /// The lease: 1 is lost.
    Lease = "lease", 2;
    /// The world: 1 the stable release is scaled up, 2 a unit of the candidate is lost, 3 a unit
    /// of the stable release is lost, 4 somebody changes the traffic, 5 a stranger appears, 6 the
    /// target is deleted and made again, 7 the platform's autoscaler wants one unit less.
    World = "world", 8;
    /// The operator: 1 aborts, 2 interrupts.
    Operator = "operator", 3;
    /// How long the router takes to follow: 1 a while.
    Router = "router", 2;
    /// How long requests take to finish: 1 longer than the drain deadline.
    Drain = "drain", 2;
    /// The migration: 1 fails half-way, 2 takes long.
    Migration = "migration", 3;
}

impl Display for Label {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.iter().copied();
        all.find(|label| label.name() == text).ok_or_else(|| format!("no label `{text}`"))
    }
}
