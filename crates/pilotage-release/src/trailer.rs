//! What release commits and tags say of themselves, for the next run to find.

use pilotage_artifact::Digest;

const PLAN: &str = "Plan: ";

/// The message of a release commit: by the convention, and without effect on the next version.
pub(super) fn commit_message(tag: &str, plan: Digest) -> String {
    format!("chore(release): {tag}\n\n{PLAN}{plan}\n")
}

/// The message of a release tag. `claim` is different in each run, so that of two runs that want
/// the same only one can have made the tag that is there.
pub(super) fn tag_message(tag: &str, plan: Digest, claim: &str) -> String {
    format!("{tag}\n\n{PLAN}{plan}\nClaim: {claim}\n")
}

/// The plan that a release tag was made by.
pub(super) fn plan(message: &str) -> Option<Digest> {
    message.lines().find_map(|line| line.strip_prefix(PLAN)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_its_plan_and_others_say_none() {
        let digest = Digest::of(b"plan");
        assert_eq!(plan(&tag_message("v1.0.0", digest, "x")), Some(digest));
        assert_eq!(plan(&commit_message("v1.0.0", digest)), Some(digest));
        assert_eq!(plan("v1.0.0\n\nPlan: tomorrow\n"), None);
    }
}
