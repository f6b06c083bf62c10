//! Making a release: exactly the plan that was looked at, or whatever is next.
//!
//! The commit and the tag are made as objects that nothing names; one push then publishes both or
//! none, and the remote decides who was first. So there is no moment at which a process may not
//! die: before the push nothing has happened, after it everything has, and a run that does not
//! know which finds out by running again.

use pilotage_artifact::next::PreLabel;
use pilotage_artifact::{CommitId, Version};
use pilotage_git::{Claim, Claimed, Draft, ReleaseTag, Remote, Seen, Tags, Writer, claim};

use crate::desk::{Desk, Prepared};
use crate::plan::{ImageTags, names};
use crate::{ReleaseError, trailer};

/// What is to be released.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Only the plan of this hash; without it, whatever is next when the version is claimed.
    pub plan: Option<&'a str>,
    /// The series of pre-releases, if it is to be one.
    pub label: Option<&'a PreLabel>,
    /// How often others may be faster before the run gives up.
    pub attempts: u32,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// This run has made the release.
    Released {
        /// Its version.
        version: Version,
        /// Its tag.
        tag: String,
        /// Its commit.
        commit: CommitId,
        /// Whether the local branch has come along.
        here: bool,
        /// The tags that the images are to get.
        images: Vec<ImageTags>,
    },
    /// The commit was released before, by another run or by an earlier one of this.
    Already {
        /// Its version.
        version: Version,
        /// Its tag.
        tag: String,
        /// Its commit.
        commit: CommitId,
        /// The tags that the images are to get, as its own run has said or was about to say.
        images: Vec<ImageTags>,
    },
    /// Nothing changed that users would notice.
    Nothing,
}

/// One attempt: done, or beaten by somebody.
enum Attempt {
    Done(Applied),
    Beaten,
}

impl Desk {
    /// Makes a release through the configured remote.
    pub fn apply(&self, wanted: &Wanted<'_>) -> Result<Applied, ReleaseError> {
        self.apply_at(&self.git.remote(&self.remote), wanted)
    }

    /// Makes a release through any remote.
    pub fn apply_at(
        &self,
        remote: &dyn Remote,
        wanted: &Wanted<'_>,
    ) -> Result<Applied, ReleaseError> {
        let mut head = self.history.head()?;
        for attempt in 0..wanted.attempts.max(1) {
            let (tags, seen) = self.in_step(remote)?;
            // Whoever was beaten wants what came after; whoever runs again wants what there is.
            let asked = if attempt == 0 { self.released(head, &tags, wanted.plan)? } else { None };
            if let Some(done) = asked {
                return Ok(done);
            }
            head = self.tip(&seen, head, wanted.plan.is_some())?;
            if let Some(done) = self.released(head, &tags, wanted.plan)? {
                return Ok(done);
            }
            if let Attempt::Done(done) = self.attempt(remote, head, &tags, wanted)? {
                return Ok(done);
            }
        }
        Err(ReleaseError::Outrun(wanted.attempts))
    }

    /// The tags, after what the remote has and we have not has been fetched.
    fn in_step(&self, remote: &dyn Remote) -> Result<(Tags, Seen), ReleaseError> {
        let (branch, prefix) = (&self.config.branch, &self.config.tag_prefix);
        let mut seen = remote.read(branch, prefix)?;
        let mut tags = self.tags()?;
        // Before the fetch: git refuses to replace a tag, and says less clearly why.
        let elsewhere = |tag: &ReleaseTag| {
            seen.tags.get(&tag.name).is_some_and(|there| there.commit != tag.commit)
        };
        all_but(&tags, elsewhere)?;
        let tip = format!("refs/remotes/{}/{branch}", self.remote);
        let missing = seen.tags.keys().any(|name| tags.named(name).is_none());
        if missing || self.history.reference(&tip)? != seen.branch {
            remote.fetch(branch, prefix)?;
            tags = self.tags()?;
            // What others have published since the first look has come along. What they publish from
            // now on is not here, and is found out by the push.
            seen = Seen { branch: self.history.reference(&tip)?, ..remote.read(branch, prefix)? };
        }
        all_but(&tags, |tag| !seen.tags.contains_key(&tag.name))?;
        Ok((tags, seen))
    }

    /// The release of this commit, if there is one already: at the commit, or as its child.
    fn released(
        &self,
        head: CommitId,
        tags: &Tags,
        plan: Option<&str>,
    ) -> Result<Option<Applied>, ReleaseError> {
        for tag in &tags.releases {
            if tag.commit != head && self.planned(tag.commit)? != head {
                continue;
            }
            let message = self.history.tag_message(&tag.name)?.unwrap_or_default();
            let Some(made_by) = trailer::plan(&message) else { continue };
            if plan.is_none_or(|plan| names(made_by, plan)) {
                return self.already(tag, tags).map(Some);
            }
        }
        Ok(None)
    }

