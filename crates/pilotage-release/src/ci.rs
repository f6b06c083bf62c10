//! What a CI system says that it builds: a checkout there stands on a commit and on no branch.

/// The reference that a CI system says it builds, by its variables: GitHub Actions, Azure DevOps,
/// GitLab. Nothing, outside of them.
pub fn ci_ref(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let named = ["GITHUB_REF", "BUILD_SOURCEBRANCH", "CI_MERGE_REQUEST_REF_PATH"];
    let said = |name: &str| variable(name).filter(|value| !value.is_empty());
    let branch = || Some(format!("refs/heads/{}", said("CI_COMMIT_BRANCH")?));
    named.iter().find_map(|name| said(name)).or_else(branch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_its_own_word_for_it() {
        let of = |name: &'static str, value: &'static str| {
            ci_ref(|asked| (asked == name).then(|| value.to_owned()))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("GITHUB_REF", "refs/pull/12/merge"), some("refs/pull/12/merge"));
        assert_eq!(of("BUILD_SOURCEBRANCH", "refs/heads/main"), some("refs/heads/main"));
        assert_eq!(of("CI_COMMIT_BRANCH", "fix"), some("refs/heads/fix"));
        assert_eq!(of("GITHUB_REF", ""), None);
    }
}
