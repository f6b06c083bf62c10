//! The repository that everybody shares.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use pilotage_artifact::{CommitId, TagPrefix};

use crate::{Claim, Git, GitError};

/// The shared repository, as far as a release needs it.
///
/// The one real implementation is [`Git`] with a [`RemoteName`]; tests put faults in between.
pub trait Remote: Debug {
    /// Reads the tip of a branch and the tags of a line, as they are there now.
    fn read(&self, branch: &str, prefix: &TagPrefix) -> Result<Seen, GitError>;

    /// Publishes a branch and a tag, both or neither; never moves a tag, never rewrites a branch.
    ///
    /// An error says nothing of what is there afterwards: read it.
    fn push(&self, claim: &Claim) -> Result<(), GitError>;

    /// Brings the branch and the tags of the line here, with all that the new commits hold.
    fn fetch(&self, branch: &str, prefix: &TagPrefix) -> Result<(), GitError>;
}

/// What was seen at the remote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The tip of the branch, if there is one.
    pub branch: Option<CommitId>,
    /// The tags of the line, by name.
    pub tags: BTreeMap<String, SeenTag>,
}

/// A tag as the remote has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenTag {
    /// The tag object; the commit itself where the tag is lightweight.
    pub object: CommitId,
    /// The commit that it leads to.
    pub commit: CommitId,
}

/// The name of a configured remote, such as `origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteName(String);

impl Display for RemoteName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RemoteName {
    type Err = GitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !text.is_empty() && !text.starts_with(['-', '.']) && text.bytes().all(inner) {
            return Ok(Self(text.into()));
        }
        Err(GitError::Name { what: "remote", given: text.into() })
    }
}

/// A remote that is reached through the `git` command.
#[derive(Debug)]
pub(crate) struct ByCommand<'a> {
    git: &'a Git,
    name: &'a RemoteName,
}

impl Git {
    /// The remote of this name.
    pub fn remote<'a>(&'a self, name: &'a RemoteName) -> impl Remote + 'a {
        ByCommand { git: self, name }
    }
}

impl Remote for ByCommand<'_> {
    fn read(&self, branch: &str, prefix: &TagPrefix) -> Result<Seen, GitError> {
        let (branch, tags) = (format!("refs/heads/{branch}"), format!("refs/tags/{prefix}*"));
        let listed = self.git.run(&["ls-remote", &self.name.0, &branch, &tags])?;
        Ok(parse(&listed, &branch, prefix))
    }

    fn push(&self, claim: &Claim) -> Result<(), GitError> {
        let tag = format!("{}:refs/tags/{}", claim.object, claim.tag);
        let branch = format!("{}:refs/heads/{}", claim.commit, claim.branch);
        let push = ["push", "--atomic", "--porcelain", "--no-follow-tags", &self.name.0];
        self.git.run(&[&push[..], &[&branch, &tag]].concat()).map(drop)
    }

    fn fetch(&self, branch: &str, prefix: &TagPrefix) -> Result<(), GitError> {
        let branch = format!("+refs/heads/{branch}:refs/remotes/{}/{branch}", self.name);
        let tags = format!("refs/tags/{prefix}*:refs/tags/{prefix}*");
        // A treeless clone would leave out the files that the next version is read from.
        let whole = ["--no-tags", "--no-filter", "--no-auto-maintenance"];
        let from = [&self.name.0[..], &branch, &tags];
        self.git.run(&[&["fetch", "--quiet"], &whole[..], &from].concat()).map(drop)
    }
}

/// Reads lines of `ID<tab>NAME`; `NAME^{}` is what the annotated tag before it leads to.
fn parse(listed: &str, branch: &str, prefix: &TagPrefix) -> Seen {
    let mut seen = Seen::default();
    for (id, name) in listed.lines().filter_map(|line| line.split_once('\t')) {
        let Ok(commit) = id.parse::<CommitId>() else { continue };
        if name == branch {
            seen.branch = Some(commit);
        }
        let Some(tag) = name.strip_prefix("refs/tags/") else { continue };
        let (tag, peeled) = tag.strip_suffix("^{}").map_or((tag, false), |tag| (tag, true));
        if prefix.version(tag).is_none() {
            continue;
        }
        let entry = seen.tags.entry(tag.into()).or_insert(SeenTag { object: commit, commit });
        if peeled {
            entry.commit = commit;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_tags_lead_to_their_commit() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let listed = format!(
            "{a}\trefs/heads/main\n{b}\trefs/heads/x/refs/heads/main\n{b}\trefs/tags/v1.0.0\n\
             {a}\trefs/tags/v1.0.0^{{}}\n{a}\trefs/tags/v1.1.0\n{a}\trefs/tags/vendor\nnoise"
        );
        let seen = parse(&listed, "refs/heads/main", &TagPrefix::default());
        let id = |text: &str| text.parse::<CommitId>().expect("an id");
        assert_eq!(seen.branch, Some(id(&a)));
        let tags: Vec<_> = seen.tags.into_iter().collect();
        let annotated = SeenTag { object: id(&b), commit: id(&a) };
        let lightweight = SeenTag { object: id(&a), commit: id(&a) };
        assert_eq!(tags, [("v1.0.0".into(), annotated), ("v1.1.0".into(), lightweight)]);
    }

    #[test]
    fn a_name_that_could_be_an_option_is_none() {
        for text in ["", "-u", "--all", "a b", "https://a/b", ".", "a/b"] {
            assert!(text.parse::<RemoteName>().is_err(), "{text}");
        }
        assert!("origin".parse::<RemoteName>().is_ok());
    }
}
