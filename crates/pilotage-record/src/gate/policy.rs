//! What each environment asks of a release: data, checked as a whole.

use std::collections::{BTreeMap, BTreeSet};

use pilotage_artifact::Digest;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::event::Counts;
use crate::text::{Actor, EnvironmentName, InvalidText, Role, Suite, Words, serde_as_text};
use crate::time::{Span, Time};

/// The gates of a repository: who people are, and what each environment asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Gates {
    written: Written,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    roles: BTreeMap<Role, Vec<Actor>>,
    environments: BTreeMap<EnvironmentName, EntryPolicy>,
}

/// What an environment asks of a release. What is left out is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntryPolicy {
    /// The environments before it.
    pub after: Vec<EnvironmentName>,
    /// Whether it must have passed all of those or any.
    pub upstreams: Upstreams,
    /// How long it must have been watched in the environment before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soak: Option<Span>,
    /// Which tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestPolicy>,
    /// Which scans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scans: Option<ScanPolicy>,
    /// Whose word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approvals: Option<ApprovalPolicy>,
    /// When changes may begin; at any time if there are none.
    pub windows: Vec<Window>,
    /// When they may not, whatever the windows say.
    pub freezes: Vec<Freeze>,
    /// Who may set rules aside; nobody if it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_glass: Option<GlassPolicy>,
}

/// How many of the environments before count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upstreams {
    /// Every one.
    #[default]
    All,
    /// One is enough.
    Any,
}

/// Which tests are asked for, on every platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestPolicy {
    /// Which suites.
    pub suites: Vec<Suite>,
    /// How old a result may be.
    pub max_age: Span,
}

/// How many known weaknesses an image may have, for every platform. A kind that is left out is not
/// limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanPolicy {
    /// How old a scan may be.
    pub max_age: Span,
    /// How many critical ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<u64>,
    /// How many high ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<u64>,
    /// How many medium ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<u64>,
    /// How many low ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<u64>,
    /// How many of which nobody has said how bad they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrated: Option<u64>,
}

impl ScanPolicy {
    /// What there is too much of: the kind, how many there are, how many there may be.
    pub fn excess(&self, found: &Counts) -> Vec<(&'static str, u64, u64)> {
        [
            ("critical", found.critical, self.critical),
            ("high", found.high, self.high),
            ("medium", found.medium, self.medium),
            ("low", found.low, self.low),
            ("unrated", found.unrated, self.unrated),
        ]
        .into_iter()
        .filter_map(|(kind, found, most)| most.map(|most| (kind, found, most)))
        .filter(|(_, found, most)| found > most)
        .collect()
    }
}

/// Whose word is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalPolicy {
    /// How many people, none of them the author.
    pub count: u32,
    /// At least one of them in each of these roles.
    #[serde(default)]
    pub roles: Vec<Role>,
}

