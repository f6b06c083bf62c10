//! The daemon and its clients over real sockets and processes of this machine.

mod deploy;
mod faults;
mod load;
mod place;
mod protocol;
mod takeover;
