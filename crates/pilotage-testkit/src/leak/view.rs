//! What a text becomes when it is decoded, in all ways in which it may be encoded.

/// The alphabets of base64.
pub(super) const STANDARD: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(super) const FOR_URLS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text itself, and whatever can be made of it.
pub(super) fn views(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut views =
        vec![("plain", text.to_vec()), ("backwards", text.iter().rev().copied().collect())];
    let escapes =
        [("percent", escaped(text, b"%", 2)), ("unicode escapes", escaped(text, b"\\u", 4))];
    views.extend(escapes.into_iter().filter(|(_, decoded)| decoded != text));
    views.extend(runs(text).map(|run| ("base64", run)));
    views.extend((0..2).map(|skip| ("hexadecimal", hexadecimal(text, skip))));
    views
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Decodes escapes of a prefix and this many digits; the last two of them count.
fn escaped(text: &[u8], prefix: &[u8], digits: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let value = rest.strip_prefix(prefix).and_then(|rest| rest.get(..digits)).and_then(|of| {
            let [.., high, low] = of else { return None };
            Some(digit(*high)? << 4 | digit(*low)?)
        });
        out.push(value.unwrap_or(*first));
        rest = if value.is_some() { &rest[prefix.len() + digits..] } else { after };
    }
    out
}

/// Decodes pairs of digits, whatever stands between them; `skip` shifts the pairs by one.
fn hexadecimal(text: &[u8], skip: usize) -> Vec<u8> {
    let separators = |byte: &u8| !b" :-\n,".contains(byte);
    let solid: Vec<u8> = text.iter().copied().filter(separators).collect();
    let mut out = Vec::new();
    let runs = solid.split(|byte| digit(*byte).is_none());
    for run in runs {
        let pairs = run.get(skip..).unwrap_or_default().chunks_exact(2);
        out.extend(
            pairs.map(|pair| digit(pair[0]).unwrap_or(0) << 4 | digit(pair[1]).unwrap_or(0)),
        );
        out.push(0);
    }
    out
}

/// Decodes every run of letters of base64, at each of the four places at which it may begin.
fn runs(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    // Broken lines are one text.
    let solid: Vec<u8> = text.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
    [STANDARD, FOR_URLS].into_iter().flat_map(move |letters| {
        let value = |byte: &u8| letters.iter().position(|letter| letter == byte);
        let values: Vec<Option<usize>> = solid.iter().map(value).collect();
        (0..4).map(move |skip| {
            let runs = values.split(Option::is_none);
            runs.flat_map(|run| decoded(run.get(skip..).unwrap_or_default())).collect()
        })
    })
}

fn decoded(run: &[Option<usize>]) -> Vec<u8> {
    let mut out = Vec::new();
    for group in run.chunks(4) {
        let bits = (0..4)
            .fold(0_usize, |bits, at| bits << 6 | group.get(at).copied().flatten().unwrap_or(0));
        out.extend([16, 8, 0].map(|shift| u8::try_from(bits >> shift & 255).unwrap_or(0)));
    }
    out.push(0);
    out
}
