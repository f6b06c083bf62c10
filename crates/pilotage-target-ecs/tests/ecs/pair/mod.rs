//! Two services behind one rule: driven step by step, with requests that are counted.

mod bench;
mod contract;
mod deploy;
mod faults;
mod meddled;
mod replay;
mod resume;
mod rollback;
