//! Planted bugs: proof that the checks can fail.
//!
//! A planted bug bends what goes into the engine or what comes out of it, so that the production
//! code stays free of switches. The bugs of the peers come first, each by its issue number. A bug
//! that is not caught is a defect of the simulator.

mod deed;
mod engine;
mod seen;

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

macro_rules! bugs {
    ($($name:ident = $text:literal, $about:literal;)*) => {
        /// A known bug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Bug { $(#[doc = $about] $name,)* }

        impl Bug {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it does.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

bugs! {
    Argo2050 = "argo-2050", "the stable release is scaled to nothing while the router still points at it";
    Argo4867 = "argo-4867", "an aborted candidate is scaled to nothing while the load balancer still routes to it";
    Argo4898 = "argo-4898", "an abort waits in a circle: traffic for scale, scale for traffic";
    Argo4973 = "argo-4973", "an aborted candidate is revived when the number of units grows";
    Flagger1202 = "flagger-1202", "traffic goes back to a stable release that is still starting";
    Flagger1931 = "flagger-1931", "a rollback sends everything to a broken stable release";
    Flagger639 = "flagger-639", "a fix cannot go forward while the old version is down";
    Flagger635 = "flagger-635", "a restart dumps all traffic on a scaled-down stable release";
    SkipHealthGate = "skip-health-gate", "units count as healthy as soon as they are asked for";
    ProofOverRestart = "proof-over-restart", "a proof of health is carried over a restart";
    HealthUnwatched = "health-unwatched", "nobody looks at health once the gates have begun";
    RetireUndrained = "retire-undrained", "units are stopped with requests in flight";
    TrustContainerList = "trust-container-list", "running units are taken for traffic";
    RetryUnknown = "retry-unknown", "a write without an answer is sent again at once";
    NoReadBack = "no-read-back", "a write without an answer is taken for done";
    TimeoutMeansFailed = "timeout-means-failed", "a write without an answer is taken for failed";
    SettleForgotten = "settle-forgotten", "nobody waits for lost writes to land";
    ResumeForward = "resume-forward", "a run that goes back is resumed as a deploy";
    ResumeAfresh = "resume-afresh", "a resumed run starts from the beginning";
    IgnoreFence = "ignore-fence", "the target takes writes of an owner who lost it";
    FenceOnWriteOnly = "fence-on-write-only", "the fence is not raised before the first read";
    ActWithoutLease = "act-without-lease", "a process that lost its lease goes on";
    IntentAfterEffect = "intent-after-effect", "the intent is written after the call";
    PruneRollback = "prune-rollback", "clean-up removes what a rollback needs";
    NoDeadline = "no-deadline", "a wait has no end";
    NoBackoff = "no-backoff", "polls follow each other without a pause";
    PromoteOnNoData = "promote-on-no-data", "missing metrics count as good ones";
    JudgeIgnored = "judge-ignored", "the judge is shown no errors";
    SmokeIgnored = "smoke-ignored", "a failing smoke check passes";
    PersonIgnored = "person-ignored", "a person's no is taken for a yes";
    SkipSoak = "skip-soak", "steps follow each other without their gates";
    WrongDigest = "wrong-digest", "another image runs than the one that was planned";
    RolledBackIsSuccess = "rolled-back-is-success", "stable is reported after the platform rolled back";
    AdoptStranger = "adopt-stranger", "units that nobody ordered are overlooked";
    OverwriteDrift = "overwrite-drift", "a person's change of the traffic is overwritten";
    AdoptRemade = "adopt-remade", "a target that was made again is taken for the old one";
    StarveCandidate = "starve-candidate", "the candidate gets fewer units than its traffic needs";
    Surge = "surge", "more units are started than planned";
    TrimAtShift = "trim-at-shift", "a batch of stable units goes before its traffic has";
    SkipMigration = "skip-migration", "the candidate serves before the migrations";
    RerunDirty = "rerun-dirty", "a half-way migration is run again";
    VerdictLies = "verdict-lies", "a run that stands still is reported as reverted";
}

impl Display for Bug {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no planted bug has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no planted bug is called `{name}`: the names are {}", Bug::names())]
pub struct UnknownBug {
    name: String,
}

impl Bug {
    fn names() -> String {
        Self::ALL.iter().map(|bug| bug.name()).collect::<Vec<_>>().join(", ")
    }
}

impl FromStr for Bug {
    type Err = UnknownBug;

    fn from_str(name: &str) -> Result<Self, UnknownBug> {
        let mut all = Self::ALL.iter().copied();
        all.find(|bug| bug.name() == name).ok_or_else(|| UnknownBug { name: name.into() })
    }
}
