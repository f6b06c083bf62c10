//! Constant load by the one generator of this workspace.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pilotage_load::{Get, Rate, Tally, Totals};
use tokio::time::{interval, timeout};

use crate::place::DEADLINE;

const RATE: Rate = Rate { clients: 8, pace: Duration::from_millis(8) };

pub(crate) struct Load {
    load: pilotage_load::Load,
    tally: Arc<Tally>,
}

impl Load {
    /// Load that has begun: the first good answer has come, so that a test which stops it at once
    /// has been served as well.
    pub(crate) async fn on(address: SocketAddr) -> Self {
        let (mut load, tally) = (pilotage_load::Load::default(), Arc::new(Tally::default()));
        load.send(RATE, &tally, || Get::new(address, "/"));
        let mut looks = interval(RATE.pace);
        let served = async {
            while tally.totals().answers.is_empty() {
                looks.tick().await;
            }
        };
        timeout(DEADLINE, served).await.expect("a good answer in time");
        Self { load, tally }
    }

    pub(crate) async fn stop(self) -> Totals {
        self.load.stop().await;
        self.tally.totals()
    }
}
