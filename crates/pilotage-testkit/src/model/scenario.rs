//! How much is explored.

use super::Plant;

/// How much is explored: who takes part, and what may go wrong how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// How many processes there are, up to three.
    pub processes: usize,
    /// How often each of them may begin.
    pub lives: u8,
    /// How often each of them may renew in all.
    pub renewals: u8,
    /// How many messages may be lost, late or twice.
    pub faults: u8,
    /// How many processes may die, to begin anew if they have a life left.
    pub deaths: u8,
    /// Whether the second process is the worker to which the first one hands over.
    pub handover: bool,
    /// How far each clock goes while another goes one step, or nothing if each goes as it likes.
    pub rates: Option<[u64; 3]>,
    /// What is broken on purpose.
    pub plant: Option<Plant>,
}

impl Scenario {
    const BASE: Self = Self {
        name: "",
        processes: 3,
        lives: 1,
        renewals: 1,
        faults: 0,
        deaths: 0,
        handover: false,
        rates: None,
        plant: None,
    };

    /// Those that are explored in a test, within a minute in all.
    pub const SHORT: [Self; 6] = [
        Self { name: "two rivals, a fault", processes: 2, faults: 1, ..Self::BASE },
        Self { name: "hand-over, a fault", processes: 2, handover: true, faults: 1, ..Self::BASE },
        Self { name: "hand-over beside a rival", handover: true, renewals: 0, ..Self::BASE },
        Self { name: "three rivals", renewals: 0, ..Self::BASE },
        Self { name: "clocks at 2:3", rates: Some([2, 3, 3]), renewals: 0, ..Self::BASE },
        Self {
            name: "clocks at 3:2, renewing",
            processes: 2,
            rates: Some([3, 2, 3]),
            ..Self::BASE
        },
    ];

    /// Those that take minutes.
    pub const LONG: [Self; 4] = [
        Self { name: "two rivals, two faults", processes: 2, faults: 2, ..Self::BASE },
        Self { name: "three rivals, a death", deaths: 1, renewals: 0, ..Self::BASE },
        Self {
            name: "hand-over beside a rival, a fault",
            handover: true,
            renewals: 0,
            faults: 1,
            ..Self::BASE
        },
        Self {
            name: "clocks at 2:3, a fault",
            rates: Some([2, 3, 3]),
            renewals: 0,
            faults: 1,
            ..Self::BASE
        },
    ];

    /// The smallest ones in which this plant shows.
    pub const fn with(plant: Plant) -> Self {
        let base = Self { name: plant.name(), plant: Some(plant), processes: 2, ..Self::BASE };
        match plant {
            Plant::FastClock => Self { rates: Some([1, 2, 2]), ..base },
            Plant::HastyThief => Self { rates: Some([1, 1, 1]), ..base },
            Plant::EndlessPatience => Self { deaths: 1, ..base },
            _ => base,
        }
    }
}
