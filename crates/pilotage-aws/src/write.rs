//! How long a write to a control plane is waited for.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;

/// The longest that a write is waited for. One that got no answer until then was sent at most this long
/// ago.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// The times of a write that is sent once, and not waited for without end.
pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(DEADLINE)
        .operation_timeout(DEADLINE)
        .build()
}
