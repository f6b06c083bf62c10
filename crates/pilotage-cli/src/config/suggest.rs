//! What a person may have meant.

/// Further away than this, a suggestion is more confusing than none.
const SIMILAR: f64 = 0.7;

/// The known name that is most like the given one, if any is like it at all.
pub(crate) fn closest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let scored = known.into_iter().map(|name| (strsim::jaro(given, name), name));
    let likely = scored.filter(|(score, _)| *score > SIMILAR);
    likely.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_recognised_and_other_words_are_not() {
        let known = ["strategy", "size", "health"];
        assert_eq!(closest("stratgy", known), Some("strategy"));
        assert_eq!(closest("healht", known), Some("health"));
        assert_eq!(closest("colour", known), None);
        assert_eq!(closest("x", []), None);
    }
}
