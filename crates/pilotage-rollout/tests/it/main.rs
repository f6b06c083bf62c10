//! The engine from outside: planning, every stage and its failures, replay, and properties.

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod toy;
#[cfg(test)]
mod voyage;

#[cfg(test)]
mod control;
#[cfg(test)]
mod deadlines;
#[cfg(test)]
mod drift;
#[cfg(test)]
mod failure;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod happy;
#[cfg(test)]
mod illegal;
#[cfg(test)]
mod judging;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod planner;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod verdict;
