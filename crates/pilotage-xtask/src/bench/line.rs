//! One measured case, its peer and its bar.

use serde::{Serialize, Serializer};

use crate::Error;

/// One measured case.
///
/// As JSON it is one object with the keys `bench`, `case`, `unit`, `ours`, `peer`, `theirs`,
/// `ratio`, `bar` and `ok`. `ratio` is ours divided by theirs. `ok` is null where the bar compares
/// with a peer that is absent; `peer` then says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    bench: String,
    case: String,
    unit: String,
    ours: f64,
    peer: Option<String>,
    theirs: Option<f64>,
    ratio: Option<f64>,
    bar: Bar,
    ok: Option<bool>,
}

/// What we measured of our own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// The unit, of theirs too.
    pub unit: &'static str,
    /// The number.
    pub ours: f64,
}

/// What we are compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Peer {
    /// There is nothing like it.
    None,
    /// The peer was not to be had here.
    Absent {
        /// Who.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The peer was measured in the same run.
    Measured {
        /// Who, with the version.
        name: String,
        /// The number.
        theirs: f64,
    },
}

/// What a case is held to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bar {
    /// Reported only.
    None,
    /// Our number is at most this.
    OursAtMost(f64),
    /// Our number is at least this.
    OursAtLeast(f64),
    /// Ours divided by theirs is at most this.
    RatioAtMost(f64),
    /// Ours divided by theirs is at least this.
    RatioAtLeast(f64),
}

impl Line {
    /// A line; ratio and outcome follow from the numbers.
    pub fn new(bench: &str, case: &str, measure: Measure, peer: Peer, bar: Bar) -> Self {
        let Measure { unit, ours } = measure;
        let (peer, theirs) = match peer {
            Peer::None => (None, None),
            Peer::Absent { name, reason } => (Some(format!("{name} (absent: {reason})")), None),
            Peer::Measured { name, theirs } => (Some(name), Some(theirs)),
        };
        let ratio = theirs.map(|theirs| ours / theirs);
        let ok = bar.holds(ours, ratio);
        let (bench, case, unit) = (bench.into(), case.into(), unit.into());
        Self { bench, case, unit, ours, peer, theirs, ratio, bar, ok }
    }

    /// Whether the bar was missed; a comparison that could not be made is not a miss.
    pub fn has_missed(&self) -> bool {
        self.ok == Some(false)
    }

    /// The name of the case among all benches.
    pub fn id(&self) -> String {
        format!("{}/{}", self.bench, self.case)
    }

    /// The line as one JSON object on one line.
    pub fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::Output(error.into()))
    }

    /// The columns that a person reads.
    pub(super) fn cells(&self) -> [String; 7] {
        let number = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.4}"));
        let outcome = match self.ok {
            Some(true) => "ok",
            Some(false) => "MISSED",
            None => "not compared",
        };
        [
            self.case.clone(),
            format!("{} {}", number(Some(self.ours)), self.unit),
            self.peer.clone().unwrap_or("-".into()),
            number(self.theirs),
            number(self.ratio),
            self.bar.to_string(),
            outcome.into(),
        ]
    }
}

impl Bar {
    /// A number that is not one (0/0) meets no bar.
    fn holds(self, ours: f64, ratio: Option<f64>) -> Option<bool> {
        match self {
            Self::None => Some(true),
            Self::OursAtMost(most) => Some(ours <= most),
            Self::OursAtLeast(least) => Some(ours >= least),
            Self::RatioAtMost(most) => ratio.map(|ratio| ratio <= most),
            Self::RatioAtLeast(least) => ratio.map(|ratio| ratio >= least),
        }
    }
}

impl std::fmt::Display for Bar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("-"),
            Self::OursAtMost(most) => write!(f, "ours <= {most}"),
            Self::OursAtLeast(least) => write!(f, "ours >= {least}"),
            Self::RatioAtMost(most) => write!(f, "ratio <= {most}"),
            Self::RatioAtLeast(least) => write!(f, "ratio >= {least}"),
        }
    }
}

impl Serialize for Bar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            some => serializer.collect_str(some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ours: f64, peer: Peer, bar: Bar) -> Line {
        Line::new("judge", "false aborts", Measure { unit: "share", ours }, peer, bar)
    }

    fn naive(theirs: f64) -> Peer {
        Peer::Measured { name: "naive".into(), theirs }
    }

    #[test]
    fn the_outcome_follows_from_the_numbers() {
        for (ours, peer, bar, ok) in [
            (0.5, Peer::None, Bar::OursAtMost(1.0), Some(true)),
            (1.5, Peer::None, Bar::OursAtMost(1.0), Some(false)),
            (1.5, Peer::None, Bar::OursAtLeast(2.0), Some(false)),
            (1.0, naive(4.0), Bar::RatioAtMost(0.25), Some(true)),
            (1.0, naive(4.0), Bar::RatioAtLeast(0.5), Some(false)),
            (1.0, Peer::None, Bar::None, Some(true)),
            (0.0, naive(0.0), Bar::RatioAtMost(1.0), Some(false)),
            (f64::NAN, Peer::None, Bar::OursAtMost(1.0), Some(false)),
        ] {
            assert_eq!(line(ours, peer.clone(), bar).ok, ok, "{ours} {peer:?} {bar}");
        }
    }

    #[test]
    fn an_absent_peer_is_said_and_neither_won_nor_lost() {
        let absent = Peer::Absent { name: "kayenta".into(), reason: "no Java".into() };
        let line = line(1.0, absent, Bar::RatioAtMost(0.5));
        assert!(!line.has_missed());
        let json = line.to_json().expect("JSON");
        assert!(json.contains(r#""peer":"kayenta (absent: no Java)""#), "{json}");
        assert!(json.contains(r#""ok":null"#) && json.contains(r#""theirs":null"#), "{json}");
    }

    #[test]
    fn the_json_has_exactly_the_documented_keys() {
        let json = line(0.01, naive(0.3), Bar::RatioAtMost(0.1)).to_json().expect("JSON");
        let object: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        let mut keys: Vec<&String> = object.as_object().expect("an object").keys().collect();
        keys.sort();
        let documented = ["bar", "bench", "case", "ok", "ours", "peer", "ratio", "theirs", "unit"];
        assert_eq!(keys, documented);
        assert!(!json.contains('\n'));
    }
}
