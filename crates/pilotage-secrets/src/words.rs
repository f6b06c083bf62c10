//! Words of a provider, fit to be shown.

use core::fmt::{self, Debug, Display, Formatter};

/// How much of a provider's words is shown.
const MOST: usize = 300;

/// What a provider said, cut to one short line without control characters.
///
/// A source puts error codes and messages in here, never a body of an answer that may hold a value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Words(String);

impl Words {
    /// Makes words fit to be shown.
    pub fn new(said: &str) -> Self {
        let one_line = said.split(|letter: char| letter.is_control() || letter.is_whitespace());
        let words = one_line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if words.chars().count() <= MOST {
            return Self(words);
        }
        Self(words.chars().take(MOST).chain(['…']).collect())
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Debug for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_short_line_without_orders_to_a_terminal() {
        assert_eq!(Words::new("no\r\n::add-mask::x\u{1b}[2J").as_str(), "no ::add-mask::x [2J");
        assert_eq!(Words::new(&"é".repeat(1_000)).as_str().chars().count(), MOST + 1);
    }
}
