//! HTTP, as far as a registry needs it: where requests may go, how bodies are read, when a call is
//! repeated.
//!
//! Everything here has a deadline and a limit. What a status means for images is decided above.

mod ask;
mod body;
mod caller;
mod link;
mod origin;
mod path;
mod retry;
mod roots;
mod said;
mod wire;

pub(crate) use ask::{Ask, Repeat};
pub(crate) use body::{Body, BodyError, collect, next, whole};
pub(crate) use caller::{Caller, Guard};
pub(crate) use link::next_page;
pub(crate) use origin::Origin;
pub(crate) use wire::{Answer, Wire};

pub use path::Proxies;
pub use retry::Retry;
pub use roots::{Roots, RootsError};
pub use said::Said;
pub use wire::Patience;
