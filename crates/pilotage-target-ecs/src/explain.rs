//! Why tasks do not stay up, asked only where there is something to explain.

use pilotage_aws::ecs::{DeploymentId, Service, Task};
use pilotage_ecs_task::quote::last_words;
use pilotage_rollout::Span;
use pilotage_rollout::target::Failing;

use crate::fate::{Begun, Fate};
use crate::memory::Told;
use crate::symptom;
use crate::target::EcsTarget;

/// How long tasks may be on their way before somebody asks why.
const STALL: Span = Span::from_secs(30);
/// How many units are quoted.
const QUOTED: usize = 2;

impl EcsTarget {
    /// A failure is told with the last words of a task that died of it.
    pub(crate) async fn in_their_words(&self, fate: Fate, begun: &Begun) -> Fate {
        match fate {
            Fate::Failed { reason } => {
                Fate::Failed { reason: self.quoting(reason, &begun.id).await }
            }
            Fate::TakenBack { reason } => {
                Fate::TakenBack { reason: self.quoting(reason, &begun.id).await }
            }
            fate => fate,
        }
    }

    /// A reason with the last words of a task that died of it, which are asked for once.
    pub(crate) async fn quoting(&self, reason: String, of: &DeploymentId) -> String {
        let known = self.memory(|memory| memory.last_words.clone());
        let words = match known.filter(|(id, _)| id == of) {
            Some((_, words)) => words,
            None => self.ask_why(of).await,
        };
        self.memory(|memory| memory.last_words = Some((of.clone(), words.clone())));
        match words.first() {
            Some(first) => format!("{reason}; {}: {}", first.unit, first.reason),
            None => reason,
        }
    }

    /// Why tasks do not stay up, asked again only if more have failed or nothing moves.
    pub(crate) async fn explained(&self, service: &Service) -> Option<Told> {
        let primary = service.primary()?;
        let now = self.clock.elapsed();
        let told = self.memory(|memory| memory.told.clone());
        let told = told.filter(|told| told.deployment == primary.id);
        let nothing =
            || Told { deployment: primary.id.clone(), failed: 0, at: now, failing: Vec::new() };
        let told = told.unwrap_or_else(nothing);
        let is_whole = primary.running_count >= service.desired_count;
        let waited = now.as_millis().saturating_sub(told.at.as_millis());
        let is_stalled = !is_whole && waited >= STALL.as_millis();
        let told = if primary.failed_tasks > told.failed || is_stalled {
            let mut failing = self.ask_why(&primary.id).await;
            if failing.is_empty() {
                failing.extend(symptom::unable(&service.events));
            }
            Told { failed: primary.failed_tasks, failing, ..nothing() }
        } else if is_whole {
            Told { failed: primary.failed_tasks, ..nothing() }
        } else {
            told
        };
        self.memory(|memory| memory.told = Some(told.clone()));
        Some(told)
    }

    /// What became of the tasks of a deployment. Not to know it is no reason to see nothing.
    async fn ask_why(&self, of: &DeploymentId) -> Vec<Failing> {
        match self.ecs.stopped(self.name.cluster(), of).await {
            Ok(stopped) => {
                let mut failing = symptom::failing(&stopped);
                self.quote(&stopped, &mut failing).await;
                failing
            }
            Err(failure) => {
                let reason = format!("its tasks cannot be asked why: {failure}");
                vec![Failing { unit: of.to_string(), reason, hopeless: false }]
            }
        }
    }

    /// The newest of those that failed are told with the last words of their containers.
    async fn quote(&self, stopped: &[Task], failing: &mut [Failing]) {
        let Some((logs, veil)) = &self.ears else { return };
        for told in failing.iter_mut().take(QUOTED) {
            let Some(task) = stopped.iter().find(|task| task.id() == told.unit) else { continue };
            let Ok(known) = self.learned(&task.task_definition).await else { continue };
            let Some(definition) = known.definition else { continue };
            if let Some(said) = last_words(logs, veil, &definition.draft, task).await {
                told.reason = format!("{}; {said}", told.reason);
            }
        }
    }
}
