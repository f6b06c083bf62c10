//! What a panel says after a look.

use core::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::doubt::Doubt;
use crate::finding::{Failure, Grouped};

/// What a panel says after a look; it displays as one sentence for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Judgement {
    /// The candidate is shown to be good enough, by readings of which the latest is usable.
    Pass {
        /// After how many looks.
        looks: u64,
    },
    /// The candidate is worse.
    Fail {
        /// What was seen and which bound it broke.
        reason: Failure,
    },
    /// Neither is shown yet.
    Undecided {
        /// About how many more candidate requests pass a candidate that is as good as the stable
        /// version, where that can be foretold. A worse one may take longer, or fail before.
        needed: Option<u64>,
        /// What keeps the judgement open.
        why: Doubt,
    },
}

impl Judgement {
    /// Whether the candidate passed.
    pub fn is_pass(&self) -> bool {
        matches!(self, Self::Pass { .. })
    }

    /// Whether the candidate failed.
    pub fn is_fail(&self) -> bool {
        matches!(self, Self::Fail { .. })
    }
}

impl Display for Judgement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass { looks } => {
                let plural = if *looks == 1 { "" } else { "s" };
                write!(f, "the candidate is good enough after {looks} look{plural}")
            }
            Self::Fail { reason } => write!(f, "the candidate is worse: {reason}"),
            Self::Undecided { needed: Some(needed), why } => {
                write!(f, "not enough data: about {} more requests ({why})", Grouped(*needed))
            }
            Self::Undecided { needed: None, why } => write!(f, "undecided: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::doubt::Cause;

    #[test]
    fn reads_as_one_sentence() {
        let metric = "errors".parse().unwrap();
        let why = Doubt::Metric { metric, cause: Cause::Unclear };
        let judgement = Judgement::Undecided { needed: Some(1_240), why };
        assert_eq!(
            judgement.to_string(),
            "not enough data: about 1,240 more requests \
             (`errors`: what was seen fits a good and a bad candidate)"
        );
        assert_eq!(
            Judgement::Pass { looks: 1 }.to_string(),
            "the candidate is good enough after 1 look"
        );
    }
}
