//! No path of somebody's machine: it works nowhere else, and says who wrote it.

use super::Finding;
use super::sources::Source;

/// The folders at the root of a machine under which people keep their own files.
const PRIVATE: [&str; 4] = ["home", "root", "Users", "work"];

/// Finds absolute paths into people's own folders, in code, comments and documents alike.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(in_source).collect()
}

fn in_source(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().enumerate();
    let hits = lines.filter_map(|(index, line)| Some((index + 1, first_path(line)?)));
    hits.map(|(line, path)| Finding::at_line(&source.path, line, problem(&path))).collect()
}

fn problem(path: &str) -> String {
    format!("names a folder of one machine (`{path}`); use a relative path or a given one")
}

fn first_path(line: &str) -> Option<String> {
    PRIVATE
        .iter()
        .map(|name| format!("/{name}/"))
        .find(|path| line.match_indices(path.as_str()).any(|(at, _)| begins_a_path(line.get(..at))))
}

/// A path inside another (`docs/home/`) or inside an address is not a path of the machine.
fn begins_a_path(before: Option<&str>) -> bool {
    let last = before.and_then(|before| before.chars().next_back());
    !last.is_some_and(|c| c.is_alphanumeric() || "-_./}$".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> usize {
        check(&[Source { path: "a.md".into(), text: text.into() }]).len()
    }

    /// Put together here, so that this file itself stays clean.
    fn path(name: &str) -> String {
        format!("/{name}/somebody/pilotage")
    }

    #[test]
    fn finds_a_path_of_a_machine_wherever_it_stands() {
        for name in PRIVATE {
            let path = path(name);
            for text in [path.clone(), format!("see `{path}`"), format!("fs::read(\"{path}\")")] {
                assert_eq!(findings(&text), 1, "{text}");
            }
        }
    }

    #[test]
    fn leaves_other_paths_alone() {
        for text in ["docs/home/index.md", "${ROOT}/work/a", "https://example.org/home/x", "/etc/x"]
        {
            assert_eq!(findings(text), 0, "{text}");
        }
    }
}
