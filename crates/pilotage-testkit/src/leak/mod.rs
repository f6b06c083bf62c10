//! Looks for secrets in whatever a program has produced, in any usual encoding.
//!
//! A test plants [canaries](Canary) in every place that holds a secret, runs every verb into every
//! failure, shows a [`Campaign`] all that was written, and asks for leaks. It decodes the output
//! instead of encoding the secret, with code that shares nothing with the redactor, and eight
//! letters of a canary in a row are a leak.
//!
//! It deliberately does not see through compression or encryption.

#![expect(clippy::panic, reason = "a campaign that cannot look fails the test")]

mod tour;
mod view;

pub use tour::Tour;

use std::fmt::{self, Display, Formatter};
use std::path::Path;

/// How many letters in a row are no accident.
const TELLING: usize = 8;

/// A value that nobody would write by accident.
#[derive(Debug, Clone)]
pub struct Canary {
    slot: String,
    core: String,
}

/// A part of a canary that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Of which canary.
    pub slot: String,
    /// In what.
    pub sink: String,
    /// In which encoding.
    pub encoding: &'static str,
}

/// What was planted, and what was produced.
#[derive(Debug, Default)]
pub struct Campaign {
    canaries: Vec<Canary>,
    leaks: Vec<Leak>,
    looked_at: usize,
}

impl Canary {
    /// A canary for a slot; another for each slot.
    pub fn new(slot: &str) -> Self {
        // The digits of a hash, spread over letters, so that no part is a word of anybody.
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        let mut letter = |byte: u8| {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            let at = usize::try_from((state >> 32) % 62).unwrap_or(0);
            char::from(LETTERS[at])
        };
        slot.bytes().for_each(|byte| {
            letter(byte);
        });
        let core = (0..28_u8).map(&mut letter).collect();
        Self { slot: slot.into(), core }
    }

    /// The plain value: letters and digits.
    pub fn plain(&self) -> &str {
        &self.core
    }

    /// The value among everything that encoders change.
    pub fn spiky(&self) -> String {
        format!("\"{}'\\ $%&<é/+\t{}", self.core, self.core.to_ascii_lowercase())
    }

    fn is_in(&self, text: &[u8]) -> bool {
        let mut parts = self.core.as_bytes().windows(TELLING);
        parts.any(|part| text.windows(TELLING).any(|window| window == part))
    }
}

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Campaign {
    /// A campaign without canaries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new canary for a slot.
    pub fn plant(&mut self, slot: &str) -> Canary {
        let canary = Canary::new(slot);
        self.canaries.push(canary.clone());
        canary
    }

    /// Looks into what was produced.
    pub fn look(&mut self, sink: &str, produced: &[u8]) {
        self.looked_at += produced.len();
        for (encoding, text) in view::views(produced) {
            let found = self.canaries.iter().filter(|canary| canary.is_in(&text));
            let leak =
                |canary: &Canary| Leak { slot: canary.slot.clone(), sink: sink.into(), encoding };
            self.leaks.extend(found.map(leak));
        }
    }

    /// Looks into all files under a directory, and at their names.
    ///
    /// # Panics
    ///
    /// If the directory cannot be read.
    pub fn look_into(&mut self, directory: &Path) {
        self.look_into_but(directory, &|_| false);
    }

    /// The same, but for the files that hold secrets on purpose.
    ///
    /// # Panics
    ///
    /// If the directory cannot be read.
    #[expect(clippy::disallowed_methods, reason = "a test looks at what was left behind")]
    pub fn look_into_but(&mut self, directory: &Path, is_kept: &dyn Fn(&Path) -> bool) {
        let entries = std::fs::read_dir(directory);
        let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        for entry in entries.flatten() {
            let path = entry.path();
            self.look("the name of a file", path.as_os_str().as_encoded_bytes());
            if path.is_dir() {
                self.look_into_but(&path, is_kept);
            } else if is_kept(&path) {
                // Its owner alone may read it.
            } else if let Ok(content) = std::fs::read(&path) {
                self.look(&path.display().to_string(), &content);
            }
        }
    }

    /// What was found up to now; forgotten then.
    pub fn leaks(&mut self) -> Vec<Leak> {
        std::mem::take(&mut self.leaks)
    }

    /// Ends the campaign.
    ///
    /// # Panics
    ///
    /// If anything has leaked, or if nothing was looked at.
    pub fn nothing_leaked(mut self) {
        assert!(self.looked_at > 0 && !self.canaries.is_empty(), "nothing was looked for");
        let leaks: Vec<String> = self.leaks().iter().map(ToString::to_string).collect();
        assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    }
}

impl Display for Leak {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "the secret of {} is in {} ({})", self.slot, self.sink, self.encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encodings(of: impl FnOnce(&str) -> String) -> Vec<&'static str> {
        let mut campaign = Campaign::new();
        let canary = campaign.plant("a test");
        campaign.look("a text", format!("before {} after", of(canary.plain())).as_bytes());
        campaign.leaks().iter().map(|leak| leak.encoding).collect()
    }

    fn spelled(text: &str, spell: impl Fn(u8) -> String) -> String {
        text.bytes().map(spell).collect::<Vec<_>>().concat()
    }

    fn base64(text: &[u8], letters: &[u8; 64]) -> String {
        let group = |chunk: &[u8]| {
            let bits = (0..3).fold(0_usize, |bits, at| {
                bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
            });
            [18, 12, 6, 0].map(|shift| char::from(letters[bits >> shift & 63]))
        };
        text.chunks(3).flat_map(group).collect()
    }

    #[test]
    fn every_encoding_is_seen_through() {
        assert_eq!(encodings(str::to_owned), ["plain"]);
        let hex = |text: &str| spelled(text, |byte| format!("{byte:02x}"));
        assert_eq!(encodings(hex), ["hexadecimal"]);
        assert_eq!(encodings(|text| hex(text).to_uppercase()), ["hexadecimal"]);
        let spaced = |text: &str| spelled(text, |byte| format!("{byte:02x} "));
        assert_eq!(encodings(spaced), ["hexadecimal"]);
        let percent = |text: &str| spelled(text, |byte| format!("%{byte:02X}"));
        assert!(encodings(percent).contains(&"percent"));
        let unicode = |text: &str| spelled(text, |byte| format!("\\u{byte:04x}"));
        assert!(encodings(unicode).contains(&"unicode escapes"));
        assert_eq!(encodings(|text| text.chars().rev().collect()), ["backwards"]);
        assert_eq!(encodings(|text| text[3..14].to_owned()), ["plain"], "a part is enough");
        assert!(encodings(|text| text[..7].to_owned()).is_empty(), "an accident is none");
        for before in ["", "x", "xy", "xyz"] {
            for letters in [view::STANDARD, view::FOR_URLS] {
                let encoded = |text: &str| base64(format!("{before}{text}").as_bytes(), letters);
                assert!(encodings(encoded).contains(&"base64"), "{before:?}");
            }
        }
    }

    #[test]
    fn canaries_differ() {
        let (one, other) = (Canary::new("one"), Canary::new("other"));
        assert!(!one.is_in(other.plain().as_bytes()));
        assert!(one.is_in(one.spiky().as_bytes()));
    }
}
