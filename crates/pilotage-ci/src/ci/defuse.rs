//! What both CI systems must not find in a line.

use crate::text::lines;

/// The line, in which no two number signs stand together: both systems look for commands that
/// begin with them anywhere in a line.
pub(crate) fn defused(line: &str) -> String {
    line.replace("##", "# #").replace("##", "# #")
}

/// The lines of a text from outside, cleaned, none of them with such a command.
pub(super) fn defused_lines(text: &str) -> String {
    lines(text).iter().flat_map(|line| [defused(line), "\n".to_owned()]).collect()
}
