//! A table of what is longer than it should be, which may only shrink.

use std::collections::BTreeMap;

use super::Finding;
use super::lengths::Lengths;

/// Compares what is long with the checked-in table at `path`.
///
/// A row is `<lines> <name>`; `#` begins a comment. Anything that is long and not in the table,
/// longer than in the table, shorter, or gone, is a finding: the table says exactly what is.
pub fn check(path: &str, table: &str, lengths: &Lengths) -> Vec<Finding> {
    let (allowed, mut findings) = parse(path, table);
    let grown = lengths.iter().filter_map(|(name, lines)| grown(name, *lines, allowed.get(name)));
    findings.extend(grown);
    let shrunk = allowed.iter().filter_map(|(name, was)| shrunk(name, *was, lengths.get(name)));
    findings.extend(shrunk.map(|problem| Finding::new(path, problem)));
    findings
}

fn parse(path: &str, table: &str) -> (BTreeMap<String, usize>, Vec<Finding>) {
    let (mut rows, mut findings) = (BTreeMap::new(), Vec::new());
    for (index, line) in table.lines().enumerate() {
        let row = line.split('#').next().unwrap_or_default().trim();
        let fields = row.split_once(' ').map(|(lines, name)| (lines.parse(), name.trim()));
        match fields {
            Some((Ok(lines), name)) => drop(rows.insert(name.to_owned(), lines)),
            None if row.is_empty() => {}
            _ => findings.push(Finding::at_line(path, index + 1, "is not `<lines> <name>`")),
        }
    }
    (rows, findings)
}

fn grown(name: &str, lines: usize, allowed: Option<&usize>) -> Option<Finding> {
    match allowed {
        Some(allowed) if lines <= *allowed => None,
        Some(allowed) => {
            let problem = format!("grew from {allowed} to {lines} lines; split it");
            Some(Finding::new(name, problem))
        }
        None => Some(Finding::new(name, format!("is {lines} lines long; split it"))),
    }
}

fn shrunk(name: &str, was: usize, lines: Option<&usize>) -> Option<String> {
    match lines {
        Some(lines) if *lines >= was => None,
        Some(lines) => Some(format!("`{name}` is shorter now; lower its row to `{lines} {name}`")),
        None => Some(format!("`{name}` is no longer long; take its row out")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(table: &str, lengths: &[(&str, usize)]) -> Vec<String> {
        let lengths = lengths.iter().map(|(name, lines)| ((*name).into(), *lines)).collect();
        check("r.txt", table, &lengths).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_table_may_only_shrink() {
        assert!(said("# why\n500 a.rs # history\n", &[("a.rs", 500)]).is_empty());
        assert_eq!(said("", &[("a.rs", 401)]), ["a.rs: is 401 lines long; split it"]);
        assert_eq!(
            said("500 a.rs", &[("a.rs", 501)]),
            ["a.rs: grew from 500 to 501 lines; split it"]
        );
    }

    #[test]
    fn shrinking_asks_to_lower_the_row() {
        assert_eq!(
            said("500 a.rs", &[("a.rs", 450)]),
            ["r.txt: `a.rs` is shorter now; lower its row to `450 a.rs`"]
        );
        assert_eq!(said("500 a.rs", &[]), ["r.txt: `a.rs` is no longer long; take its row out"]);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_a_finding() {
        assert_eq!(said("many a.rs", &[]), ["r.txt:1: is not `<lines> <name>`"]);
        assert_eq!(said("500", &[]), ["r.txt:1: is not `<lines> <name>`"]);
    }
}
