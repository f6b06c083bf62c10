//! The job that this process is part of.

/// The page of the CI run of a process with these environment variables.
pub fn page(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let github = || {
        let server = variable("GITHUB_SERVER_URL")?;
        let (repository, run) = (variable("GITHUB_REPOSITORY")?, variable("GITHUB_RUN_ID")?);
        Some(format!("{server}/{repository}/actions/runs/{run}"))
    };
    let azure = || {
        let (collection, build) = (variable("SYSTEM_COLLECTIONURI")?, variable("BUILD_BUILDID")?);
        let project = variable("SYSTEM_TEAMPROJECT")?;
        Some(format!("{collection}{project}/_build/results?buildId={build}"))
    };
    github().or_else(azure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_by_its_address() {
        let github = |name: &str| match name {
            "GITHUB_SERVER_URL" => Some("https://github.example".to_owned()),
            "GITHUB_REPOSITORY" => Some("shop/web".to_owned()),
            "GITHUB_RUN_ID" => Some("17".to_owned()),
            _ => None,
        };
        assert_eq!(page(github).unwrap(), "https://github.example/shop/web/actions/runs/17");
        assert_eq!(page(|_| None), None);
    }
}
