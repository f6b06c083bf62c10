//! Which form stands at a place of a text, found without looking at most places.
//!
//! An automaton over thousands of forms looks at every byte, and its tables do not fit the cache.
//! Here every form has at least [`WINDOW`] bytes, so every [`STRIDE`]th block of the text is inside
//! of the first window of any form that stands around it. A table of bits says which blocks are in
//! no window at all; nearly all of an innocent text is passed over by it. What remains is looked up
//! by its window and compared.
//!
//! The longest form that begins at a place wins over shorter ones there, and an earlier place over
//! later ones. Time is linear in the text, times the number of forms that share one window.

use std::collections::HashMap;
use std::ops::Range;

use crate::form::Form;
use crate::label::Label;

/// No form is shorter than this.
pub(crate) const WINDOW: usize = 6;
/// How much of the text is looked at once.
const BLOCK: usize = 3;
/// How far apart blocks are looked at: any window holds one of them.
const STRIDE: usize = WINDOW - BLOCK + 1;
/// A table of this many bits stays in the first-level cache.
const BITS: u32 = 18;

/// A text to look for.
pub(crate) struct Pattern {
    /// The text.
    pub(crate) bytes: Form,
    /// What is written in its place.
    pub(crate) label: Label,
}

/// All forms of all secrets.
pub(crate) struct Index {
    /// In the order of their bytes.
    patterns: Vec<Pattern>,
    /// Which of them begin with a window.
    windows: HashMap<[u8; WINDOW], Range<usize>>,
    /// Which blocks are in a window.
    blocks: Bits,
    /// What forms begin with, up to a window.
    heads: Bits,
}

/// What comes next in a text.
#[derive(Clone, Copy)]
pub(crate) enum Next<'i> {
    /// A form, and no longer one can begin here.
    Found { range: (usize, usize), label: &'i Label },
    /// The rest from here is the beginning of a form.
    Begun { start: usize },
    /// Neither.
    Nothing,
}

impl Index {
    /// An index of these; of equal ones the first counts.
    pub(crate) fn new(mut patterns: Vec<Pattern>) -> Self {
        patterns.retain(|pattern| pattern.bytes.len() >= WINDOW);
        patterns.sort_by(|a, b| a.bytes.cmp(&b.bytes));
        patterns.dedup_by(|a, b| a.bytes == b.bytes);
        let (windows, blocks, heads) = (HashMap::new(), Bits::new(), Bits::new());
        let mut index = Self { patterns, windows, blocks, heads };
        for (number, pattern) in index.patterns.iter().enumerate() {
            let Some(window) = pattern.bytes.first_chunk::<WINDOW>() else { continue };
            let range = index.windows.entry(*window).or_insert(number..number);
            range.end = number + 1;
            window.windows(BLOCK).for_each(|block| index.blocks.set(number_of(block)));
            (1..=WINDOW).for_each(|length| index.heads.set(number_of(&window[..length])));
        }
        index
    }

    /// How many forms there are.
    pub(crate) fn len(&self) -> usize {
        self.patterns.len()
    }

    /// The first form or beginning of one at or after `from`.
    pub(crate) fn next(&self, text: &[u8], from: usize) -> Next<'_> {
        let mut at = from;
        while let Some(block) = self.block(text, at) {
            let starts = at.max((block + 1).saturating_sub(STRIDE))..=block;
            if let Some(next) = starts.into_iter().find_map(|start| self.whole(text, start)) {
                return next;
            }
            at = block + 1;
        }
        // Too little is left for a window: only the beginning of a form can stand there.
        let last = from.max((text.len() + 1).saturating_sub(WINDOW));
        let begun = (last..text.len()).find(|start| self.begun(&text[*start..]).is_some());
        begun.map_or(Next::Nothing, |start| Next::Begun { start })
    }

    /// What is written in the place of the form that begins like this, if there is one.
    pub(crate) fn begun(&self, text: &[u8]) -> Option<&Label> {
        let head = text.get(..WINDOW).unwrap_or(text);
        if head.is_empty() || !self.heads.has(number_of(head)) {
            return None;
        }
        let number = self.patterns.partition_point(|pattern| pattern.bytes.as_slice() <= text);
        let pattern = self.patterns.get(number)?;
        pattern.bytes.starts_with(text).then_some(&pattern.label)
    }

    /// The first block from here on, in steps, that may be in a window.
    fn block(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut blocks = text.get(from..)?.windows(BLOCK).step_by(STRIDE);
        let number = blocks.position(|block| self.blocks.has(number_of(block)))?;
        Some(from + number * STRIDE)
    }

    /// What begins right here, if as much as a window is left.
    #[inline]
    fn whole(&self, text: &[u8], start: usize) -> Option<Next<'_>> {
        let rest = text.get(start..)?;
        let window = rest.first_chunk::<WINDOW>()?;
        if !self.heads.has(number_of(window)) {
            return None;
        }
        let range = self.windows.get(window)?;
        let patterns = self.patterns.get(range.clone())?;
        let is_begun =
            |pattern: &Pattern| pattern.bytes.len() > rest.len() && pattern.bytes.starts_with(rest);
        if patterns.iter().any(is_begun) {
            return Some(Next::Begun { start });
        }
        // In the order of bytes, the longest of those that begin the same text is the last.
        let found = patterns.iter().rev().find(|pattern| rest.starts_with(&pattern.bytes))?;
        let range = (start, start + found.bytes.len());
        Some(Next::Found { range, label: &found.label })
    }
}

/// A few bytes as a number that tells their count as well.
#[inline]
fn number_of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(1, |number, byte| number << 8 | u64::from(*byte))
}

/// A set of numbers that sometimes says yes where it should say no.
struct Bits(Box<[u64]>);

impl Bits {
    fn new() -> Self {
        Self(vec![0; 1 << (BITS - 6)].into_boxed_slice())
    }

    fn set(&mut self, number: u64) {
        let (word, bit) = Self::place(number);
        self.0[word] |= bit;
    }

    #[inline]
    fn has(&self, number: u64) -> bool {
        let (word, bit) = Self::place(number);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Multiplying by an odd number near the golden ratio spreads neighbours.
    #[inline]
    fn place(number: u64) -> (usize, u64) {
        let hash = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - BITS);
        ((hash >> 6) as usize, 1 << (hash & 63))
    }
}
