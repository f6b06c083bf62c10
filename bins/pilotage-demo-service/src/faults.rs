//! What goes wrong on purpose.

use std::time::Duration;

use clap::Args;

/// What goes wrong on purpose.
#[derive(Debug, Clone, Args)]
pub(crate) struct Faults {
    /// Answer this many percent of the requests with status 500, evenly spread; never `/health`.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) fail_percent: u8,
    /// Answer `/health` with 503 for ever.
    #[arg(long)]
    pub(crate) never_ready: bool,
    /// Exit instead of serving.
    #[arg(long)]
    pub(crate) exit_at_once: bool,
    /// The code to exit with at once.
    #[arg(long, default_value_t = 1, value_name = "CODE")]
    pub(crate) exit_code: u8,
    /// End by a signal instead of serving.
    #[arg(long)]
    pub(crate) crash: bool,
    /// Answer `/health` with 503 for this many seconds.
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    pub(crate) slow_start: u16,
}

impl Faults {
    /// Whether the request with this number, from 0, is one that fails.
    pub(crate) fn fails(&self, number: u64) -> bool {
        let before = |count: u64| u128::from(count) * u128::from(self.fail_percent) / 100;
        before(number.saturating_add(1)) > before(number)
    }

    /// Whether a service that has run for this long says that it is ready.
    pub(crate) fn is_ready(&self, after: Duration) -> bool {
        !self.never_ready && after >= Duration::from_secs(u64::from(self.slow_start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(fail_percent: u8) -> Faults {
        Faults {
            fail_percent,
            never_ready: false,
            exit_at_once: false,
            exit_code: 1,
            crash: false,
            slow_start: 2,
        }
    }

    #[test]
    fn failures_are_exact_and_evenly_spread() {
        for percent in [0, 1, 5, 33, 100] {
            let failed = (0..1_000).filter(|number| failing(percent).fails(*number)).count();
            assert_eq!(failed, usize::from(percent) * 10, "{percent} %");
        }
        let gaps: Vec<u64> = (0..100).filter(|number| failing(5).fails(*number)).collect();
        assert_eq!(gaps, [19, 39, 59, 79, 99]);
    }

    #[test]
    fn a_slow_start_ends() {
        let readiness = [1, 2].map(|secs| failing(0).is_ready(Duration::from_secs(secs)));
        assert_eq!(readiness, [false, true]);
    }
}
