//! A small AWS of this process, for what no emulator does: it looks at the region that a request
//! is signed for, it knows ECR Public and the settings of a registry, and it refuses.

mod answer;
mod server;
mod state;

pub(crate) use answer::Answer;
pub(crate) use server::Fake;
