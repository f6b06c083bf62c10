//! The planner: what it refuses and why, what it adapts, what it prints, and what names a plan.

mod adapt;
mod identity;
mod impossible;
mod print;
mod prudence;
mod refuse;
