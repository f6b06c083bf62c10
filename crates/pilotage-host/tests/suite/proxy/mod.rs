//! The built-in proxy over real sockets.

mod bodies;
mod choice;
mod failures;
mod http2;
mod limits;
mod switching;
mod tunnels;
