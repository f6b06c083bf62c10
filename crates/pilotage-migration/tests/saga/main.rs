//! Migrations run once, whoever dies on the way.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "so a test fails")]

mod contract;
mod death;
mod dispatch;
mod escort;
mod harbour;
mod next;
mod plan;
mod work;
