//! The corpus of the fuzzer, replayed: each input, each beginning of it, each with one bit changed.

use std::io;
use std::path::{Path, PathBuf};

use parsers::PARSERS;

#[expect(clippy::disallowed_methods, reason = "the corpus is read where the fuzzer keeps it")]
fn corpus(name: &str) -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    paths.iter().map(std::fs::read).collect()
}

/// The input itself first; of long inputs only some places are changed, for time's sake.
fn neighbours(input: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let step = (input.len() / 256).max(1);
    let places = (0..input.len()).step_by(step);
    let cut = places.clone().map(|at| input[..at].to_vec());
    let changed = places.map(|at| {
        let mut bytes = input.to_vec();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    std::iter::once(input.to_vec()).chain(cut).chain(changed)
}

#[test]
fn every_parser_keeps_its_promises_on_its_corpus_and_beside_it() {
    for parser in PARSERS {
        let inputs = corpus(parser.name).expect("the corpus is in the repository");
        assert!(inputs.len() > 5, "`{}` has too small a corpus", parser.name);
        inputs.iter().flat_map(|input| neighbours(input)).for_each(|bytes| (parser.check)(&bytes));
    }
}
