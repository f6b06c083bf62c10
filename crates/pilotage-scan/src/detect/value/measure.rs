//! What can be counted in a text: how random it is, and how much like words.

/// The letters that often follow each letter of the alphabet in names of programs.
const FOLLOWERS: [&str; 26] = [
    "bcdgilmnprstux",
    "aeilou",
    "acehiklortu",
    "adeiors",
    "acdefglmnpqrstvxy",
    "aefilors",
    "einrs",
    "aeio",
    "abcdefglmnoprstvz",
    "",
    "e",
    "adeilotuy",
    "aeiopsu",
    "acdefginostuv",
    "cdflmnoprstuw",
    "aeiloprstu",
    "u",
    "acdegimnorstuy",
    "acehiopstuy",
    "acehiloprstuy",
    "beilmnprst",
    "aei",
    "ir",
    "t",
    "ps",
    "e",
];

/// Whether the characters are no repetition and no sequence.
pub(in crate::detect) fn is_random(value: &[u8]) -> bool {
    let steps = value.windows(2).filter(|pair| pair[1].wrapping_sub(pair[0]) <= 1).count();
    let has_mark = value.windows(7).any(|window| window.eq_ignore_ascii_case(b"example"));
    !has_mark && steps * 2 < value.len() && entropy(value) >= 2.4
}

/// Bits a character, by how often each occurs.
pub(super) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX).max(1));
    let shares =
        counts.into_iter().filter(|count| *count > 0).map(|count| f64::from(count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

/// How many kinds of characters there are: lower case, upper case, digits and marks.
pub(super) fn classes(text: &str) -> usize {
    let kinds: [fn(&u8) -> bool; 4] = [
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
        u8::is_ascii_punctuation,
    ];
    kinds.into_iter().filter(|kind| text.as_bytes().iter().any(kind)).count()
}

/// Whether most neighbours are letters that often are: of what a machine draws at random, one in
/// two hundred is like that; of the names in programs, six in seven are.
pub(super) fn is_wordy(text: &str) -> bool {
    let usual = text.as_bytes().windows(2).filter(|pair| is_usual(pair[0], pair[1])).count();
    usual * 20 >= text.len().saturating_sub(1) * 11
}

fn is_usual(first: u8, second: u8) -> bool {
    let place = first.to_ascii_lowercase().checked_sub(b'a').map(usize::from);
    let followers = place.and_then(|place| FOLLOWERS.get(place));
    followers.is_some_and(|letters| letters.as_bytes().contains(&second.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_what_is_drawn() {
        for text in ["SslExpandPreSharedKeyFn", "X509CertificateTemplate", "generatedpassword2"] {
            assert!(is_wordy(text), "{text}");
        }
        for text in ["q7Zt4vKx2pLm9w", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", "hmylklke7fhevvqrc3cb"] {
            assert!(!is_wordy(text), "{text}");
        }
    }
}
