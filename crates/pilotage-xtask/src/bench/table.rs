//! Lines as a table that a person reads.

use super::Line;

const HEAD: [&str; 7] = ["case", "ours", "peer", "theirs", "ratio", "bar", "outcome"];

/// The table, one row for each line, columns as wide as their widest cell.
pub(super) fn render(lines: &[Line]) -> String {
    let mut rows = vec![HEAD.map(String::from)];
    rows.extend(lines.iter().map(Line::cells));
    let mut widths = [0; HEAD.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let pad = |(cell, width): (&String, &usize)| format!("{cell:width$}");
    let join = |row: &[String; 7]| row.iter().zip(&widths).map(pad).collect::<Vec<_>>().join("  ");
    rows.iter()
        .flat_map(|row| ["  ".into(), join(row).trim_end().to_owned(), "\n".into()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Bar, Measure, Peer};
    use super::*;

    #[test]
    fn columns_line_up_and_a_miss_is_plain() {
        let slow = Measure { unit: "ms", ours: 12.0 };
        let line = Line::new("b", "start", slow, Peer::None, Bar::OursAtMost(10.0));
        let table = render(&[line]);
        let [head, row] = [0, 1].map(|n| table.lines().nth(n).expect("two lines"));
        assert_eq!(head.find("ours"), row.find("12.0000 ms"));
        assert!(row.ends_with("ours <= 10  MISSED"), "{row}");
    }
}
