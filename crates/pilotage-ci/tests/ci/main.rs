//! What people and CI systems are shown of runs.

mod azure;
mod browser;
mod console;
mod github;
mod notify;
mod report;
mod summary;
mod support;
mod timeline;
