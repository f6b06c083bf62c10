//! The verbs, one file a noun.

pub(crate) mod deed;
pub(crate) mod event;
pub(crate) mod gate;
pub(crate) mod image;
pub(crate) mod key;
pub(crate) mod line;
pub(crate) mod promote;
pub(crate) mod record;
