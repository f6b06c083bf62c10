//! A file that was read, and the places in it.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::{DocumentError, Fault, Node, Wrong};

/// The largest file that is read: nobody writes a longer one on purpose.
pub const LARGEST: u64 = 1 << 20;

/// A file that is TOML; what it means is for its reader to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    path: PathBuf,
    text: String,
    root: Node,
}

impl Document {
    /// Reads a file, and no more of it than anybody would write.
    pub fn load(path: &Path) -> Result<Self, DocumentError> {
        Self::parse(path, text_of(path)?)
    }

    /// Reads the text of a file.
    pub fn parse(path: &Path, text: String) -> Result<Self, DocumentError> {
        match Node::parse(&text) {
            Ok(root) => Ok(Self { path: path.into(), text, root }),
            Err(fault) => Err(Wrong::new(path, &text, &fault).into()),
        }
    }

    /// Where it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The table that is the whole file.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// Reads the whole file as a value of this type.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, DocumentError> {
        self.root.decode().map_err(|fault| self.wrong(fault))
    }

    /// The fault with its place in the file: its own, or else that of the key that it is under.
    pub fn wrong(&self, fault: Fault) -> DocumentError {
        let place = self.root.nearest(&fault.path()).place.clone();
        Wrong::new(&self.path, &self.text, &fault.at(&place)).into()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one reader of files of settings")]
fn text_of(path: &Path) -> Result<String, DocumentError> {
    let unreadable = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => DocumentError::Missing { path: path.into() },
        _ => DocumentError::Unreadable { path: path.into(), source },
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(DocumentError::TooLarge { path: path.into() });
    }
    String::from_utf8(bytes).map_err(|error| DocumentError::NotText {
        path: path.into(),
        at: error.utf8_error().valid_up_to(),
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Ship {
        name: Name,
        #[serde(default)]
        crew: Vec<Name>,
        #[serde(default, rename = "hold")]
        _hold: Option<Hold>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Hold {
        #[serde(rename = "tons")]
        _tons: u8,
    }

    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Name(String);

    impl TryFrom<String> for Name {
        type Error = &'static str;

        fn try_from(text: String) -> Result<Self, Self::Error> {
            if text.is_empty() { Err("a name is not empty") } else { Ok(Self(text)) }
        }
    }

    fn document(text: &str) -> Result<Document, DocumentError> {
        Document::parse(Path::new("ship.toml"), text.into())
    }

    fn told(text: &str) -> String {
        let decoded = document(text).and_then(|document| document.decode::<Ship>());
        decoded.expect_err(text).advised()
    }

    #[test]
    fn whatever_is_wrong_has_a_place_a_key_and_help() {
        for (text, said) in [
            ("name = ", "ship.toml:1:8: this is not TOML: "),
            ("name = ''", "ship.toml:1:8: in `name`: a name is not empty"),
            ("name = 1", "ship.toml:1:8: in `name`: expected a text in quotes, found the number 1"),
            ("name = 'a'\ncrew = ['b',\n 'ä', '']", "ship.toml:3:7: in `crew[2]`: a name is not"),
            ("name = 'a'\nhold.tnos = 1", "ship.toml:2:6: in `hold`: unknown key `tnos`; did you"),
            ("name = 'a'\n[hold]", "ship.toml:2:1: in `hold`: the key `tons` is missing; add `to"),
            ("name = 'a'\nhold.tons = 300", "ship.toml:2:13: in `hold.tons`: expected a whole nu"),
            ("naem = 'a'\ncrow = []", "ship.toml:1:1: unknown key `naem`; did you mean `name`? "),
        ] {
            assert!(told(text).starts_with(said), "{text}: {}", told(text));
        }
    }

    #[test]
    fn what_is_checked_afterwards_is_placed_by_its_key() {
        let document = document("name = 'a'\ncrew = ['b', 'b']").expect("it is TOML");
        let ship: Ship = document.decode().expect("it is one");
        assert_eq!((ship.name.0.as_str(), ship.crew.len()), ("a", 2));
        let twice = Fault::new("is aboard already").under("[1]").under("crew");
        let told = document.wrong(twice).to_string();
        assert_eq!(told, "ship.toml:2:14: in `crew[1]`: is aboard already");
        let absent = Fault::new("is wanted").under("anchor").under("hold");
        assert_eq!(
            document.wrong(absent).to_string(),
            "ship.toml:1:1: in `hold.anchor`: is wanted"
        );
    }
}
