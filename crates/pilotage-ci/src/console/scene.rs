//! What a view is shown, and what it makes of it.

use core::fmt::Debug;

use pilotage_driver::drive::Warning;
use pilotage_rollout::Moment;

use crate::timeline::Timeline;

/// Something that a view may want to show.
#[derive(Debug, Clone, Copy)]
pub enum Scene<'a> {
    /// The timeline was read back from a journal; none of this is new.
    Resumed(&'a Timeline),
    /// The timeline grew by its last line.
    Grown(&'a Timeline),
    /// Time has passed, nothing else; shown about every second.
    Passed(&'a Timeline, Moment),
    /// Something is odd.
    Warned(&'a Warning),
    /// The journal cannot be shown.
    Unfit(&'a str),
    /// The process is done with the run, as far as that is known; nothing if it was never owned.
    Ended(Option<&'a Timeline>),
}

/// One way to show a run on a console.
pub trait View: Debug + Send {
    /// The text for this scene, whole lines; perhaps none. It is written as one piece or not at
    /// all, so that what one piece opens it must close.
    fn show(&mut self, scene: Scene<'_>) -> String;
}
