//! A runtime without processes: each unit behaves as the test says.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;

use crate::runtime::{Exit, Runtime, RuntimeError, UnitName, UnitSpec, UnitState, UnitStatus};

use super::locked;

const KILLED: Exit = Exit::Signal(9);

/// How a unit behaves once it is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behaviour {
    /// It runs and ends when it is asked to.
    #[default]
    Runs,
    /// It ends at once with this code, each time, until it is given up.
    Exits(i32),
    /// It runs and must be killed.
    IgnoresStop,
}

/// Keeps units that exist only as their status.
#[derive(Debug, Default)]
pub struct FakeRuntime {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    units: BTreeMap<UnitName, (UnitStatus, String)>,
    behaviours: BTreeMap<UnitName, Behaviour>,
    last_pid: u32,
}

impl FakeRuntime {
    /// A unit of this name behaves so, from its next start on.
    pub fn set_behaviour(&self, name: UnitName, behaviour: Behaviour) {
        locked(&self.state).behaviours.insert(name, behaviour);
    }

    /// The unit's process ends unasked. Returns whether there was one.
    pub fn crash(&self, name: &UnitName, exit: Exit) -> bool {
        let mut state = locked(&self.state);
        let next_pid = state.next_pid();
        let Some((status, log)) = state.units.get_mut(name) else { return false };
        let running = matches!(status.state, UnitState::Running { .. });
        if running {
            start_again(status, exit, next_pid);
            log.push_str("crashed\n");
        }
        running
    }
}

fn start_again(status: &mut UnitStatus, exit: Exit, pid: u32) {
    let in_a_row = status.restarts.saturating_add(1);
    status.state = if status.spec.artifact.restart.pause_before(in_a_row).is_some() {
        status.restarts = in_a_row;
        UnitState::Running { pid }
    } else {
        UnitState::Failed { exit }
    };
}

impl State {
    fn next_pid(&mut self) -> u32 {
        self.last_pid += 1;
        self.last_pid
    }

    fn behaviour(&self, name: &UnitName) -> Behaviour {
        self.behaviours.get(name).copied().unwrap_or_default()
    }

    fn start(&mut self, spec: &UnitSpec) -> UnitStatus {
        let pid = self.next_pid();
        let (state, restarts) = match self.behaviour(&spec.name) {
            Behaviour::Exits(code) => {
                (UnitState::Failed { exit: Exit::Code(code) }, spec.artifact.restart.limit)
            }
            Behaviour::Runs | Behaviour::IgnoresStop => (UnitState::Running { pid }, 0),
        };
        let status = UnitStatus { spec: spec.clone(), state, restarts };
        let log = self.units.remove(&spec.name).map(|(_, log)| log).unwrap_or_default();
        self.units.insert(spec.name.clone(), (status.clone(), log + "started\n"));
        status
    }

    fn stop(&mut self, name: &UnitName) -> Option<UnitStatus> {
        let asked = match self.behaviour(name) {
            Behaviour::IgnoresStop => KILLED,
            Behaviour::Runs | Behaviour::Exits(_) => Exit::Code(0),
        };
        let (status, _) = self.units.get_mut(name)?;
        status.state = match status.state {
            UnitState::Running { .. } => UnitState::Stopped { exit: Some(asked) },
            UnitState::Restarting { exit } | UnitState::Failed { exit } => {
                UnitState::Stopped { exit: Some(exit) }
            }
            stopped @ UnitState::Stopped { .. } => stopped,
        };
        Some(status.clone())
    }
}

#[async_trait]
impl Runtime for FakeRuntime {
    async fn start(&self, spec: &UnitSpec) -> Result<UnitStatus, RuntimeError> {
        let mut state = locked(&self.state);
        match state.units.get(&spec.name) {
            Some((status, _)) if status.state.is_live() && status.spec == *spec => {
                Ok(status.clone())
            }
            Some((status, _)) if status.state.is_live() => {
                Err(RuntimeError::NameTaken { name: spec.name.clone() })
            }
            _ => Ok(state.start(spec)),
        }
    }

    async fn observe(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError> {
        Ok(locked(&self.state).units.get(name).map(|(status, _)| status.clone()))
    }

    async fn list(&self) -> Result<Vec<UnitStatus>, RuntimeError> {
        Ok(locked(&self.state).units.values().map(|(status, _)| status.clone()).collect())
    }

    async fn tail(&self, name: &UnitName, bytes: usize) -> Result<String, RuntimeError> {
        let state = locked(&self.state);
        let (_, log) =
            state.units.get(name).ok_or_else(|| RuntimeError::Unknown { name: name.clone() })?;
        let mut lines: Vec<&str> = Vec::new();
        let mut room = bytes;
        for line in log.split_inclusive('\n').rev() {
            let Some(left) = room.checked_sub(line.len()) else { break };
            room = left;
            lines.push(line);
        }
        Ok(lines.into_iter().rev().collect())
    }

    async fn stop(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError> {
        Ok(locked(&self.state).stop(name))
    }

    async fn remove(&self, name: &UnitName) -> Result<(), RuntimeError> {
        let mut state = locked(&self.state);
        if state.units.get(name).is_some_and(|(status, _)| status.state.is_live()) {
            return Err(RuntimeError::Running { name: name.clone() });
        }
        state.units.remove(name);
        Ok(())
    }
}
