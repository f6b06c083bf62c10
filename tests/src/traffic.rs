//! The traffic of a rehearsal: every kind of request that a switch could lose.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pilotage_load::{Get, Load, Rate, Socket, Upload};

use crate::account::{Account, Kind};

const fn rate(clients: u32, pace_millis: u64) -> Rate {
    Rate { clients, pace: Duration::from_millis(pace_millis) }
}

/// 1,333 requests a second.
const MANY: Rate = rate(16, 12);
/// 100 requests a second, for rehearsals that are about something else.
const FEW: Rate = rate(4, 40);
const LONG: Rate = rate(4, 500);
/// Now and then one that takes far longer than a switch.
const VERY_LONG: Rate = rate(1, 10_000);
const UPLOADS: Rate = rate(2, 500);
/// A socket that was closed is opened again at once.
const SOCKETS: Rate = rate(8, 10);

/// All kinds, with more than a thousand ordinary requests a second among them.
pub fn heavy(address: SocketAddr, account: &Arc<Account>) -> Load {
    with(MANY, address, account)
}

/// All kinds, with a hundred ordinary requests a second among them.
pub fn light(address: SocketAddr, account: &Arc<Account>) -> Load {
    with(FEW, address, account)
}

fn with(quick: Rate, address: SocketAddr, account: &Arc<Account>) -> Load {
    let mut load = Load::default();
    let millis = Duration::from_millis;
    load.send(quick, &account.of(Kind::Quick), || Get::new(address, "/"));
    load.send(LONG, &account.of(Kind::Long), || Get::new(address, "/slow/300"));
    load.send(VERY_LONG, &account.of(Kind::Long), || Get::new(address, "/slow/2000"));
    load.send(UPLOADS, &account.of(Kind::Upload), || Upload::new(address, 16, millis(20)));
    load.send(SOCKETS, &account.of(Kind::Socket), || Socket::new(address, millis(100)));
    load
}