/// Days and hours at which changes may begin, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// On which days.
    pub days: Vec<Day>,
    /// From when.
    pub from: Hour,
    /// Until before when; `24:00` is the end of the day.
    pub to: Hour,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "days of the week need no words")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A time of the day, in minutes, written `08:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour(u16);

impl core::fmt::Display for Hour {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl core::str::FromStr for Hour {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (hours, minutes) = text.split_once(':')?;
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            let hour = Self(hours.checked_mul(60)?.checked_add(minutes)?);
            (minutes < 60 && hour.0 <= 1_440 && hour.to_string() == text).then_some(hour)
        };
        let help = "use two digits each, for example `08:30`; `24:00` is the end of the day";
        parse().ok_or_else(|| InvalidText::new(text, "time of the day", help))
    }
}

serde_as_text!(Hour);

impl Window {
    /// Whether changes may begin at this time.
    pub fn is_open(&self, at: Time) -> bool {
        let today = self.days.iter().any(|day| *day as u8 == at.weekday());
        let now = Hour(at.minute_of_day());
        today && (self.from..self.to).contains(&now)
    }
}

/// A time in which nothing changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// From when.
    pub from: Time,
    /// Until before when.
    pub to: Time,
    /// Why.
    pub reason: Words,
}

/// Who may set rules aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlassPolicy {
    /// People in any of these roles.
    pub roles: Vec<Role>,
}

/// Why gates contradict themselves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidGates {
    /// An environment comes after one that is not there.
    #[error("`{environment}` comes after `{missing}`, which has no table: add `[environments.{missing}]`")]
    NoSuchEnvironment {
        /// Which environment.
        environment: EnvironmentName,
        /// What it names.
        missing: EnvironmentName,
    },
    /// Environments come after each other in a circle.
    #[error("`{environment}` comes after itself: nothing could ever enter it")]
    Circle {
        /// One of them.
        environment: EnvironmentName,
    },
    /// A role that nobody has.
    #[error("`{environment}` asks for the role `{role}`, which nobody has: name them in `[roles]`")]
    NobodyInRole {
        /// Which environment.
        environment: EnvironmentName,
        /// Which role.
        role: Role,
    },
    /// More people are asked for than can answer.
    #[error("`{environment}` asks for {count} approvals, and only {people} people have a role")]
    TooFewPeople {
        /// Which environment.
        environment: EnvironmentName,
        /// How many are asked for.
        count: u32,
        /// How many there are.
        people: usize,
    },
    /// Being watched is asked for where there is nothing before.
    #[error("`{environment}` asks for a soak and comes after no environment: name one in `after`")]
    SoakNowhere {
        /// Which environment.
        environment: EnvironmentName,
    },
    /// A window that is never open.
    #[error("a window of `{environment}` is never open: give it days, and `from` before `to`")]
    NeverOpen {
        /// Which environment.
        environment: EnvironmentName,
    },
    /// Tests are asked for, and none is named.
    #[error("`{environment}` asks for tests and names no suite: name one, or leave `tests` out")]
    NoSuites {
        /// Which environment.
        environment: EnvironmentName,
    },
}

impl TryFrom<Written> for Gates {
    type Error = InvalidGates;

    fn try_from(written: Written) -> Result<Self, InvalidGates> {
        written.environments.iter().try_for_each(|(name, entry)| written.check(name, entry))?;
        Ok(Self { written })
    }
}

impl From<Gates> for Written {
    fn from(gates: Gates) -> Self {
        gates.written
    }
}

impl Gates {
    /// What an environment asks, if it is known.
    pub fn entry(&self, environment: &EnvironmentName) -> Option<&EntryPolicy> {
        self.written.environments.get(environment)
    }

    /// The environments, in the order of their names.
    pub fn environments(&self) -> impl Iterator<Item = &EnvironmentName> {
        self.written.environments.keys()
    }

    /// Whether somebody has a role.
    pub fn has_role(&self, actor: &Actor, role: &Role) -> bool {
        self.written.roles.get(role).is_some_and(|actors| actors.contains(actor))
    }

    /// The digest of what is written, in canonical form; for those who ask by which rules it was
    /// decided. There is none for a number that JSON readers do not agree on.
    pub fn digest(&self) -> Option<Digest> {
        canonical::to_bytes(&self.written).ok().map(|bytes| Digest::of(&bytes))
    }
}

impl Written {
    fn check(&self, name: &EnvironmentName, entry: &EntryPolicy) -> Result<(), InvalidGates> {
        let environment = || name.clone();
        let unknown = |after: &&EnvironmentName| !self.environments.contains_key(*after);
        if let Some(missing) = entry.after.iter().find(unknown).cloned() {
            return Err(InvalidGates::NoSuchEnvironment { environment: environment(), missing });
        }
        if self.before(name).contains(name) {
            return Err(InvalidGates::Circle { environment: environment() });
        }
        if entry.soak.is_some() && entry.after.is_empty() {
            return Err(InvalidGates::SoakNowhere { environment: environment() });
        }
        if entry.windows.iter().any(|window| window.days.is_empty() || window.from >= window.to) {
            return Err(InvalidGates::NeverOpen { environment: environment() });
        }
        if entry.tests.as_ref().is_some_and(|tests| tests.suites.is_empty()) {
            return Err(InvalidGates::NoSuites { environment: environment() });
        }
        self.check_people(name, entry)
    }

    fn check_people(&self, name: &EnvironmentName, entry: &EntryPolicy) -> Result<(), InvalidGates> {
        let approvals = entry.approvals.iter();
        let glass = entry.break_glass.iter();
        let roles = approvals.flat_map(|one| &one.roles).chain(glass.flat_map(|one| &one.roles));
        let nobody = |role: &&Role| self.roles.get(*role).is_none_or(Vec::is_empty);
        if let Some(role) = roles.clone().find(nobody).cloned() {
            return Err(InvalidGates::NobodyInRole { environment: name.clone(), role });
        }
        let Some(approvals) = &entry.approvals else { return Ok(()) };
        let people = self.roles.values().flatten().collect::<BTreeSet<_>>().len();
        if (approvals.count as usize) > people {
            let (environment, count) = (name.clone(), approvals.count);
            return Err(InvalidGates::TooFewPeople { environment, count, people });
        }
        Ok(())
    }

    /// All environments that come before one, however far.
    fn before(&self, name: &EnvironmentName) -> BTreeSet<EnvironmentName> {
        let mut before = BTreeSet::new();
        let mut next = vec![name];
        while let Some(name) = next.pop() {
            for after in self.environments.get(name).into_iter().flat_map(|entry| &entry.after) {
                if before.insert(after.clone()) {
                    next.push(after);
                }
            }
        }
        before
    }
}
