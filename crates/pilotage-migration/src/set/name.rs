//! What the name of a file says: its place in the order, and whether it goes back.

use std::path::Path;

/// Where a file stands among the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// It has a version: the numbers of `V1.2__x.sql`, `0007_x.sql`, `20260131_x/migration.sql`.
    Version(Vec<u64>),
    /// It has only a name.
    Name(String),
    /// It runs after all others, whenever it changed (`R__x.sql`).
    Repeatable(String),
}

/// What the name of a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    /// Where it stands among the others.
    pub order: Order,
    /// Whether it takes back what another one did (`x.down.sql`, `U1__x.sql`).
    pub reverts: bool,
}

impl FileName {
    /// Reads the name of a file.
    pub fn of(path: &Path) -> Self {
        let text = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let file = text(path.file_name());
        let stem = file.strip_suffix(".sql").unwrap_or(&file);
        if stem.eq_ignore_ascii_case("migration") {
            let folder = text(path.parent().and_then(Path::file_name));
            return Self { order: numbered(&folder), reverts: false };
        }
        let (stem, reverts) = match stem.strip_suffix(".down") {
            Some(stem) => (stem, true),
            None => (stem.strip_suffix(".up").unwrap_or(stem), false),
        };
        flyway(stem).unwrap_or_else(|| Self { order: numbered(stem), reverts })
    }
}

/// `V1_2__x`, `U1_2__x` and `R__x`.
fn flyway(stem: &str) -> Option<FileName> {
    let (version, name) = stem.split_once("__")?;
    let kind = version.get(..1)?;
    let number = version.get(1..)?;
    if kind == "R" && number.is_empty() {
        return Some(FileName { order: Order::Repeatable(name.to_owned()), reverts: false });
    }
    let parts = number.split(['.', '_']).map(|part| part.parse().ok());
    let numbers: Vec<u64> = parts.collect::<Option<_>>()?;
    let reverts = match kind {
        "V" | "B" => false,
        "U" => true,
        _ => return None,
    };
    Some(FileName { order: Order::Version(trimmed(numbers)), reverts })
}

/// Numbers at the beginning, or else the name.
fn numbered(stem: &str) -> Order {
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = stem.split_at(digits);
    match number.parse() {
        Ok(number) if rest.is_empty() || rest.starts_with(['_', '-', '.']) => {
            Order::Version(vec![number])
        }
        _ => Order::Name(stem.to_owned()),
    }
}

/// `1.0` is the version `1`.
fn trimmed(mut numbers: Vec<u64>) -> Vec<u64> {
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> (Order, bool) {
        let name = FileName::of(Path::new(path));
        (name.order, name.reverts)
    }

    fn version(numbers: &[u64]) -> Order {
        Order::Version(numbers.to_vec())
    }

    #[test]
    fn knows_how_migrators_name_their_files() {
        for (path, order, reverts) in [
            ("sql/V1__a.sql", version(&[1]), false),
            ("V1_2__a.sql", version(&[1, 2]), false),
            ("V1.10.0__a.sql", version(&[1, 10]), false),
            ("U1__a.sql", version(&[1]), true),
            ("R__views.sql", Order::Repeatable("views".into()), false),
            ("0007_a.sql", version(&[7]), false),
            ("20260131093000_a.up.sql", version(&[20_260_131_093_000]), false),
            ("0007_a.down.sql", version(&[7]), true),
            ("20260131_init/migration.sql", version(&[20_260_131]), false),
            ("schema.sql", Order::Name("schema".into()), false),
            ("V2.sql", Order::Name("V2".into()), false),
            ("1a.sql", Order::Name("1a".into()), false),
            (
                "99999999999999999999999_a.sql",
                Order::Name("99999999999999999999999_a".into()),
                false,
            ),
        ] {
            assert_eq!(of(path), (order, reverts), "{path}");
        }
    }

    #[test]
    fn versions_are_ordered_as_numbers() {
        assert!(of("V2__a.sql") < of("V10__a.sql"));
        assert!(of("9_a.sql") < of("10_a.sql"));
        assert!(of("V10__a.sql") < of("R__a.sql"));
    }
}