    /// A release that is there: whoever made it may not have lived to say so.
    fn already(&self, tag: &ReleaseTag, tags: &Tags) -> Result<Applied, ReleaseError> {
        let planned = self.planned(tag.commit)?;
        let images = self.config.images.iter();
        let images = images.map(|images| images.tags(planned, &tag.version, tags)).collect();
        let (version, commit) = (tag.version.clone(), tag.commit);
        Ok(Applied::Already { version, tag: tag.name.clone(), commit, images })
    }

    /// The commit that was planned, of which the images are: what a release writes comes after it.
    fn planned(&self, released: CommitId) -> Result<CommitId, ReleaseError> {
        let commits = self.history.messages(&[released])?;
        let is_written = commits.iter().any(|commit| trailer::plan(&commit.message).is_some());
        Ok(if is_written { self.history.parent(released)? } else { None }.unwrap_or(released))
    }

    /// The commit to release: the one that is checked out, or what the branch has become since.
    fn tip(&self, seen: &Seen, head: CommitId, pinned: bool) -> Result<CommitId, ReleaseError> {
        let moved = |help| ReleaseError::Moved {
            branch: self.config.branch.clone(),
            tip: seen.branch,
            head,
            help,
        };
        let Some(tip) = seen.branch else {
            return Err(moved("push the branch first"));
        };
        if tip == head {
            return Ok(head);
        }
        if !self.history.contains(tip, head)? {
            return Err(moved("push what is new here, or rebase it"));
        }
        if pinned {
            return Err(moved("pull, and make a new plan"));
        }
        Ok(tip)
    }

    fn attempt(
        &self,
        remote: &dyn Remote,
        head: CommitId,
        tags: &Tags,
        wanted: &Wanted<'_>,
    ) -> Result<Attempt, ReleaseError> {
        let prepared = self.prepare(head, tags, wanted.label)?;
        if let Some(given) = wanted.plan.filter(|given| !prepared.plan.is_named(given)) {
            let now = prepared.plan.hash();
            return Err(ReleaseError::Changed { given: given.into(), now });
        }
        let Prepared { plan, .. } = &prepared;
        let (Some(version), Some(tag)) = (plan.version.clone(), plan.tag.clone()) else {
            return Ok(Attempt::Done(Applied::Nothing));
        };
        let writer = Writer::open(&self.root)?;
        let wish = self.write(&writer, &prepared, &tag)?;
        match claim(remote, &self.config.tag_prefix, &wish)? {
            Claimed::Ours => {
                let named = (tag.as_str(), wish.object);
                let here = writer.adopt(&wish.branch, wish.from, wish.commit, named)?;
                let (commit, images) = (wish.commit, plan.images.clone());
                Ok(Attempt::Done(Applied::Released { version, tag, commit, here, images }))
            }
            Claimed::Already => {
                let (commit, images) = (wish.commit, plan.images.clone());
                Ok(Attempt::Done(Applied::Already { version, tag, commit, images }))
            }
            Claimed::Lost { to } if wanted.plan.is_some() => {
                Err(ReleaseError::Lost { tag, at: to })
            }
            Claimed::Moved { to } if wanted.plan.is_some() => Err(ReleaseError::Moved {
                branch: wish.branch,
                tip: to,
                head,
                help: "pull, and make a new plan",
            }),
            Claimed::Lost { .. } | Claimed::Moved { .. } => Ok(Attempt::Beaten),
        }
    }

    /// Makes the commit and the tag, which nothing names yet.
    fn write(
        &self,
        writer: &Writer,
        prepared: &Prepared,
        tag: &str,
    ) -> Result<Claim, ReleaseError> {
        let Prepared { plan, edits } = prepared;
        let paths = edits.iter().map(|edit| edit.path.as_str());
        let paths: Vec<&str> = paths.chain([self.settings.as_str()]).collect();
        writer.clean(&paths)?;
        let by = writer.identity()?;
        let content = |edit: &crate::Edit| (edit.path.clone(), edit.content.clone().into_bytes());
        let files: Vec<_> = edits.iter().map(content).collect();
        let message = trailer::commit_message(tag, plan.hash());
        let draft = Draft { parent: plan.commit, files: &files, message: &message, by: &by };
        let commit = if files.is_empty() { plan.commit } else { writer.commit(&draft)? };
        let message = trailer::tag_message(tag, plan.hash(), &nonce()?);
        let object = writer.tag(tag, commit, &message, &by)?;
        let (branch, from) = (plan.branch.clone(), plan.commit);
        Ok(Claim { branch, from, commit, tag: tag.into(), object })
    }
}

/// Refuses if one of the tags is what none may be.
fn all_but(tags: &Tags, is_wrong: impl Fn(&ReleaseTag) -> bool) -> Result<(), ReleaseError> {
    match tags.releases.iter().find(|tag| is_wrong(tag)) {
        Some(tag) => Err(ReleaseError::TagDiffers { name: tag.name.clone() }),
        None => Ok(()),
    }
}

/// What no other run has.
fn nonce() -> Result<String, ReleaseError> {
    let mut bytes = [0; 16];
    let none = |error: getrandom::Error| ReleaseError::NoNonce(std::io::Error::other(error));
    getrandom::fill(&mut bytes).map_err(none)?;
    Ok(bytes.map(|byte| format!("{byte:02x}")).concat())
}
