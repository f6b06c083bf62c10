//! The death of a process at a chosen await point.

use core::future::pending;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Notify;

/// Counts the await points that fakes pass, and stops everything at a chosen one: the call at
/// that point never goes on, and the test that waits in [`strikes`](Self::strikes) drops the
/// driver, which is what the death of its process is.
#[derive(Debug)]
pub struct Death {
    passed: AtomicU32,
    at: AtomicU32,
    struck: AtomicBool,
    bell: Notify,
}

impl Default for Death {
    fn default() -> Self {
        let never = AtomicU32::new(u32::MAX);
        let (passed, struck, bell) = (AtomicU32::default(), AtomicBool::default(), Notify::new());
        Self { passed, at: never, struck, bell }
    }
}

impl Death {
    /// Strikes at the await point of this number, counted from zero and from now.
    pub fn strike_at(&self, point: u32) {
        self.passed.store(0, Ordering::SeqCst);
        self.struck.store(false, Ordering::SeqCst);
        self.at.store(point, Ordering::SeqCst);
    }

    /// Strikes no more.
    pub fn spare(&self) {
        self.strike_at(u32::MAX);
    }

    /// How many await points were passed since the last decision when to strike.
    pub fn passed(&self) -> u32 {
        self.passed.load(Ordering::SeqCst)
    }

    /// Waits until the point is reached.
    pub async fn strikes(&self) {
        while !self.struck.load(Ordering::SeqCst) {
            self.bell.notified().await;
        }
    }

    /// An await point of a fake.
    pub async fn point(&self) {
        let number = self.passed.fetch_add(1, Ordering::SeqCst);
        if number < self.at.load(Ordering::SeqCst) {
            return;
        }
        self.struck.store(true, Ordering::SeqCst);
        self.bell.notify_one();
        pending::<()>().await;
    }
}
