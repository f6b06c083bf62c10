//! What this process finds around itself: the environment's values, and who it is.

use pilotage_ci::surface::Surface;
use pilotage_cli::Io;

/// The value of an environment variable, if it is text.
#[expect(clippy::disallowed_methods, reason = "the composition reads the environment here alone")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Tells the runner of a CI job, if there is one, what it must mask.
pub fn tell_runner(io: &Io) {
    if let Some(runner) = Surface::detect(variable, false).runner() {
        io.tell_runner(runner);
    }
}

/// What others are told who find the lease busy: the CI job, or at least the process.
pub fn holder() -> String {
    holder_of(variable, std::process::id())
}

fn holder_of(variable: impl Fn(&str) -> Option<String>, pid: u32) -> String {
    let page = pilotage_ci::job::page(variable);
    page.unwrap_or_else(|| format!("process {pid} of this machine"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_by_its_address_and_a_process_by_its_number() {
        let github = |name: &str| match name {
            "GITHUB_SERVER_URL" => Some("https://github.example".to_owned()),
            "GITHUB_REPOSITORY" => Some("shop/web".to_owned()),
            "GITHUB_RUN_ID" => Some("17".to_owned()),
            _ => None,
        };
        assert_eq!(holder_of(github, 9), "https://github.example/shop/web/actions/runs/17");
        assert_eq!(holder_of(|_| None, 9), "process 9 of this machine");
    }
}
