//! Patterns of IAM: `*` for any text, `?` for any one character.

/// Whether a text fits a pattern.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    // Whether the pattern up to here fits the text up to each place.
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for sign in pattern {
        row = advanced(&row, sign, &text);
    }
    row.last().copied().unwrap_or(false)
}

fn advanced(row: &[bool], sign: char, text: &[char]) -> Vec<bool> {
    let mut any = false;
    let step = |(at, fits): (usize, &bool)| {
        let before = at.checked_sub(1).and_then(|at| Some((*row.get(at)?, *text.get(at)?)));
        match sign {
            '*' => {
                any |= fits;
                any
            }
            '?' => before.is_some_and(|(fits, _)| fits),
            sign => before.is_some_and(|(fits, letter)| fits && letter == sign),
        }
    };
    row.iter().enumerate().map(step).collect()
}

/// Whether everything that fits the first pattern fits the second.
///
/// A `*` or `?` of the first stands for letters that appear in neither, so it is fitted by the
/// second's wildcards alone; that is exact for `?`, and for `*` it tries none and several letters.
pub(super) fn within(inner: &str, outer: &str) -> bool {
    let unlike = |count: usize| {
        let mut text = String::new();
        for sign in inner.chars() {
            match sign {
                '*' => text.extend(core::iter::repeat_n('\u{1}', count)),
                '?' => text.push('\u{1}'),
                sign => text.push(sign),
            }
        }
        text
    };
    // As many letters as the outer pattern has signs cannot be fitted by its `?` alone.
    let most = outer.chars().count() + 1;
    [0, 1, most].into_iter().all(|count| fits(outer, &unlike(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_patterns() {
        for (pattern, text) in [("*", ""), ("a*c", "abc"), ("a*c", "ac"), ("a??", "abc"), ("", "")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a?c", "ac"), ("a*c", "acb"), ("a", "ab"), ("", "a"), ("?", "")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_is_within_another() {
        for (inner, outer) in
            [("a", "*"), ("db-??????", "db-*"), ("a*", "a*"), ("?", "*"), ("a?b", "a??")]
        {
            assert!(within(inner, outer), "{inner} {outer}");
        }
        for (inner, outer) in [
            ("*", "a*"),
            ("db-*", "db-??????"),
            ("db-??????", "db-AbCdEf"),
            ("*", "?"),
            ("a*", "a?"),
        ] {
            assert!(!within(inner, outer), "{inner} {outer}");
        }
    }
}
