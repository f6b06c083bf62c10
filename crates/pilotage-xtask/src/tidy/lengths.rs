//! How long files and functions are.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, ItemImpl, ItemMod, Signature, TraitItemFn};

use super::Finding;
use super::sources::Source;

/// Above how many lines a thing is long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A file.
    pub file: usize,
    /// A function, from its signature to its closing brace.
    pub function: usize,
}

/// Lengths above the limit, by name: a path, or `path::Type::function`.
pub type Lengths = BTreeMap<String, usize>;

/// Measures every Rust file; a file that does not parse is a finding.
pub fn long(sources: &[Source], limits: Limits) -> Result<Lengths, Finding> {
    let mut lengths = Lengths::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let lines = source.text.lines().count();
        if lines > limits.file {
            lengths.insert(source.path.clone(), lines);
        }
        let functions = functions(source)?.into_iter();
        lengths.extend(functions.filter(|(_, lines)| *lines > limits.function));
    }
    Ok(lengths)
}

fn functions(source: &Source) -> Result<Lengths, Finding> {
    let file = syn::parse_file(&source.text).map_err(|error| {
        let line = error.span().start().line;
        Finding::at_line(&source.path, line, format!("is not Rust: {error}"))
    })?;
    let mut measure = Measure { scope: vec![source.path.clone()], found: Lengths::new() };
    measure.visit_file(&file);
    Ok(measure.found)
}

struct Measure {
    scope: Vec<String>,
    found: Lengths,
}

impl Measure {
    fn function(&mut self, signature: &Signature, block: &Block, inside: impl FnOnce(&mut Self)) {
        let first = signature.fn_token.span.start().line;
        let lines = block.brace_token.span.close().end().line - first + 1;
        self.scoped(signature.ident.to_string(), |this| {
            let longest = this.found.entry(this.scope.join("::")).or_default();
            *longest = lines.max(*longest);
            inside(this);
        });
    }

    fn scoped(&mut self, name: String, inside: impl FnOnce(&mut Self)) {
        self.scope.push(name);
        inside(self);
        self.scope.pop();
    }
}

impl<'ast> Visit<'ast> for Measure {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, &item.block, |this| visit::visit_item_fn(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.sig, &item.block, |this| visit::visit_impl_item_fn(this, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        match &item.default {
            Some(block) => {
                self.function(&item.sig, block, |this| visit::visit_trait_item_fn(this, item));
            }
            None => visit::visit_trait_item_fn(self, item),
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.scoped(name.unwrap_or("impl".into()), |this| visit::visit_item_impl(this, item));
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.scoped(item.ident.to_string(), |this| visit::visit_item_mod(this, item));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { file: 6, function: 2 };

    fn measured(text: &str) -> Vec<(String, usize)> {
        let source = Source { path: "a.rs".into(), text: text.into() };
        long(&[source], LIMITS).expect("it parses").into_iter().collect()
    }

    #[test]
    fn names_what_is_long_by_where_it_stands() {
        let text = "impl A {\n/// Docs\n/// do not count.\nfn f() {\n\n}\n}\nmod m { fn g() {} }\n";
        assert_eq!(measured(text), [("a.rs".into(), 8), ("a.rs::A::f".into(), 3)]);
        assert_eq!(measured("mod m {\nfn g() {\n\n}\n}"), [("a.rs::m::g".into(), 3)]);
    }

    #[test]
    fn braces_in_text_are_not_counted() {
        assert_eq!(measured("fn f() { \"{{{\"; }\n// {\nfn g() { '{'; }"), []);
    }

    #[test]
    fn a_file_that_does_not_parse_is_a_finding() {
        let source = Source { path: "a.rs".into(), text: "fn f( {".into() };
        assert!(long(&[source], LIMITS).is_err());
    }
}
