//! Is the candidate worse than the stable version?

#![no_std]

extern crate alloc;
