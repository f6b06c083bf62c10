//! What the units have answered to health checks.
//!
//! An answer counts for one process of a unit: once the unit was started again it has to prove
//! itself anew. One lost answer makes a unit unready at once, which is for the engine to weigh;
//! only several in a row take a unit out of the routes, where it may be needed.

use std::collections::BTreeMap;

use crate::runtime::UnitName;

/// How many failures in a row take a unit out of the routes.
const TOO_MANY: u32 = 3;

/// The answers of all units.
#[derive(Debug, Default)]
pub(super) struct Healths(BTreeMap<UnitName, Health>);

#[derive(Debug)]
struct Health {
    pid: u32,
    proven: bool,
    failures: u32,
    reason: Option<String>,
}

impl Healths {
    /// Notes what this process of the unit has answered.
    pub(super) fn note(&mut self, unit: &UnitName, pid: u32, answer: Result<(), String>) {
        let before = self.0.remove(unit).filter(|health| health.pid == pid);
        let (proven, failures) = before.map_or((false, 0), |h| (h.proven, h.failures));
        let health = match answer {
            Ok(()) => Health { pid, proven: true, failures: 0, reason: None },
            Err(reason) => {
                let failures = failures.saturating_add(1);
                Health { pid, proven, failures, reason: Some(reason) }
            }
        };
        self.0.insert(unit.clone(), health);
    }

    /// Forgets all units but these.
    pub(super) fn keep(&mut self, is_known: impl Fn(&UnitName) -> bool) {
        self.0.retain(|unit, _| is_known(unit));
    }

    /// Whether this process answered the last check.
    pub(super) fn is_ready(&self, unit: &UnitName, pid: u32) -> bool {
        self.of(unit, pid).is_some_and(|health| health.reason.is_none())
    }

    /// Whether this process may get traffic.
    pub(super) fn is_well(&self, unit: &UnitName, pid: u32) -> bool {
        self.of(unit, pid).is_some_and(|health| health.proven && health.failures < TOO_MANY)
    }

    /// Why the last check failed.
    pub(super) fn reason(&self, unit: &UnitName, pid: u32) -> Option<&str> {
        self.of(unit, pid)?.reason.as_deref()
    }

    fn of(&self, unit: &UnitName, pid: u32) -> Option<&Health> {
        self.0.get(unit).filter(|health| health.pid == pid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_leaves_the_routes_only_after_several_failures_in_a_row() {
        let (mut healths, unit) = (Healths::default(), "v1-1".parse().expect("a name"));
        let failed = || Err("slow".to_owned());
        healths.note(&unit, 7, failed());
        assert!(!healths.is_well(&unit, 7), "it never answered");
        healths.note(&unit, 7, Ok(()));
        for left in (0..TOO_MANY).rev() {
            assert!(healths.is_well(&unit, 7));
            healths.note(&unit, 7, failed());
            assert!(!healths.is_ready(&unit, 7));
            assert_eq!(healths.is_well(&unit, 7), left > 0);
        }
    }

    #[test]
    fn a_unit_that_was_started_again_proves_itself_anew() {
        let (mut healths, unit) = (Healths::default(), "v1-1".parse().expect("a name"));
        healths.note(&unit, 7, Ok(()));
        assert!(healths.is_well(&unit, 7) && !healths.is_well(&unit, 8));
        healths.note(&unit, 8, Err("not yet".to_owned()));
        assert!(!healths.is_well(&unit, 8));
        assert_eq!(healths.reason(&unit, 8), Some("not yet"));
    }
}
