//! What masking means, in the slowest way there is; the index and the streams are held to it.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index as Place, select};
use zeroize::Zeroizing;

use crate::index::{Index, Pattern};
use crate::label::Label;
use crate::stream::Stream;

/// Every place, every form, the longest first.
fn masked(patterns: &[Vec<u8>], text: &[u8]) -> Vec<u8> {
    let mut sorted: Vec<(usize, &Vec<u8>)> = patterns.iter().enumerate().collect();
    sorted.sort_by_key(|(_, form)| *form);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let begun =
            sorted.iter().find(|(_, form)| form.len() > rest.len() && form.starts_with(rest));
        let longest = sorted.iter().filter(|(_, form)| rest.starts_with(form));
        let longest = longest.max_by_key(|(number, form)| (form.len(), usize::MAX - number));
        if let Some((number, form)) = begun {
            let first = patterns.iter().position(|other| other == *form).unwrap_or(*number);
            out.extend(if rest.len() < 4 { rest.to_vec() } else { label(first) });
            break;
        } else if let Some((number, form)) = longest {
            out.extend(label(*number));
            at += form.len();
        } else {
            out.extend(&rest[..1]);
            at += 1;
        }
    }
    out
}

fn label(number: usize) -> Vec<u8> {
    format!("[secret:{number}]").into_bytes()
}

fn stream(patterns: &[Vec<u8>]) -> Stream {
    let patterns = patterns.iter().enumerate().map(|(number, form)| Pattern {
        bytes: Zeroizing::new(form.clone()),
        label: Label::new(&number.to_string()),
    });
    Stream::new(Arc::new(Index::new(patterns.collect())))
}

/// Forms of two letters, so that they begin, end and repeat alike.
fn patterns() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(select(&b"xy"[..]), 6..20), 1..8)
}

/// A text of whole forms, pieces of forms and noise.
fn text(patterns: &[Vec<u8>]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let piece = (select(patterns.to_vec()), any::<Place>(), any::<Place>());
    let piece = piece.prop_map(|(form, a, b)| {
        let (a, b) = (a.index(form.len() + 1), b.index(form.len() + 1));
        form[a.min(b)..a.max(b)].to_vec()
    });
    let noise = vec(select(&b"xyz\n"[..]), 0..6);
    vec(prop_oneof![select(patterns.to_vec()), piece, noise], 0..12).prop_map(|all| all.concat())
}

fn case() -> impl Strategy<Value = (Vec<Vec<u8>>, Vec<u8>)> {
    patterns().prop_flat_map(|patterns| {
        let text = text(&patterns);
        (Just(patterns), text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn every_split_gives_what_the_oracle_gives((patterns, text) in case()) {
        let expected = masked(&patterns, &text);
        for split in 0..=text.len() {
            let (mut stream, mut out) = (stream(&patterns), Vec::new());
            stream.push(&text[..split], &mut out);
            stream.push(&text[split..], &mut out);
            stream.finish(&mut out);
            prop_assert_eq!(&out, &expected, "split at {}", split);
        }
    }

    #[test]
    fn byte_by_byte_it_is_the_same_and_only_beginnings_are_held((patterns, text) in case()) {
        let (mut stream, mut out) = (stream(&patterns), Vec::new());
        for (index, byte) in text.iter().enumerate() {
            stream.push(&[*byte], &mut out);
            let held = &text[index + 1 - stream.held_back()..=index];
            let is_beginning =
                patterns.iter().any(|form| form.len() > held.len() && form.starts_with(held));
            prop_assert!(held.is_empty() || is_beginning, "held {:?}", held);
        }
        stream.finish(&mut out);
        prop_assert_eq!(out, masked(&patterns, &text));
    }

    #[test]
    fn flushes_show_no_secret_and_lose_nothing_else(
        (patterns, text) in case(),
        flushes in vec(any::<Place>(), 0..6),
    ) {
        let flushes: Vec<usize> = flushes.iter().map(|at| at.index(text.len() + 1)).collect();
        let (mut stream, mut out) = (stream(&patterns), Vec::new());
        for (index, byte) in text.iter().enumerate() {
            if flushes.contains(&index) {
                stream.flush(&mut out);
                prop_assert_eq!(stream.held_back(), 0);
            }
            stream.push(&[*byte], &mut out);
        }
        stream.finish(&mut out);
        for form in &patterns {
            prop_assert!(!out.windows(form.len()).any(|window| window == form.as_slice()));
        }
        if flushes.is_empty() {
            prop_assert_eq!(out, masked(&patterns, &text));
        }
    }
}
