//! The binary as people run it: real processes, a real proxy, and what is left afterwards.

mod demo;
mod place;
mod refusals;
mod verbs;
