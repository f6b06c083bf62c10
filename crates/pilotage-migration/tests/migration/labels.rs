//! The corpus as data: cases, their labels and the versions that these hold for.

use std::collections::BTreeSet;

use pilotage_migration::rule::Class;

/// A labelled statement, and those before it that set the scene.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Where it stands in its file.
    pub(crate) line: usize,
    /// What must be found.
    pub(crate) classes: BTreeSet<Class>,
    /// For which servers; all if empty.
    ranges: Vec<Range>,
    /// The statements; the label is that of the last.
    pub(crate) sql: String,
}

#[derive(Debug, Clone)]
struct Range {
    engine: String,
    from: Vec<u16>,
    to: Vec<u16>,
}

/// The cases of a corpus file.
pub(crate) fn cases(text: &str, engine: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    for (at, line) in text.lines().chain([""]).enumerate() {
        match (line.trim().is_empty(), block.is_empty()) {
            (false, _) => block.push(line),
            (true, false) => {
                let lines = std::mem::take(&mut block);
                cases.push(case(at + 1 - lines.len(), &lines, engine));
            }
            (true, true) => {}
        }
    }
    cases
}

fn case(line: usize, block: &[&str], engine: &str) -> Case {
    let (head, sql) = block.split_first().expect("a block has lines");
    let label = head.strip_prefix("-- ").and_then(|label| label.split_once(": "));
    let (label, reason) = label.unwrap_or_else(|| panic!("line {line}: `{head}` is no label"));
    assert!(reason.len() > 10 && !sql.is_empty(), "line {line}: a reason and a statement");
    let (classes, ranges) = label.split_once(" @ ").unwrap_or((label, ""));
    let classes = classes.split(", ").filter(|class| *class != "safe").map(class).collect();
    let ranges = ranges.split("; ").filter(|range| !range.is_empty());
    Case {
        line,
        classes,
        ranges: ranges.map(|text| range(text, engine)).collect(),
        sql: sql.join("\n"),
    }
}

fn class(name: &str) -> Class {
    let all = [Class::Care, Class::Locks, Class::Breaks, Class::Opaque, Class::Form];
    all.into_iter()
        .find(|class| class.name() == name)
        .unwrap_or_else(|| panic!("no class `{name}`"))
}

fn range(text: &str, engine: &str) -> Range {
    let (engine, versions) = match text.split_once(' ') {
        Some((engine, versions)) => (engine, versions),
        None if text.starts_with(|c: char| c.is_ascii_digit()) => (engine, text),
        None => (text, "0..99"),
    };
    let (from, to) = versions.split_once("..").unwrap_or((versions, versions));
    Range { engine: engine.to_owned(), from: numbers(from), to: numbers(to) }
}

fn numbers(text: &str) -> Vec<u16> {
    text.split('.').map(|part| part.parse().expect("a number")).collect()
}

impl Case {
    /// Whether the label holds for this server, such as `mysql@8.0.29`.
    pub(crate) fn holds_for(&self, server: &str) -> bool {
        let (engine, version) = server.split_once('@').expect("a server");
        let version = numbers(version);
        let within = |range: &Range| {
            // A bound says as much as it has numbers: `..8` includes all of 8.
            let head = version.get(..range.to.len()).unwrap_or(&version);
            range.engine == engine && range.from <= version && head <= range.to.as_slice()
        };
        self.ranges.is_empty() || self.ranges.iter().any(within)
    }
}
