//! Text that stands outside of any view, such as the verdict or an error.

use super::defuse::defused;
use crate::surface::Surface;
use crate::text::lines;

/// The lines of this text, made harmless for where they are shown: nothing in them steers a
/// terminal, and nothing in them is a command of a CI system.
pub fn fit(surface: Surface, text: &str) -> String {
    let lines = lines(text);
    let fit = |line: &String| match surface {
        Surface::Terminal | Surface::Plain => line.clone(),
        Surface::GitHub | Surface::Azure => without_commands(line),
    };
    lines.iter().map(fit).collect::<Vec<_>>().join("\n")
}

/// Runners take a line that begins with two colons for a command, however far it is indented.
fn without_commands(line: &str) -> String {
    let line = defused(line);
    if line.trim_start().starts_with("::") { format!("| {line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_is_a_command_where_commands_are_looked_for() {
        let hostile = "refused: it said\n  ::error::forged\n##vso[task.complete]\u{1b}[2J";
        for surface in [Surface::GitHub, Surface::Azure] {
            let text = fit(surface, hostile);
            assert!(!text.contains("##") && !text.contains('\u{1b}'), "{text}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        }
        let text = fit(Surface::Terminal, hostile);
        assert!(text.contains("\n  ::error::forged\n") && !text.contains('\u{1b}'), "{text}");
    }
}
