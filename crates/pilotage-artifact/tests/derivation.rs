//! The derivation holds for any history: it never panics, never loses a commit, never goes back.

use std::cmp::Ordering;

use pilotage_artifact::next::{
    Because, Build, Bump, Commit, Footers, Header, Question, Rules, Underivable, next,
};
use pilotage_artifact::{Channel, CommitId, TagKind, TagPrefix, Version};
use proptest::prelude::*;

fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        "(feat|fix|docs|Chore|faet|wip)(\\([a-z]{0,3}\\))?!?: ?[a-z ]{0,9}(\n\n(\\* fix!: x|BREAKING CHANGE: y|release-as: [0-9]\\.0\\.0|foo\\(bar))?",
        "(Revert \"|Merge branch ')?\\PC{0,30}(\n\\PC{0,30}){0,3}",
    ]
}

fn version() -> impl Strategy<Value = Version> {
    (0..3_u64, 0..4_u64, 0..4_u64, "(-rc\\.[1-9])?")
        .prop_filter_map("it fits", |(a, b, c, pre)| format!("{a}.{b}.{c}{pre}").parse().ok())
}

fn commits() -> impl Strategy<Value = Vec<Commit>> {
    let commit = (any::<[u8; 20]>(), 1..3_usize, message());
    let commit = commit.prop_map(|(id, parents, message)| Commit {
        id: CommitId::new(id),
        parents,
        message,
    });
    proptest::collection::vec(commit, 0..6)
}

proptest! {
    #[test]
    fn a_version_goes_forward_and_no_commit_is_lost(
        commits in commits(),
        current in proptest::option::of(version()),
        written in proptest::option::of(version()),
        taken in proptest::collection::vec(version(), 0..4),
    ) {
        let current = current.filter(|version| !version.is_prerelease());
        let question = Question {
            current: current.as_ref(),
            commits: &commits,
            written: written.as_ref(),
            taken: &taken,
            label: None,
        };
        match next(&question, &Rules::default()) {
            Ok(answer) => {
                let ids = |change: &pilotage_artifact::next::Change| change.commit;
                let kept: Vec<_> = answer.changes.iter().map(ids).collect();
                let given: Vec<_> = commits.iter().map(|commit| commit.id).collect();
                prop_assert_eq!(kept, given, "each commit has its reason");
                match (&answer.version, &current) {
                    (Some(new), Some(old)) => prop_assert_eq!(new.precedence(old), Ordering::Greater),
                    (None, _) => prop_assert_eq!(answer.because, Because::Nothing),
                    (Some(_), None) => {}
                }
                if let Some(new) = &answer.version {
                    prop_assert!(taken.iter().all(|old| old.precedence(new) != Ordering::Equal));
                }
                let raising = answer.changes.iter().any(|change| change.bump > Bump::None);
                prop_assert!(!raising || answer.version.is_some(), "no change is swallowed");
            }
            Err(Underivable::Unreadable(list)) => prop_assert!(!list.is_empty()),
            Err(_) => {}
        }
    }

    #[test]
    fn messages_are_read_whatever_they_hold(text in "\\PC{0,60}(\n\\PC{0,40}){0,4}") {
        let footers = Footers::parse(&text);
        prop_assert!(footers.listed.iter().all(|header| !header.subject.is_empty()));
        if let Ok(header) = Header::parse(&text) {
            prop_assert!(!header.kind.is_empty() && !header.subject.is_empty());
        }
    }

    #[test]
    fn a_tag_of_a_line_leads_back_to_its_version(prefix in "[a-zA-Z0-9./_-]{0,12}", version in version()) {
        if let Ok(prefix) = prefix.parse::<TagPrefix>() {
            prop_assert_eq!(prefix.version(&prefix.tag(&version)), Some(version));
        }
    }

    #[test]
    fn builds_are_versions_and_no_releases(
        branch in "\\PC{0,60}", current in proptest::option::of(version()), id in any::<[u8; 20]>(),
    ) {
        let commit = CommitId::new(id);
        for build in [Build::Trunk, Build::of_branch(&branch, "main"), Build::PullRequest(7)] {
            let version = build.version(current.as_ref(), 3, commit);
            let version = version.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(version.is_prerelease() && version.to_string().contains(&commit.short()));
            prop_assert_eq!(version.tag().kind(), TagKind::Release(version));
        }
    }

    #[test]
    fn of_all_releases_a_channel_moves_to_exactly_one(
        versions in proptest::collection::vec(version(), 1..8),
    ) {
        for channel in versions.iter().flat_map(Channel::of) {
            let there: Vec<&Version> = versions.iter().filter(|v| channel.admits(v)).collect();
            let mut takers: Vec<_> =
                there.iter().filter(|v| channel.moves_to(v, &versions)).collect();
            takers.dedup();
            prop_assert_eq!(takers.is_empty(), there.is_empty());
            prop_assert!(takers.iter().all(|one| takers.iter().all(|two| one == two)));
        }
    }
}
