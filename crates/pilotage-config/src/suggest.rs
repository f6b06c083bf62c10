//! What a person may have meant.

/// Further away than this, a suggestion is more confusing than none.
const SIMILAR: f64 = 0.7;

/// The known name that is most like the given one, if any is like it at all.
pub fn closest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A letter or two are part of many words, and mean none of them.
    let known = known.into_iter().filter(|name| given.len() * 2 >= name.len());
    let scored = known.map(|name| (strsim::jaro(given, name), name));
    let likely = scored.filter(|(score, _)| *score > SIMILAR);
    likely.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

/// Which of the names that are expected may have been meant.
pub fn advice(given: &str, expected: &[&str]) -> String {
    match closest(given, expected.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? possible: {}", any_of(expected)),
        None => format!("use {}", any_of(expected)),
    }
}

/// `a`, `b` or `c`.
fn any_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "nothing".into(),
    }
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
        assert_eq!(closest("s", known), None);
        assert_eq!(closest("x", []), None);
    }
}
