//! The daemon and its clients over real sockets and processes of this machine.

#[cfg(test)]
mod apart;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod leak;
#[cfg(test)]
mod load;
#[cfg(test)]
mod place;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod takeover;
