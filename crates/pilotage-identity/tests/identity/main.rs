//! Identities of jobs, asked for over real sockets at strict fakes of what CI systems run.

#![expect(clippy::expect_used, reason = "the helpers of tests fail tests")]

mod azure_devops;
mod fake;
mod github;
