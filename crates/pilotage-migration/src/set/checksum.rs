//! What was linted is what runs: one digest over all files.

use pilotage_artifact::Digest;

/// The digest of a set of files; it changes with every name, every content and their order.
#[derive(Debug, Clone, Default)]
pub struct SetDigest {
    list: Vec<u8>,
}

impl SetDigest {
    /// Takes one more file in.
    pub fn add(&mut self, name: &str, content: &Digest) {
        // The length goes first, so that no name can pass for two.
        self.list.extend(name.len().to_be_bytes());
        self.list.extend(name.as_bytes());
        self.list.extend(content.bytes());
    }

    /// The digest.
    pub fn finish(&self) -> Digest {
        Digest::of(&self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> Digest {
        let mut set = SetDigest::default();
        for (name, content) in files {
            set.add(name, &Digest::of(content.as_bytes()));
        }
        set.finish()
    }

    #[test]
    fn names_contents_and_order_count() {
        let one = of(&[("a", "x"), ("b", "y")]);
        assert_eq!(one, of(&[("a", "x"), ("b", "y")]));
        for other in
            [of(&[("b", "y"), ("a", "x")]), of(&[("ax", ""), ("b", "y")]), of(&[("a", "x")])]
        {
            assert_ne!(one, other);
        }
    }
}
