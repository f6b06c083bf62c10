//! A route table: the units of both tracks and the candidate's share, checked when it is built.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// One of the two sides of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// The side that was proven before this rollout began.
    Stable,
    /// The side that this rollout is proving.
    Candidate,
}

impl Display for Track {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "stable",
            Self::Candidate => "candidate",
        })
    }
}

/// The candidate's share of new requests in basis points: 0 to 10,000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "u16", into = "u16")]
pub struct Share(u16);

impl Share {
    /// The candidate gets nothing.
    pub const NONE: Self = Self(0);
    /// The candidate gets everything.
    pub const ALL: Self = Self(10_000);

    /// This many basis points, if there are that many in a whole.
    pub const fn from_basis_points(points: u16) -> Option<Self> {
        if points <= Self::ALL.0 { Some(Self(points)) } else { None }
    }

    /// The share in basis points.
    pub const fn basis_points(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Share {
    type Error = InvalidTable;

    fn try_from(points: u16) -> Result<Self, InvalidTable> {
        Self::from_basis_points(points).ok_or(InvalidTable::Share { points })
    }
}

impl From<Share> for u16 {
    fn from(share: Share) -> Self {
        share.0
    }
}

/// The number of a route table; it only grows.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Generation(pub u64);

impl Generation {
    /// The number of the table that replaces this one.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Display for Generation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What a unit speaks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// HTTP/1.1 over keep-alive connections.
    #[default]
    Http1,
    /// HTTP/2 in clear text with prior knowledge, as gRPC servers speak it.
    H2c,
}

/// Where one unit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// The address of the unit.
    pub address: SocketAddr,
    /// What the unit speaks there.
    #[serde(default)]
    pub protocol: Protocol,
}

impl From<SocketAddr> for Upstream {
    fn from(address: SocketAddr) -> Self {
        Self { address, protocol: Protocol::default() }
    }
}

/// How requests are divided between the tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Affinity {
    /// Each request is divided on its own.
    #[default]
    PerRequest,
    /// A cookie keeps each client on its side: as the share grows, clients move only to the
    /// candidate, and as it shrinks, only back.
    Sticky,
}

/// Which units get requests, and in what shares. It cannot send a request to nowhere: a track
/// that has a share has units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct RouteTable(Draft);

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    generation: Generation,
    share: Share,
    affinity: Affinity,
    stable: Vec<Upstream>,
    candidate: Vec<Upstream>,
}

impl RouteTable {
    /// The table of a router that was never told anything: no units, every request is refused.
    pub fn closed(generation: Generation) -> Self {
        Self(Draft { generation, ..Draft::default() })
    }

    /// A table in which every request goes to these units.
    pub fn stable(generation: Generation, stable: Vec<Upstream>) -> Result<Self, InvalidTable> {
        Self::weighted(generation, stable, Vec::new(), Share::NONE)
    }

    /// A table in which the candidate gets this share of the requests, each divided on its own.
    pub fn weighted(
        generation: Generation,
        stable: Vec<Upstream>,
        candidate: Vec<Upstream>,
        share: Share,
    ) -> Result<Self, InvalidTable> {
        Draft { generation, share, affinity: Affinity::PerRequest, stable, candidate }.try_into()
    }

    /// The same table with requests divided in this way.
    pub fn with_affinity(mut self, affinity: Affinity) -> Self {
        self.0.affinity = affinity;
        self
    }

    /// The number of this table.
    pub fn generation(&self) -> Generation {
        self.0.generation
    }

    /// The candidate's share of new requests.
    pub fn share(&self) -> Share {
        self.0.share
    }

    /// How requests are divided.
    pub fn affinity(&self) -> Affinity {
        self.0.affinity
    }

    /// The units of this track.
    pub fn units(&self, track: Track) -> &[Upstream] {
        match track {
            Track::Stable => &self.0.stable,
            Track::Candidate => &self.0.candidate,
        }
    }
}

impl TryFrom<Draft> for RouteTable {
    type Error = InvalidTable;

    fn try_from(draft: Draft) -> Result<Self, InvalidTable> {
        let mut seen = BTreeSet::new();
        if let Some(twice) =
            draft.stable.iter().chain(&draft.candidate).find(|unit| !seen.insert(unit.address))
        {
            return Err(InvalidTable::Twice { address: twice.address });
        }
        let without_units = |track| Err(InvalidTable::NoUnits { track, share: draft.share });
        if draft.share > Share::NONE && draft.candidate.is_empty() {
            return without_units(Track::Candidate);
        }
        if draft.share < Share::ALL && draft.stable.is_empty() && !draft.candidate.is_empty() {
            return without_units(Track::Stable);
        }
        Ok(Self(draft))
    }
}

impl From<RouteTable> for Draft {
    fn from(table: RouteTable) -> Self {
        table.0
    }
}

/// A route table that would lose or misdirect requests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTable {
    /// A share outside a whole.
    #[error("a share of {points} basis points is more than the whole: use 0 to 10000")]
    Share {
        /// What was given.
        points: u16,
    },
    /// A track that gets requests and has nobody to answer them.
    #[error(
        "the {track} track would get requests with the candidate at {} of 10000, but has no \
         units: add a unit or change the share",
        share.basis_points()
    )]
    NoUnits {
        /// The track without units.
        track: Track,
        /// The candidate's share.
        share: Share,
    },
    /// One address listed twice.
    #[error("the address {address} is listed twice: a unit is on one track, once")]
    Twice {
        /// The repeated address.
        address: SocketAddr,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(port: u16) -> Upstream {
        SocketAddr::from(([127, 0, 0, 1], port)).into()
    }

    fn build(stable: &[u16], candidate: &[u16], points: u16) -> Result<RouteTable, InvalidTable> {
        RouteTable::weighted(
            Generation(1),
            stable.iter().copied().map(unit).collect(),
            candidate.iter().copied().map(unit).collect(),
            Share::try_from(points)?,
        )
    }

    #[test]
    fn refuses_a_share_for_nobody() {
        let no_units = |track, points| {
            let share = Share::from_basis_points(points).expect("valid");
            Err(InvalidTable::NoUnits { track, share })
        };
        assert_eq!(build(&[1], &[], 1), no_units(Track::Candidate, 1));
        assert_eq!(build(&[], &[1], 9_999), no_units(Track::Stable, 9_999));
        assert!(build(&[], &[1], 10_000).is_ok());
        assert!(build(&[1], &[], 0).is_ok());
    }

    #[test]
    fn refuses_a_unit_on_both_tracks_and_more_than_the_whole() {
        let address = unit(7).address;
        assert_eq!(build(&[7], &[7], 5), Err(InvalidTable::Twice { address }));
        assert_eq!(build(&[1], &[2], 10_001), Err(InvalidTable::Share { points: 10_001 }));
    }

    #[test]
    fn a_stored_table_is_checked_again_when_it_is_read() {
        let table = build(&[1], &[2], 100).expect("valid");
        let text = serde_json::to_string(&table).expect("serialises");
        assert_eq!(serde_json::from_str::<RouteTable>(&text).expect("reads"), table);
        let torn = text.replace("127.0.0.1:2", "127.0.0.1:1");
        assert!(serde_json::from_str::<RouteTable>(&torn).is_err());
    }
}
