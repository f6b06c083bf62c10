//! The lines by which a program tells a CI runner what to mask: the one place where it writes secrets
//! to its log on purpose.
//!
//! A leak campaign takes them out before it looks, and may then ask for exactly what was told. Where
//! no runner reads along there must be none of them, and that is for the caller to say.

/// What such a line begins with, for each runner.
const BEGINNINGS: [&[u8]; 2] = [b"::add-mask::", b"##vso[task.setsecret]"];

/// Takes the lines out of what was written, and returns what each of them tells.
pub fn take(written: &mut Vec<u8>) -> Vec<String> {
    let (mut told, mut rest) = (Vec::new(), Vec::with_capacity(written.len()));
    for line in written.split_inclusive(|byte| *byte == b'\n') {
        match BEGINNINGS.iter().find_map(|beginning| line.strip_prefix(*beginning)) {
            Some(text) => told.push(String::from_utf8_lossy(text).trim_end().to_owned()),
            None => rest.extend_from_slice(line),
        }
    }
    *written = rest;
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_are_taken_out() {
        let mut log =
            b"a\n::add-mask::one\nb ::add-mask::two\n##vso[task.setsecret]three\nc".to_vec();
        assert_eq!(take(&mut log), ["one", "three"]);
        assert_eq!(log, b"a\nb ::add-mask::two\nc");
        assert!(take(&mut log).is_empty());
    }
}
