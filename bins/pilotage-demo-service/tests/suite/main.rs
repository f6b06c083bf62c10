//! The service as a process of its own.

#[cfg(test)]
mod paths;
#[cfg(test)]
mod process;
