//! This machine as a target: what a deploy keeps while it is disturbed, on the real binary.

#[cfg(test)]
mod cancelled;
#[cfg(test)]
mod databases;
#[cfg(test)]
mod rehearsals;
#[cfg(test)]
mod tool;
