//! A gate's verdict as one small statement for those who do not want to see all the evidence.

use super::{Entry, Explanation, Gates};
use crate::statement::predicate::{Identity, Resource, TestOutcome, Vsa};
use crate::statement::sha256;

/// Who says so, in a verification summary.
const VERIFIER: &str = "https://github.com/pilotage/pilotage/gate/v1";

/// What a release has reached that a gate let in by all its rules.
const LEVEL: &str = "PILOTAGE_GATE";

impl Explanation {
    /// The verdict as a SLSA verification summary, for this place. What was let in by broken glass
    /// has *not* passed the policy, and the summary says so.
    pub fn summary(&self, gates: &Gates, resource_uri: &str) -> Vsa {
        let passed = self.entry == Entry::Open;
        let mut inputs: Vec<_> =
            self.rulings.iter().flat_map(|ruling| ruling.evidence.iter().copied()).collect();
        inputs.sort();
        inputs.dedup();
        let input = |digest| Resource { uri: None, name: None, digest: sha256(&digest) };
        let digest = gates.digest().map(|digest| sha256(&digest)).unwrap_or_default();
        Vsa {
            verifier: Identity { id: VERIFIER.to_owned() },
            time_verified: self.at,
            resource_uri: resource_uri.to_owned(),
            policy: Resource { uri: None, name: Some(self.environment.to_string()), digest },
            input_attestations: inputs.into_iter().map(input).collect(),
            verification_result: if passed { TestOutcome::Passed } else { TestOutcome::Failed },
            verified_levels: if passed { vec![LEVEL.to_owned()] } else { Vec::new() },
            slsa_version: "1.0".to_owned(),
        }
    }
}
