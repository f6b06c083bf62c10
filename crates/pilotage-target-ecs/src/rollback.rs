//! What to go back to: what was deployed *successfully* last, by ECS's own history.
//!
//! The revision below the current one may never have been deployed, or have failed. Where the history
//! is silent, that is said, and nothing is guessed.

use std::collections::BTreeMap;

use pilotage_aws::ecs::{PastDeployment, PastState, Revision};

/// What to go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// The task definition of the last successful deployment of something else.
    To {
        /// Its ARN.
        definition: String,
        /// The deployment that succeeded.
        deployment: String,
    },
    /// Something else has succeeded, but ECS no longer says what it was: it keeps no revisions from
    /// before the 25th of October 2024, and forgets old ones.
    Forgotten {
        /// The deployment that succeeded.
        deployment: String,
    },
    /// The history knows of no success but of what is live.
    Nothing,
}

/// The last success that ran something other than what is live. The newest comes first.
pub fn back(live: &str, history: &[PastDeployment], revisions: &[Revision]) -> Back {
    let of: BTreeMap<&str, &str> = revisions
        .iter()
        .map(|revision| (revision.arn.as_str(), revision.task_definition.as_str()))
        .collect();
    let succeeded = history.iter().filter(|past| past.state == PastState::Successful);
    for past in succeeded {
        let deployment = past.arn.clone();
        match of.get(past.target.as_str()) {
            Some(definition) if *definition == live => {}
            Some(definition) => return Back::To { definition: (*definition).into(), deployment },
            None => return Back::Forgotten { deployment },
        }
    }
    Back::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(number: u8, state: PastState) -> PastDeployment {
        PastDeployment {
            arn: format!("d{number}"),
            state,
            status_reason: None,
            created_at: None,
            target: format!("r{number}"),
        }
    }

    fn revision(number: u8) -> Revision {
        Revision {
            arn: format!("r{number}"),
            task_definition: format!("web:{number}"),
            container_images: Vec::new(),
        }
    }

    #[test]
    fn what_was_rolled_back_or_never_deployed_is_passed_over() {
        let history = [
            past(9, PastState::Successful),
            past(8, PastState::RolledBack),
            past(7, PastState::Stopped),
            past(6, PastState::Other("PARTLY".into())),
            past(5, PastState::Successful),
        ];
        let revisions: Vec<Revision> = (5..10).map(revision).collect();
        let expected = Back::To { definition: "web:5".into(), deployment: "d5".into() };
        assert_eq!(back("web:9", &history, &revisions), expected);
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let history = [past(9, PastState::Successful), past(5, PastState::Successful)];
        let told = back("web:9", &history, &[revision(9)]);
        assert_eq!(told, Back::Forgotten { deployment: "d5".into() });
        assert_eq!(back("web:9", &[], &[]), Back::Nothing);
        assert_eq!(back("web:9", &history[..1], &[revision(9)]), Back::Nothing);
    }
}
