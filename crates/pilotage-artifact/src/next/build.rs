//! Versions of builds that are no release: of the trunk, of branches, of pull requests.
//!
//! They name the commit, so that no two builds share one, and they are older than any release that
//! can follow. A build that is not of the trunk is `0.0.0`: nobody can take it for a release.

use alloc::string::String;

use super::{BeforeOne, Bump};
use crate::{CommitId, InvalidVersion, Version};

/// The longest part of a branch's name that a version carries.
const LONGEST: usize = 30;

/// What is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Build {
    /// The branch that releases are made of.
    Trunk,
    /// Another branch.
    Branch(String),
    /// A pull request, by its number.
    PullRequest(u64),
}

impl Build {
    /// What a CI system builds, told by the reference that it names; nothing, if that is a tag.
    ///
    /// A checkout in CI stands on a commit and on no branch, so the repository cannot say.
    pub fn of_ref(reference: &str, trunk: &str) -> Option<Self> {
        if let Some(branch) = reference.strip_prefix("refs/heads/") {
            return Some(Self::of_branch(branch, trunk));
        }
        let request = ["refs/pull/", "refs/merge-requests/"];
        let rest = request.iter().find_map(|prefix| reference.strip_prefix(prefix))?;
        rest.split('/').next()?.parse().ok().map(Self::PullRequest)
    }

    /// The build of a branch.
    pub fn of_branch(branch: &str, trunk: &str) -> Self {
        if branch == trunk { Self::Trunk } else { Self::Branch(branch.into()) }
    }

    /// The version of a build, this many commits after the current release.
    pub fn version(
        &self,
        current: Option<&Version>,
        distance: u64,
        commit: CommitId,
    ) -> Result<Version, InvalidVersion> {
        // A letter before the id: digits alone with a leading zero would be no identifier.
        let id = alloc::format!("g{}", commit.short());
        match (self, current) {
            (Self::Trunk, Some(current)) => {
                let next = current.bumped(Bump::Patch, BeforeOne::AsUsual)?;
                alloc::format!("{next}-dev.{distance}.{id}").parse()
            }
            (Self::Trunk, None) => alloc::format!("0.0.0-dev.{distance}.{id}").parse(),
            (Self::Branch(name), _) => {
                alloc::format!("0.0.0-branch-{}.{distance}.{id}", slug(name)).parse()
            }
            (Self::PullRequest(number), _) => alloc::format!("0.0.0-pr.{number}.{id}").parse(),
        }
    }
}

/// The name in what identifiers are made of: `feature/Foo_bar` is `feature-foo-bar`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().map(|letter| letter.to_ascii_lowercase()) {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(LONGEST);
    slug.trim_end_matches('-').into()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    fn text(build: &Build, current: Option<&str>) -> String {
        let commit = CommitId::new([0; 20]);
        let current = current.map(|text| text.parse().expect("a version"));
        build.version(current.as_ref(), 6, commit).expect("a version").to_string()
    }

    #[test]
    fn every_build_names_its_commit_and_is_older_than_the_next_release() {
        assert_eq!(text(&Build::Trunk, Some("1.4.2")), "1.4.3-dev.6.g000000000000");
        assert_eq!(text(&Build::Trunk, None), "0.0.0-dev.6.g000000000000");
        let branch = |name: &str| text(&Build::Branch(name.into()), Some("1.4.2"));
        assert_eq!(branch("feature/Foo_bar"), "0.0.0-branch-feature-foo-bar.6.g000000000000");
        assert_eq!(branch("007"), "0.0.0-branch-007.6.g000000000000");
        assert_eq!(branch("\u{e4}"), "0.0.0-branch-.6.g000000000000");
        assert_eq!(text(&Build::PullRequest(12), Some("1.4.2")), "0.0.0-pr.12.g000000000000");
    }

    #[test]
    fn the_reference_of_a_ci_system_says_what_is_built() {
        let of = |reference: &str| Build::of_ref(reference, "main");
        assert_eq!(of("refs/heads/main"), Some(Build::Trunk));
        assert_eq!(of("refs/heads/fix/a"), Some(Build::Branch("fix/a".into())));
        assert_eq!(of("refs/pull/12/merge"), Some(Build::PullRequest(12)));
        assert_eq!(of("refs/merge-requests/7/head"), Some(Build::PullRequest(7)));
        for other in ["refs/tags/v1.0.0", "main", "refs/pull/x/merge", ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
