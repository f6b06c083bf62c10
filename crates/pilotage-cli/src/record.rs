//! What the journals of a target tell.

use core::fmt::{self, Display, Formatter};
use std::sync::Arc;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::journal::decode;
use pilotage_driver::role::{JournalStore, StoreError};
use pilotage_rollout::journal::{Record, RunId, replay};
use pilotage_rollout::plan::{Kind, Plan};
use pilotage_rollout::{Moment, Verdict};

/// One run, as its journal tells it.
#[derive(Debug, Clone)]
pub struct Chronicle {
    id: RunId,
    plan: Arc<Plan>,
    standing: Standing,
    records: Vec<Record>,
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is over.
    Ended(Verdict),
    /// It stands still and can be resumed.
    Held(Verdict),
    /// A process works on it, or died at it.
    Open,
}

/// The latest runs of a target, the latest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The runs whose journals could be read.
    pub runs: Vec<Chronicle>,
    /// The runs whose journals could not, and why.
    pub unreadable: Vec<(RunId, String)>,
    /// How many older journals were not even opened.
    pub older: usize,
}

impl Chronicle {
    /// Reads the journal of a run.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let records = decode(bytes).map_err(|error| error.to_string())?.records;
        let replayed = replay(&records).map_err(|error| error.to_string())?;
        let standing = match replayed.run.verdict() {
            Some(verdict) if replayed.run.is_over() => Standing::Ended(verdict),
            Some(verdict) => Standing::Held(verdict),
            None => Standing::Open,
        };
        Ok(Self { id: replayed.id, plan: replayed.run.plan().clone(), standing, records })
    }

    /// Its name.
    pub const fn id(&self) -> &RunId {
        &self.id
    }

    /// What it executes.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How it stands.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// All that was written down.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// When it was opened.
    pub fn began(&self) -> Moment {
        self.records.first().map(|record| record.at).unwrap_or_default()
    }

    /// When something was last written down.
    pub fn latest(&self) -> Moment {
        self.records.last().map(|record| record.at).unwrap_or_default()
    }

    /// What serves because of it, if it is over and that is known.
    pub fn outcome(&self) -> Option<&Release> {
        match &self.standing {
            Standing::Ended(Verdict::Deployed { .. }) => Some(&self.plan.to),
            Standing::Ended(Verdict::Reverted { .. }) => self.plan.from.as_ref(),
            _ => None,
        }
    }

    const fn is_over(&self) -> bool {
        matches!(self.standing, Standing::Ended(_))
    }

    const fn decided(&self) -> bool {
        matches!(
            self.standing,
            Standing::Ended(Verdict::Deployed { .. } | Verdict::Reverted { .. })
        )
    }

    fn deployed(&self) -> bool {
        matches!(self.standing, Standing::Ended(Verdict::Deployed { .. }))
    }
}

impl History {
    /// How many runs are read, unless more are asked for: enough to know what is live, what is
    /// unfinished and what can be gone back to, however long a service lives.
    pub(crate) const USUAL: usize = 100;

    /// Reads the latest journals of this target, at most so many. The names of runs begin with the
    /// time, so the last names are the latest runs.
    pub(crate) async fn load(
        store: &dyn JournalStore,
        target: &str,
        most: usize,
    ) -> Result<Self, StoreError> {
        let mut history = Self::default();
        let mut names = store.runs().await?;
        while history.runs.len() < most
            && let Some(run) = names.pop()
        {
            let bytes = store.load(&run).await.map_err(|error| error.to_string());
            match bytes.and_then(|bytes| Chronicle::read(&bytes)) {
                Ok(chronicle) if chronicle.plan.target == target => history.runs.push(chronicle),
                Ok(_) => {}
                Err(why) => history.unreadable.push((run, why)),
            }
        }
        history.older = names.len();
        history.runs.sort_by(|a, b| (b.began(), &b.id).cmp(&(a.began(), &a.id)));
        Ok(history)
    }

    /// The latest run that is not over, unless a later one decided what serves: going on with it
    /// would undo that.
    pub fn unfinished(&self) -> Option<&Chronicle> {
        self.runs.iter().take_while(|run| !run.decided()).find(|run| !run.is_over())
    }

    /// The run of this name.
    pub fn run(&self, id: &RunId) -> Option<&Chronicle> {
        self.runs.iter().find(|run| run.id == *id)
    }

    /// What runs and serves, according to the latest run that says so.
    pub fn recorded(&self) -> Option<&Release> {
        self.runs.iter().find_map(Chronicle::outcome)
    }

    /// The releases that were brought out and not taken back since, the latest first.
    pub fn proven(&self) -> Vec<&Release> {
        let mut taken_back: Vec<&ReleaseId> = Vec::new();
        let mut proven: Vec<&Release> = Vec::new();
        for run in self.runs.iter().filter(|run| run.deployed()) {
            let from = run.plan.from.as_ref();
            if run.plan.kind == Kind::Rollback {
                taken_back.extend(from.map(|release| &release.id));
            }
            for release in core::iter::once(&run.plan.to).chain(from) {
                let known = proven.iter().any(|known| known.id == release.id);
                if !known && !taken_back.contains(&&release.id) {
                    proven.push(release);
                }
            }
        }
        proven
    }
}

impl Display for Standing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(verdict) | Self::Held(verdict) => verdict.fmt(f),
            Self::Open => f.write_str("open: a process works on it, or died at it"),
        }
    }
}
