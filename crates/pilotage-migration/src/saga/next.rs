//! What is to be done next, given what the ledger says: a pure function.

use super::ledger::{Entry, State};
use super::script::{Script, ScriptName};

/// One leap of one of the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Which migration, counted from zero.
    pub script: usize,
    /// Which of its leaps, counted from zero.
    pub leap: usize,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: all of them are applied.
    Nothing,
    /// This leap.
    Leap(At),
    /// Somebody began this leap, and what became of it has to be found out.
    FindOut(At),
}

/// Whether a migration may come in before one that is applied already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gaps {
    /// No: the order in which a new database gets them is the order in which this one got them.
    #[default]
    Refused,
    /// Yes: they are known not to depend on each other.
    Allowed,
}

/// Why nothing is done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// What was applied is not what is given.
    #[error(
        "`{script}` was changed after it was applied ({done} of {of} steps): restore what was \
         applied, and put the change into a new migration"
    )]
    Changed {
        /// Which migration.
        script: ScriptName,
        /// How much of it is applied.
        done: u32,
        /// How much there was.
        of: u32,
    },
    /// It is half applied, in other leaps than it would be now.
    #[error(
        "`{script}` is applied to step {done} of {of}, as another version of this tool divided it: \
         finish it with that version, or repair it"
    )]
    Divided {
        /// Which migration.
        script: ScriptName,
        /// How much of it is applied.
        done: u32,
        /// In how many leaps it was divided.
        of: u32,
    },
    /// It comes before one that is applied.
    #[error(
        "`{script}` is not applied, and `{after}`, which comes after it, is: give it a later name, \
         or allow gaps"
    )]
    Gap {
        /// Which migration.
        script: ScriptName,
        /// What is applied already.
        after: ScriptName,
    },
}

/// Says what is to be done next. Lines of migrations that are not given belong to later releases,
/// and are none of this one's business.
pub fn next(scripts: &[Script], ledger: &[Entry], gaps: Gaps) -> Result<Next, Refusal> {
    let line = |script: &Script| ledger.iter().find(|entry| entry.script == script.name);
    let mut first: Option<(&Script, Next)> = None;
    for (index, script) in scripts.iter().enumerate() {
        let standing = standing(index, script, line(script))?;
        match first {
            Some((first, _)) if standing.is_begun() && gaps == Gaps::Refused => {
                return Err(gap(first, script));
            }
            None => first = standing.next().map(|next| (script, next)),
            Some(_) => {}
        }
    }
    Ok(first.map_or(Next::Nothing, |(_, next)| next))
}

/// How far one migration is.
enum Standing {
    /// There is nothing to do, and never was.
    Empty,
    Done,
    New(At),
    Begun(Next),
}

impl Standing {
    const fn is_begun(&self) -> bool {
        matches!(self, Self::Done | Self::Begun(_))
    }

    const fn next(&self) -> Option<Next> {
        match self {
            Self::Empty | Self::Done => None,
            Self::New(at) => Some(Next::Leap(*at)),
            Self::Begun(next) => Some(*next),
        }
    }
}

fn standing(index: usize, script: &Script, entry: Option<&Entry>) -> Result<Standing, Refusal> {
    let leap = |leap| At { script: index, leap };
    let Some(entry) = entry.filter(|entry| entry.is_done() || !entry.is_untouched()) else {
        return Ok(if script.leaps.is_empty() { Standing::Empty } else { Standing::New(leap(0)) });
    };
    let (name, done, of) = (script.name.clone(), entry.done, entry.of);
    if entry.checksum != script.checksum {
        return Err(Refusal::Changed { script: name, done, of });
    }
    if entry.is_done() {
        return Ok(Standing::Done);
    }
    if usize::try_from(of).ok() != Some(script.leaps.len()) || done >= of {
        return Err(Refusal::Divided { script: name, done, of });
    }
    let at = leap(usize::try_from(done).unwrap_or(usize::MAX));
    let is_leaping = entry.state == State::Leaping;
    Ok(Standing::Begun(if is_leaping { Next::FindOut(at) } else { Next::Leap(at) }))
}

fn gap(script: &Script, after: &Script) -> Refusal {
    Refusal::Gap { script: script.name.clone(), after: after.name.clone() }
}
