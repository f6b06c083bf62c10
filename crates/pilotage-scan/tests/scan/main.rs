//! The scan as its users see it.

#![expect(clippy::expect_used, reason = "the helpers of tests fail tests")]
#![expect(clippy::disallowed_methods, reason = "tests write the files that are looked at")]
#![expect(clippy::print_stdout, reason = "recall and false alarms are told, not only asserted")]

mod corpus;
mod reports;
mod sources;
