//! The verbs, one a file.

pub(crate) mod about;
pub(crate) mod exec;
pub(crate) mod guard;
pub(crate) mod lint;
pub(crate) mod lock;
pub(crate) mod repair;
pub(crate) mod run;
pub(crate) mod status;
pub(crate) mod warden;
pub(crate) mod worker;
