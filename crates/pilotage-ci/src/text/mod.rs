//! Text from outside, made fit for where it is shown.
//!
//! Every output has one function here that makes any text harmless in it. They are pure and total:
//! there is no text that they refuse.

mod clean;
mod clock;
mod html;
mod markdown;

pub use clean::{clip, lines, one_line, tail};
pub use clock::{date_and_time, time_of_day};
pub use html::html;
pub use markdown::markdown;
