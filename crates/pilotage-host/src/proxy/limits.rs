//! What bounds the proxy: every wait has a deadline and every buffer a size.

use std::time::Duration;

/// The bounds of a proxy. The defaults suit services that answer people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Client connections at once; more wait in the kernel's queue.
    pub connections: usize,
    /// Bytes of a request's or response's head, and of one read.
    pub head_bytes: usize,
    /// Header fields of a request or response.
    pub head_fields: usize,
    /// Time for a client to send a request's head, and the life of an idle client connection.
    pub client_head: Duration,
    /// Time for a unit to accept a connection.
    pub connect: Duration,
    /// Time for a unit to begin its response once it has the request, and for a client to send
    /// more of a body that it began.
    pub response_head: Duration,
    /// Idle connections kept to each unit.
    pub idle_connections: usize,
    /// How long a connection to a unit may idle before it is no longer used. Shorter than the
    /// two seconds after which common servers close theirs: a request that crosses such a close
    /// on the wire may not be sent again unless it is harmless.
    pub idle_upstream: Duration,
    /// Time for both ends of a tunnel to answer a close, and for requests at the proxy's own end.
    pub close_grace: Duration,
    /// Whether `X-Forwarded-*` of the client is kept and added to, as behind a load balancer
    /// that sets it, or replaced, as where anybody may connect.
    pub trust_forwarded: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head_bytes: 64 * 1024,
            head_fields: 100,
            client_head: Duration::from_mins(1),
            connect: Duration::from_secs(1),
            response_head: Duration::from_mins(1),
            idle_connections: 256,
            idle_upstream: Duration::from_millis(1_500),
            close_grace: Duration::from_secs(2),
            trust_forwarded: false,
        }
    }
}
