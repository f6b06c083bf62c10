//! The binary as pipelines run it: files in, files out, exit codes.

#![expect(clippy::expect_used, reason = "a helper of a test that cannot go on fails the test")]

mod harbour;
mod images;
mod leak;
mod line;
mod pinned;
mod place;
mod promote;
mod refusals;
mod story;
mod verified;
