//! The value inside of a JSON document that a pointer points at.

use core::fmt::{self, Formatter};
use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::{Pointer, Secret};

/// Why a pointer does not lead to a value. None of them shows anything of the document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// The value is not a JSON document.
    #[error("the value is not JSON, so that there is no `{pointer}` in it")]
    NotJson {
        /// Where to.
        pointer: Pointer,
    },
    /// Something on the way is missing.
    #[error("there is no `{pointer}` in the value")]
    Absent {
        /// Where to.
        pointer: Pointer,
    },
    /// A key on the way is written twice, so that readers disagree on what it means.
    #[error("a key on the way to `{pointer}` is written twice")]
    Twice {
        /// Where to.
        pointer: Pointer,
    },
    /// It is an object, a list or `null`.
    #[error("`{pointer}` is no text, number or truth value")]
    NotScalar {
        /// Where to.
        pointer: Pointer,
    },
    /// There is nothing in it.
    #[error("the value is empty")]
    Empty,
}

impl KeyFault {
    /// One word for machines; part of the published output.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "not-json",
            Self::Absent { .. } => "no-such-key",
            Self::Twice { .. } => "key-written-twice",
            Self::NotScalar { .. } => "not-scalar",
            Self::Empty => "empty",
        }
    }

    /// What helps.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "leave out the key, or store a JSON document",
            Self::Absent { .. } => "correct the key, or add it to the secret",
            Self::Twice { .. } => "write the key once",
            Self::NotScalar { .. } => "point at something inside of it",
            Self::Empty => "store a value",
        }
    }
}

/// The value that a reference means: the whole, or what is inside of it.
///
/// A text loses its quotes and escapes; numbers and truth values keep the very text in which they
/// were stored.
pub fn select(value: &Secret, pointer: Option<&Pointer>) -> Result<Secret, KeyFault> {
    let selected = match pointer {
        None => value.clone(),
        Some(pointer) => scalar(walk(value, pointer)?, pointer)?,
    };
    if selected.is_empty() { Err(KeyFault::Empty) } else { Ok(selected) }
}

fn walk<'a>(value: &'a Secret, pointer: &Pointer) -> Result<&'a RawValue, KeyFault> {
    // The reader's own words may quote the document, so they are dropped.
    let document = serde_json::from_slice::<&RawValue>(value.expose());
    let document = document.map_err(|_| KeyFault::NotJson { pointer: pointer.clone() })?;
    pointer.keys().iter().try_fold(document, |node, key| step(node, key, pointer))
}

fn step<'a>(node: &'a RawValue, key: &str, pointer: &Pointer) -> Result<&'a RawValue, KeyFault> {
    let absent = || KeyFault::Absent { pointer: pointer.clone() };
    if node.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(node.get()).map_err(|_| absent())?;
        let canonical = key == "0" || !key.starts_with(['0', '+']);
        let index = key.parse::<usize>().ok().filter(|_| canonical);
        return index.and_then(|index| items.get(index).copied()).ok_or_else(absent);
    }
    let Members(members) = serde_json::from_str(node.get()).map_err(|_| absent())?;
    let mut found = members.iter().filter(|(name, _)| name == key).map(|(_, node)| *node);
    match (found.next(), found.next()) {
        (Some(node), None) => Ok(node),
        (None, _) => Err(absent()),
        (Some(_), Some(_)) => Err(KeyFault::Twice { pointer: pointer.clone() }),
    }
}

fn scalar(node: &RawValue, pointer: &Pointer) -> Result<Secret, KeyFault> {
    let text = node.get();
    match text.bytes().next() {
        Some(b'"') => {
            let text = serde_json::from_str::<String>(text).map(Secret::from);
            // A lone half of a pair, which is JSON and no text.
            text.map_err(|_| KeyFault::NotScalar { pointer: pointer.clone() })
        }
        None | Some(b'{' | b'[' | b'n') => Err(KeyFault::NotScalar { pointer: pointer.clone() }),
        Some(_) => Ok(Secret::from(text.to_owned())),
    }
}

/// The members of an object, repeated ones included.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}
