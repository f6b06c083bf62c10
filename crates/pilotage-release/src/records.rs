//! The record of a release, and all that was signed about it: from files alone, without a network.

use std::fmt::Display;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use pilotage_config::Document;
use pilotage_record::record::{LARGEST, Record, RecordId};
use pilotage_record::store::{Archive, FileEvidence, Review};
use pilotage_record::trust::TrustPolicy;
use serde::Deserialize;

use crate::{Check, Desk, ReleaseError, Shown};

/// Where the record of a release is, and what was signed about it.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What the file of a record is relative to.
    pub root: &'a Path,
    /// The file of the record, or its id in the store.
    pub record: &'a str,
    /// The directory of the evidence.
    pub store: &'a Path,
    /// The file that says whom to believe.
    pub policy: &'a Path,
}

/// As much of the policy as is needed here; what gates ask is left to those who ask them.
#[derive(Debug, Deserialize)]
struct Policy {
    trust: TrustPolicy,
}

impl Desk {
    /// Checks the record of a release: that it is about this very release, that somebody who is
    /// believed vouches for it, and that nothing that was said about it is missing.
    pub fn verify_record(
        &self,
        name: Option<&str>,
        evidence: &Evidence<'_>,
    ) -> Result<Vec<Check>, ReleaseError> {
        let shown = self.show(name)?;
        let tree = self.history.tree(shown.commit)?;
        let policy: Policy = Document::load(evidence.policy)?.decode()?;
        let store = FileEvidence::new(evidence.store);
        let archive = Archive::new(&store, &policy.trust);
        let record = find(&archive, evidence)?;
        let review = at_once(archive.review(&record))?;
        let review = review.map_err(|error| unusable(evidence.store.display(), error))?;
        Ok(vec![
            of_release(&record, &shown),
            of_tree(&record, &tree),
            vouched(&review),
            whole(&review),
        ])
    }
}

fn find(archive: &Archive<'_>, evidence: &Evidence<'_>) -> Result<Record, ReleaseError> {
    let Ok(id) = evidence.record.parse::<RecordId>() else {
        let path = evidence.root.join(evidence.record);
        return Record::parse(text(&path)?.as_bytes())
            .map_err(|error| unusable(path.display(), error));
    };
    let found = at_once(archive.record(id))?;
    let found = found.map_err(|error| unusable(evidence.store.display(), error))?;
    let what = || format!("{} holds no record {id}", evidence.store.display());
    found.ok_or_else(|| ReleaseError::Evidence { what: what(), source: None })
}

fn of_release(record: &Record, shown: &Shown) -> Check {
    let content = record.content();
    let (version, commit) = (&content.version, content.source.commit.to_string());
    let is_ours = *version == shown.version && commit == shown.commit.to_string();
    let problem = format!("it is the record of {version} at {commit}; give that of this release");
    let what = format!("the record is about {} at {}", shown.version, shown.commit.short());
    Check::new(what, (!is_ours).then_some(problem))
}

fn of_tree(record: &Record, tree: &str) -> Check {
    let recorded = record.content().source.tree.to_string();
    let problem = format!("it names the files {recorded}; history or the record was rewritten");
    Check::new("the record names the files of the commit", (recorded != tree).then_some(problem))
}

fn vouched(review: &Review) -> Check {
    let problem = "nobody whom the policy trusts has signed `built` for it".to_owned();
    let what = review.vouched_for_by.as_ref();
    let what = what.map_or("somebody vouches for the record".into(), |by| {
        format!("`{by}` vouches for the record")
    });
    Check::new(what, review.vouched_for_by.is_none().then_some(problem))
}

fn whole(review: &Review) -> Check {
    let damage = (!review.damage.is_empty()).then(|| review.damage.join("; "));
    Check::new(format!("nothing is missing among {} events", review.events), damage)
}

/// Files are read while they are polled, so nothing here ever has to wait, nor needs a runtime.
fn at_once<T>(future: impl Future<Output = T>) -> Result<T, ReleaseError> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).as_mut().poll(&mut context) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => {
            let what = "it is kept where it has to be waited for".into();
            Err(ReleaseError::Evidence { what, source: None })
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the file adapter of this module")]
fn text(path: &Path) -> Result<String, ReleaseError> {
    use std::io::{Error, ErrorKind, Read as _};
    let mut text = String::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST as u64 + 1).read_to_string(&mut text));
    let read = match read {
        Ok(length) if length > LARGEST => {
            Err(Error::new(ErrorKind::FileTooLarge, "it is larger than any such file"))
        }
        other => other,
    };
    read.map(|_| text).map_err(|source| ReleaseError::Read { path: path.into(), source })
}

fn unusable(
    place: impl Display,
    error: impl std::error::Error + Send + Sync + 'static,
) -> ReleaseError {
    ReleaseError::Evidence { what: place.to_string(), source: Some(Box::new(error)) }
}
