//! Constant load by the one generator of this workspace.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pilotage_load::{Get, Rate, Tally, Totals};

const RATE: Rate = Rate { clients: 8, pace: Duration::from_millis(8) };

pub(crate) struct Load {
    load: pilotage_load::Load,
    tally: Arc<Tally>,
}

impl Load {
    pub(crate) fn on(address: SocketAddr) -> Self {
        let (mut load, tally) = (pilotage_load::Load::default(), Arc::new(Tally::default()));
        load.send(RATE, &tally, || Get::new(address, "/"));
        Self { load, tally }
    }

    pub(crate) async fn stop(self) -> Totals {
        self.load.stop().await;
        self.tally.totals()
    }
}
