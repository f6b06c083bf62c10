//! Code that must not be there: unfinished, unwatched or asleep.
//!
//! Files are read as tokens, so that the same words in a comment or a string are left alone.

use std::str::FromStr as _;

use proc_macro2::{TokenStream, TokenTree};

use super::Finding;
use super::sources::Source;

struct Ban {
    tokens: &'static [&'static str],
    in_tests_only: bool,
    problem: &'static str,
}

const BANS: [Ban; 4] = [
    Ban {
        tokens: &["todo", "!"],
        in_tests_only: false,
        problem: "is unfinished (`todo!`); finish it or leave it out",
    },
    Ban {
        tokens: &["unimplemented", "!"],
        in_tests_only: false,
        problem: "is unfinished (`unimplemented!`); finish it or leave it out",
    },
    Ban {
        tokens: &["#", "[", "ignore"],
        in_tests_only: false,
        problem: "hides a test (`#[ignore]`); a test that needs a real system asks for it and is \
                  counted as skipped",
    },
    Ban {
        tokens: &["thread", ":", ":", "sleep"],
        in_tests_only: true,
        problem: "sleeps in a test; wait for the condition, with a deadline",
    },
];

/// Finds banned code in Rust files.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().filter(|source| source.is_rust()).flat_map(in_source).collect()
}

fn in_source(source: &Source) -> Vec<Finding> {
    let Ok(stream) = TokenStream::from_str(&source.text) else {
        return vec![Finding::new(&source.path, "is not Rust; `cargo check` says where")];
    };
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    let tests_from = if source.is_test() { 0 } else { tests_begin(&tokens) };
    BANS.iter().flat_map(|ban| ban.find(source, &tokens, tests_from)).collect()
}

#[derive(Debug)]
struct Token {
    text: String,
    line: usize,
}

impl Ban {
    fn find(&self, source: &Source, tokens: &[Token], tests_from: usize) -> Vec<Finding> {
        let from = if self.in_tests_only { tests_from } else { 0 };
        let rest = tokens.get(from..).unwrap_or_default();
        let hits = rest.windows(self.tokens.len()).filter(|window| matches(window, self.tokens));
        let first = hits.filter_map(<[Token]>::first);
        first.map(|token| Finding::at_line(&source.path, token.line, self.problem)).collect()
    }
}

fn matches(window: &[Token], wanted: &[&str]) -> bool {
    window.iter().map(|token| token.text.as_str()).eq(wanted.iter().copied())
}

/// Tests come last in a file: all that follows the first `cfg(test)` is theirs.
fn tests_begin(tokens: &[Token]) -> usize {
    let marker = ["cfg", "(", "test", ")"];
    let found = tokens.windows(marker.len()).position(|window| matches(window, &marker));
    found.unwrap_or(tokens.len())
}

fn flatten(stream: TokenStream, into: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                into.push(Token { text: open.into(), line });
                flatten(group.stream(), into);
                into.push(Token { text: close.into(), line });
            }
            TokenTree::Literal(_) => into.push(Token { text: String::new(), line }),
            other => into.push(Token { text: other.to_string(), line }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.into(), text: text.into() };
        check(&[source]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn finds_each_ban_at_its_line() {
        for (text, line) in [
            ("fn f() {\n    todo!()\n}", 2),
            ("fn f() {\n    assert!(\n  unimplemented!());\n}", 3),
            ("\n\n#[ignore = \"slow\"]\nfn f() {}", 3),
            ("#[cfg(test)]\nmod tests {\n fn f() { std::thread::sleep(x); }\n}", 3),
        ] {
            let found = findings("src/a.rs", text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with(&format!("src/a.rs:{line}: ")), "{found:?}");
        }
    }

    #[test]
    fn the_same_words_in_text_are_left_alone() {
        let text = "//! Never `todo!()`.\nconst A: &str = \"#[ignore] todo!() thread::sleep\";";
        assert!(findings("tests/a.rs", text).is_empty());
    }

    #[test]
    fn sleeping_is_banned_in_tests_only_here() {
        let text = "fn f() { thread::sleep(x) }";
        assert_eq!(findings("src/a.rs", text).len(), 0, "clippy guards the product");
        assert_eq!(findings("tests/a.rs", text).len(), 1);
    }

    #[test]
    fn what_is_not_rust_is_a_finding_rather_than_a_pass() {
        assert_eq!(findings("src/a.rs", "fn f( {").len(), 1);
    }
}
