//! Which side of a rollout a request falls on: an even sequence rather than chance.
//!
//! A share of one per cent must be one request in a hundred even over the first few hundred,
//! because the judge compares the two tracks early. Multiples of the golden ratio, taken
//! modulo one, fill every interval in proportion to its length with the least possible error.

use std::sync::atomic::{AtomicU64, Ordering};

use hyper::HeaderMap;
use hyper::header::{COOKIE, HeaderValue};

use crate::router::{Affinity, Share, Track};

/// The cookie that keeps a client on its side.
const COOKIE_NAME: &str = "pilotage-bucket";
/// The golden ratio's fractional part as a fraction of 2⁶⁴, made odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// One of ten thousand equal parts of all requests or clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket(u16);

impl Bucket {
    /// The candidate takes the lowest buckets, so a growing share only ever adds to it.
    pub(super) fn track(self, share: Share) -> Track {
        if self.0 < share.basis_points() { Track::Candidate } else { Track::Stable }
    }

    fn from_cookies(headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|p| p.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim() == COOKIE_NAME)?;
        let bucket = value.trim().parse().ok()?;
        (bucket < Share::ALL.basis_points()).then_some(Self(bucket))
    }

    fn cookie(self) -> Option<HeaderValue> {
        let text = format!("{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Lax", self.0);
        HeaderValue::try_from(text).ok()
    }
}

/// The even sequence of buckets.
#[derive(Debug, Default)]
pub(super) struct Sequence(AtomicU64);

impl Sequence {
    fn next(&self) -> Bucket {
        let point = self.0.fetch_add(GOLDEN, Ordering::Relaxed);
        let scaled = (u128::from(point) * u128::from(Share::ALL.basis_points())) >> 64;
        Bucket(u16::try_from(scaled).unwrap_or_default())
    }

    /// The bucket of a request, and the cookie to set if its client is to keep it.
    pub(super) fn bucket(
        &self,
        affinity: Affinity,
        headers: &HeaderMap,
    ) -> (Bucket, Option<HeaderValue>) {
        let known = match affinity {
            Affinity::PerRequest => return (self.next(), None),
            Affinity::Sticky => Bucket::from_cookies(headers),
        };
        known.map_or_else(
            || {
                let bucket = self.next();
                (bucket, bucket.cookie())
            },
            |bucket| (bucket, None),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_over_short_and_long_runs() {
        for points in [100, 1_000, 2_500, 5_000, 9_900] {
            let share = Share::from_basis_points(points).expect("valid");
            let sequence = Sequence::default();
            let mut candidate = 0;
            for sent in 1..=20_000_u32 {
                candidate += u32::from(sequence.next().track(share) == Track::Candidate);
                let exact = f64::from(sent) * f64::from(points) / 10_000.0;
                assert!((f64::from(candidate) - exact).abs() < 4.0, "{points} after {sent}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_scale_are_all_or_nothing() {
        let sequence = Sequence::default();
        for _ in 0..30_000 {
            let bucket = sequence.next();
            assert_eq!(bucket.track(Share::NONE), Track::Stable);
            assert_eq!(bucket.track(Share::ALL), Track::Candidate);
        }
    }

    #[test]
    fn a_client_keeps_its_bucket_and_a_forged_one_is_replaced() {
        let sequence = Sequence::default();
        let mut headers = HeaderMap::new();
        let (first, cookie) = sequence.bucket(Affinity::Sticky, &headers);
        let cookie = cookie.expect("a new client gets a cookie");
        let pair = cookie.to_str().expect("text").split(';').next().expect("pair").to_owned();
        let sent = format!("theme=dark; {pair}");
        headers.insert(COOKIE, HeaderValue::try_from(sent).expect("valid"));
        assert_eq!(sequence.bucket(Affinity::Sticky, &headers), (first, None));
        headers.insert(COOKIE, HeaderValue::from_static("pilotage-bucket=10000"));
        assert!(sequence.bucket(Affinity::Sticky, &headers).1.is_some());
    }
}
