//! What is told while a worker is at it.

use core::fmt::{self, Display, Formatter};

/// What is told meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Another set, or something else, has the database.
    Waiting {
        /// Who.
        who: String,
    },
    /// A worker is at this very set already.
    Attached {
        /// Who.
        who: String,
    },
    /// A worker was started.
    Started,
    /// The worker has taken the lease over; from now on this process may end.
    HandedOver,
    /// The worker has said something, free of secrets.
    Said {
        /// One line.
        line: String,
    },
}

/// Who wants to know.
pub type Watcher<'a> = &'a mut (dyn FnMut(&Watched) + Send);

impl Display for Watched {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { who } => write!(f, "waiting: {who}"),
            Self::Attached { who } => write!(f, "these migrations are under way: watching {who}"),
            Self::Started => f.write_str("a worker was started"),
            Self::HandedOver => f.write_str("the worker has taken over"),
            Self::Said { line } => f.write_str(line),
        }
    }
}
