//! What names one ownership, for whoever is to take it over.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use pilotage_rollout::Fence;

use crate::OwnerId;

/// Names one ownership exactly. Given to a worker, it lets the worker take the lease over while
/// the giver still keeps it, so that there is no moment without an owner; as text it travels in an
/// environment variable or an argument.
///
/// It is no secret: whoever can read the record can read it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// The owner.
    pub owner: OwnerId,
    /// Under which fence.
    pub fence: Fence,
}

/// A text that is not a ticket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ticket for a lease: `<fence>:<owner>` is needed")]
pub struct BadTicket(String);

impl Display for Ticket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.fence.0, self.owner)
    }
}

impl FromStr for Ticket {
    type Err = BadTicket;

    fn from_str(text: &str) -> Result<Self, BadTicket> {
        let parse = |(fence, owner): (&str, &str)| {
            Some(Self { fence: Fence(fence.parse().ok()?), owner: owner.parse().ok()? })
        };
        text.split_once(':').and_then(parse).ok_or_else(|| BadTicket(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_travels_as_text() {
        let ticket = Ticket { owner: OwnerId::from_bits(0xfeed), fence: Fence(12) };
        assert_eq!(ticket.to_string().parse(), Ok(ticket));
        for text in ["", "12", ":", "12:feed", "x:0000000000000000000000000000feed"] {
            assert_eq!(text.parse::<Ticket>(), Err(BadTicket(text.into())));
        }
    }
}
