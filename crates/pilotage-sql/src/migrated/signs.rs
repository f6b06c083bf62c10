//! What is concluded from what can be seen: a pure function.

use pilotage_migration::saga::database::Found;
use pilotage_migration::saga::sign::Trace;

use super::server::Sight;

/// Why a statement that may stay half done cannot be told about.
pub(super) const HALF: &str = "a part of it may be done, and the server does not show which";

pub(super) fn unclear(reason: &str) -> Found {
    Found::Unclear { reason: reason.into() }
}

/// Weighs what was seen of the traces of a statement.
pub(super) fn weigh(traces: &[Trace], sights: &[Sight]) -> Found {
    let doubt = sights.iter().find_map(|sight| match sight {
        Sight::Unclear(reason) => Some(reason),
        _ => None,
    });
    if let Some(doubt) = doubt {
        return unclear(doubt);
    }
    let is_left = |(trace, sight): (&Trace, &Sight)| match sight {
        // What is broken is neither there nor gone.
        Sight::There => trace.is_there,
        Sight::Missing => !trace.is_there,
        Sight::Broken | Sight::Unclear(_) => false,
    };
    let left = traces.iter().zip(sights).filter(|pair| is_left(*pair)).count();
    match left {
        0 => Found::Absent,
        all if all == traces.len() => Found::Applied,
        _ => unclear("a part of what it leaves is there"),
    }
}

#[cfg(test)]
mod tests {
    use pilotage_migration::saga::sign::{Name, Object};

    use super::*;

    fn trace(is_there: bool) -> Trace {
        let of = Object::Table(Name { schema: None, name: "t".into() });
        Trace { of, is_there }
    }

    #[test]
    fn all_is_applied_none_is_absent_and_some_is_unclear() {
        let one = [trace(true)];
        assert_eq!(weigh(&one, &[Sight::There]), Found::Applied);
        assert_eq!(weigh(&one, &[Sight::Missing]), Found::Absent);
        assert_eq!(weigh(&one, &[Sight::Broken]), Found::Absent);
        assert_eq!(weigh(&[trace(false)], &[Sight::Broken]), Found::Absent, "it goes away again");
        let moved = [trace(false), trace(true)];
        assert_eq!(weigh(&moved, &[Sight::Missing, Sight::There]), Found::Applied);
        assert_eq!(weigh(&moved, &[Sight::There, Sight::Missing]), Found::Absent);
        let half = weigh(&moved, &[Sight::There, Sight::There]);
        assert!(matches!(half, Found::Unclear { .. }), "{half:?}");
        let doubt = weigh(&one, &[Sight::Unclear("no".into())]);
        assert_eq!(doubt, unclear("no"));
    }
}
