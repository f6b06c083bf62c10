//! The commands of an Azure Pipelines agent.

use super::Spot;
use super::defuse::{defused, defused_lines};
use crate::text::{clip, lines, one_line};

/// The longest message of an issue, in bytes.
const LONGEST_MESSAGE: usize = 4_096;

/// The longest path of an issue, in bytes.
const LONGEST_PATH: usize = 1_024;

/// How serious an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// Something failed.
    Error,
    /// Something is odd.
    Warning,
}

/// An issue, shown on the page of the build.
pub fn issue(kind: Issue, message: &str) -> String {
    said(kind, "", message)
}

/// An issue beside a line.
pub fn issue_at(kind: Issue, spot: &Spot<'_>, message: &str) -> String {
    let Spot { line, column, .. } = spot;
    let file = property(&one_line(spot.file, LONGEST_PATH));
    let place = format!(";sourcepath={file};linenumber={line};columnnumber={column}");
    said(kind, &place, message)
}

fn said(kind: Issue, place: &str, message: &str) -> String {
    let kind = match kind {
        Issue::Error => "error",
        Issue::Warning => "warning",
    };
    let message = clip(&lines(message).join("\n"), LONGEST_MESSAGE);
    format!("##vso[task.logissue type={kind}{place}]{}\n", data(&message))
}

/// A variable for later steps and jobs.
pub fn variable(name: &str, value: &str) -> String {
    format!("##vso[task.setvariable variable={};isOutput=true]{}\n", property(name), data(value))
}

/// A file whose Markdown is shown on the page of the build.
pub fn upload_summary(path: &str) -> String {
    format!("##vso[task.uploadsummary]{}\n", data(path))
}

/// Opens a group; groups do not nest.
pub fn group(title: &str) -> String {
    format!("##[group]{}\n", data(&defused(&one_line(title, 200))))
}

/// Closes it.
pub fn end_group() -> String {
    "##[endgroup]\n".to_owned()
}

/// Text from outside: cleaned, and without anything that the agent takes for a command, which it
/// looks for anywhere in a line and cannot be told to stop looking for.
pub fn untrusted(text: &str) -> String {
    defused_lines(text)
}

/// The data of a command. What looks like a second command inside it is taken apart as well.
fn data(text: &str) -> String {
    let escaped = defused(text).replace('%', "%AZP25");
    escaped.replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped() {
        assert_eq!(
            issue(Issue::Error, "50%\nof\r\n##vso[task.complete result=Succeeded;]"),
            "##vso[task.logissue type=error]50%AZP25%0Aof%0A# #vso[task.complete \
             result=Succeeded;]\n"
        );
        assert_eq!(
            variable("a;b]c", "1\n2"),
            "##vso[task.setvariable variable=a%3Bb%5Dc;isOutput=true]1%0A2\n"
        );
    }

    #[test]
    fn an_issue_can_stand_beside_a_line() {
        let spot = Spot { file: "a;b]c.sql", line: 3, column: 5, end_line: 4 };
        assert_eq!(
            issue_at(Issue::Warning, &spot, "m"),
            "##vso[task.logissue type=warning;sourcepath=a%3Bb%5Dc.sql;linenumber=3;columnnumber=5]m\n"
        );
    }

    #[test]
    fn no_line_from_outside_is_a_command() {
        let hostile = "##vso[task.setvariable variable=A]b\nx ##VSO[a]\n###[error]y\n####[group]z";
        let text = untrusted(hostile);
        assert!(!text.contains("##"), "{text}");
        assert_eq!(text.lines().count(), 4);
    }
}
