//! The crate's promises, checked over real sockets and real processes of this machine.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod health;
#[cfg(test)]
mod process;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod support;
