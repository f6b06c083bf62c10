//! What each verb does: one file each.

pub(crate) mod abort;
pub(crate) mod about;
pub(crate) mod answer;
pub(crate) mod deploy;
pub(crate) mod file;
pub(crate) mod history;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod resume;
pub(crate) mod rollback;
pub(crate) mod status;
pub(crate) mod verify;
