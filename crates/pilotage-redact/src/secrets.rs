//! The values that must not be seen, collected before anything is written.

use core::fmt::{self, Debug, Display, Formatter};

use crate::common;
use crate::form;
use crate::index::{Index, Pattern, WINDOW};
use crate::label::Label;
use crate::part;
use crate::redactor::Redactor;

/// The shortest value that is masked, in bytes.
pub const SHORTEST: usize = WINDOW;

/// Values that are to be masked.
#[derive(Default)]
pub struct Secrets {
    patterns: Vec<Pattern>,
}

/// A part of a value that is not masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmasked {
    /// The name of the value.
    pub name: String,
    /// Which part of it: `the value`, `line 3`, or the pointer of a JSON field.
    pub part: String,
    /// Why it is not masked.
    pub why: Why,
}

/// Why a value is not masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It has fewer than [`SHORTEST`] bytes: it would be found everywhere.
    Short,
    /// It is a word that is written for reasons of its own, like `postgres` or a region.
    Common,
    /// No line can tell it to a CI runner. It is masked here all the same.
    Untellable,
}

impl Secrets {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value under a name that may be shown, and says what of it cannot be masked.
    ///
    /// The forms that are looked for are, for the value without white space around, for each longer
    /// line of it, each scalar of it if it is a JSON document, and the password in it if it is a
    /// URL: the text itself; JSON, shell and XML escapes; URLs; base64, also at the other two
    /// alignments, in both alphabets; hexadecimal digits.
    pub fn add(&mut self, name: &str, value: &[u8]) -> Vec<Unmasked> {
        let label = Label::new(name);
        let mut unmasked = Vec::new();
        for part in part::parts(value) {
            match unfit(&part.bytes) {
                Some(why) => {
                    unmasked.push(Unmasked { name: name.to_owned(), part: part.place, why });
                }
                None => self.extend(&part.bytes, &label),
            }
        }
        unmasked
    }

    /// What masks all of them.
    pub fn redactor(self) -> Redactor {
        Redactor::new(Index::new(self.patterns))
    }

    fn extend(&mut self, part: &[u8], label: &Label) {
        let forms = form::forms(part).into_iter();
        self.patterns.extend(forms.map(|bytes| Pattern { bytes, label: label.clone() }));
    }
}

/// Why this is not masked, if it is not.
pub(crate) fn unfit(part: &[u8]) -> Option<Why> {
    if part.len() < SHORTEST {
        Some(Why::Short)
    } else if common::is_common(part) {
        Some(Why::Common)
    } else {
        None
    }
}

impl Debug for Secrets {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("forms", &self.patterns.len()).finish_non_exhaustive()
    }
}

impl Display for Unmasked {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, part, why } = self;
        write!(f, "`{name}` is not masked in output ({part}): {why}")
    }
}

impl Display for Why {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => write!(f, "it has fewer than {SHORTEST} bytes; use a longer secret"),
            Self::Common => f.write_str("it is a common word; use a random secret"),
            Self::Untellable => f.write_str(
                "it is no text or has no long line, so that the CI runner cannot be told of it",
            ),
        }
    }
}
