//! What can be wrong with a statement, why, and how to write it instead.
//!
//! A [`Rule`] is data: an id that never changes its meaning, the [`Class`] of its findings, the
//! reason and the safe rewrite. A [`Finding`] is a rule at a place, with the [`Lock`] that the
//! statement takes there and the [`Work`] that it does under it. It deliberately decides nothing:
//! whether a finding stops a release is the business of [`crate::lint`].

mod class;
mod common;
mod finding;
mod form;
mod lock;
mod mysql;
mod postgres;
mod postgres_table;

pub use class::{Class, Rule};
pub use finding::Finding;
pub use lock::{Lock, Work};

/// The rules, by what they are about. The modules are the catalogue.
pub mod catalogue {
    pub use super::common::*;
    pub use super::form::*;
    pub use super::mysql::*;
    pub use super::postgres::*;
    pub use super::postgres_table::*;
}

/// All rules, by topic.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let groups = [common::ALL, postgres_table::ALL, postgres::ALL, mysql::ALL, form::ALL];
    groups.into_iter().flatten().copied()
}

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// The id of a rule that was probably meant.
pub fn nearest(id: &str) -> Option<&'static str> {
    let near = |rule: &'static Rule| (strsim::jaro_winkler(rule.id, id), rule.id);
    let best = all().map(near).max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.filter(|(likeness, _)| *likeness > 0.85).map(|(_, id)| id)
}

/// Declares rules, and the list of them.
macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $title:literal, $why:literal, $rewrite:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`: ", $title, ".")]
            pub const $name: &$crate::rule::Rule = &$crate::rule::Rule {
                id: $id,
                class: $crate::rule::Class::$class,
                title: $title,
                why: $why,
                rewrite: $rewrite,
            };
        )*
        /// The rules of this file.
        pub(super) const ALL: &[&$crate::rule::Rule] = &[$($name),*];
    };
}
use rules;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_written_alike() {
        let ids: BTreeSet<&str> = all().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), all().count());
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(ids.iter().all(|id| id.bytes().all(fits)), "{ids:?}");
    }

    #[test]
    fn every_rule_says_why_and_how_to_write_it_instead() {
        for rule in all() {
            for text in [rule.title, rule.why, rule.rewrite] {
                assert!(text.len() > 10 && !text.ends_with('.'), "{}: {text}", rule.id);
            }
        }
    }

    #[test]
    fn a_typing_error_is_understood() {
        assert_eq!(nearest("drop-colum"), Some("drop-column"));
        assert_eq!(nearest("xyzzy"), None);
    }
}
