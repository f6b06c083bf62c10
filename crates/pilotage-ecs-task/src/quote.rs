//! The last words of a container that has ended, for whoever tells why.

use pilotage_aws::Kind;
use pilotage_aws::ecs::{Container, Draft, Task};
use pilotage_aws::logs::{LogStream, Logs, Position, streams};
use pilotage_redact::Veil;

/// How many lines are quoted, and how many characters of them all.
const LINES: u16 = 5;
const CHARS: usize = 400;

/// What the containers of a task that did not end well have said last, masked, in one line; nothing if
/// they have said nothing.
pub async fn last_words(logs: &Logs, veil: &Veil, draft: &Draft, task: &Task) -> Option<String> {
    let mut quotes = Vec::new();
    for (container, stream) in streams(draft.document(), task.id()) {
        let is_it = |one: &&Container| one.name == container;
        let code = task.containers.iter().find(is_it).and_then(|one| one.exit_code);
        // Who has no code has not run, and who has 0 has nothing to explain.
        let (Some(1.. | ..=-1), Ok(stream)) = (code, stream) else { continue };
        if let Some(quote) = quote(logs, veil, &stream).await {
            quotes.push(format!("container `{container}` {quote}"));
        }
    }
    (!quotes.is_empty()).then(|| quotes.join("; "))
}

async fn quote(logs: &Logs, veil: &Veil, stream: &LogStream) -> Option<String> {
    match logs.read(stream, &Position::Last(LINES)).await {
        Ok(page) => {
            let said = veil.cover(page.lines.join("\n").trim_end());
            let said: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
            (!said.is_empty()).then(|| format!("said last: {}", ending(&said.join(" | "))))
        }
        Err(failure) if failure.kind() == Kind::Missing => None,
        Err(failure) => Some(format!("has a log that cannot be read: {}", failure.kind())),
    }
}

/// The end of a text matters more than its beginning.
fn ending(text: &str) -> String {
    let whole = text.chars().count();
    if whole <= CHARS {
        text.into()
    } else {
        format!("…{}", text.chars().skip(whole - CHARS).collect::<String>())
    }
}
