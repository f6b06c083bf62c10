//! The verbs over strict fakes: one process in memory, one target, no network and no real time.

mod bad_input;
mod flows;
mod help;
mod output;
mod schema;
mod verdicts;
mod world;
