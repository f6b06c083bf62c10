//! What other people and bad luck do to a target.

use pilotage_artifact::{Digest, Release};
use pilotage_rollout::{Moment, Share};

use super::{Units, World};
use crate::sim::scenario::Behaviour;

/// What somebody else did, so that the checks know what the engine cannot be blamed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meddling {
    /// The size that the scenario began with.
    pub size: u16,
    /// Units of the stable release were lost lately.
    pub old_lost_at: Option<Moment>,
    /// Units of the candidate were lost lately.
    pub new_lost_at: Option<Moment>,
    /// Somebody changed the traffic, and this is what it was before.
    pub rerouted: Option<Share>,
    /// Somebody scaled the stable release up.
    pub scaled: bool,
    /// The units that the platform's autoscaler has taken away.
    pub spared: u16,
    /// A stranger appeared.
    pub stranger: bool,
    /// The target was deleted and made again.
    pub remade: bool,
}

impl World {
    /// An autoscaler wants one more unit of the stable release.
    pub fn scale_up(&mut self) {
        if self.has_old && self.old.desired() > 0 {
            self.remember();
            let (count, now) = (self.old.desired() + 1, self.now);
            self.old.resize(count, now);
            self.meddling.scaled = true;
            self.meddling.old_lost_at = Some(now);
        }
    }

    /// The platform's own autoscaler wants one unit less, where the number of units is its business.
    pub fn scale_in(&mut self) {
        if self.delegated && self.meddling.size > 1 {
            self.remember();
            self.meddling.size -= 1;
            self.meddling.spared += 1;
            let (size, now) = (self.meddling.size, self.now);
            for units in [&mut self.old, &mut self.new] {
                units.resize(units.desired().min(size), now);
            }
        }
    }

    /// A unit is lost and replaced.
    pub fn lose_unit(&mut self, of_new: bool) {
        self.remember();
        let now = self.now;
        if of_new {
            self.new.lose_one(now);
            self.meddling.new_lost_at = Some(now);
        } else {
            self.old.lose_one(now);
            self.meddling.old_lost_at = Some(now);
        }
    }

    /// Somebody gives the candidate a share that no plan has. Where the platform's own controller
    /// moves traffic there is no router that a person could reach.
    pub fn reroute(&mut self) {
        if self.new.desired() > 0 && self.has_old && !self.delegated {
            self.remember();
            self.meddling.rerouted.get_or_insert(self.router.gives);
            self.route(Share::from_basis_points(3_700).unwrap_or(Share::NONE));
        }
    }

    /// Somebody starts units of another release.
    pub fn invade(&mut self) {
        if let Ok(id) = "hotfix".parse() {
            self.remember();
            let release = Release { id, digest: Digest::of(b"hotfix"), sequence: 9 };
            self.stranger = Some(Units::warm(release, Behaviour::Good, 1));
            self.meddling.stranger = true;
        }
    }

    /// Somebody deletes the target and makes it again.
    pub fn remake(&mut self) {
        self.remember();
        self.incarnation += 1;
        self.meddling.remade = true;
    }

    /// A person cleans up what somebody else did.
    pub fn tidy_up(&mut self) {
        self.stranger = None;
        self.meddling.stranger = false;
        if let Some(share) = self.meddling.rerouted.take() {
            self.remember();
            self.route(share);
        }
    }
}
