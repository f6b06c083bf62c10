//! The clock of the program, for the SDK.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_types::sdk_config::TimeSource;
use pilotage_clock::Clock;

/// By this clock requests are signed, and credentials end.
#[derive(Debug)]
pub(super) struct OurTime(pub(super) Arc<dyn Clock>);

impl TimeSource for OurTime {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0.now().as_millis())
    }
}
