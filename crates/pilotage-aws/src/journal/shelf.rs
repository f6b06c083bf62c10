//! Where in a table the journals of one target stand.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The place of one target's journals among those of others, such as `prod/shop`: names with `/`
/// between them, each of letters, digits, `_`, `.` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shelf(String);

/// Text that names no shelf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is no place for journals in a table: names of `A-Z`, `a-z`, `0-9`, `_`, `.` and `-` \
     with `/` between them are, such as `prod/shop`, 512 characters at most"
)]
pub struct InvalidShelf {
    given: String,
}

impl FromStr for Shelf {
    type Err = InvalidShelf;

    fn from_str(text: &str) -> Result<Self, InvalidShelf> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(fits);
        if text.len() <= 512 && text.split('/').all(is_name) {
            return Ok(Self(text.into()));
        }
        Err(InvalidShelf { given: text.into() })
    }
}

impl Display for Shelf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_is_made_of_names() {
        for right in ["shop", "prod/shop", "prod/eu.1/shop_2"] {
            assert_eq!(right.parse::<Shelf>().map(|shelf| shelf.to_string()), Ok(right.into()));
        }
        for wrong in ["", "/shop", "prod/", "prod//shop", "a b", "ä", &"x".repeat(513)] {
            let error = wrong.parse::<Shelf>().expect_err("it is no shelf").to_string();
            assert!(error.contains(&format!("`{wrong}`")), "{error}");
        }
    }
}
