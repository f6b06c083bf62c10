//! Requests, by the weights that the control plane holds.

use std::collections::BTreeMap;

use super::super::world::{Definition, World};

impl World {
    /// Sends so many requests to a rule: how many each image of a container has answered. What nobody
    /// healthy was there for is counted under no name.
    pub fn send(&mut self, rule: &str, container: &str, requests: u32) -> BTreeMap<String, u32> {
        let mut answered = BTreeMap::new();
        for _ in 0..requests {
            let group = self.turn(rule);
            *answered.entry(self.answer(&group, container)).or_default() += 1;
        }
        answered
    }

    /// The group whose turn it is: each gets its weight's part, as evenly as can be.
    fn turn(&mut self, rule: &str) -> String {
        let Some(rule) = self.balancer.rules.get_mut(rule) else { panic!("there is no such rule") };
        let sum: i64 = rule.weights.iter().map(|(_, weight)| i64::from(*weight)).sum();
        for (group, weight) in &rule.weights {
            *rule.owed.entry(group.clone()).or_default() += i64::from(*weight);
        }
        let weighty = rule.weights.iter().filter(|(_, weight)| *weight > 0);
        let owed = |group: &str| rule.owed.get(group).copied().unwrap_or(0);
        let turn = weighty.max_by_key(|(group, _)| owed(group)).map(|(group, _)| group.clone());
        let turn = turn.unwrap_or_default();
        *rule.owed.entry(turn.clone()).or_default() -= sum;
        turn
    }

    fn answer(&self, group: &str, container: &str) -> String {
        let task = self.answering(group).first().map(|arn| (*arn).to_owned());
        let task = self.tasks.iter().find(|one| Some(&one.arn) == task.as_ref());
        let definition = task.and_then(|task| self.definition(&task.definition).ok());
        let mut images = definition.into_iter().flat_map(Definition::images);
        images
            .find(|(name, _)| *name == container)
            .map(|(_, image)| image.into())
            .unwrap_or_default()
    }
}
