//! The lines of the ledger, as rows of a table.

use pilotage_lease::Fence;
use pilotage_migration::saga::ledger::Entry;
use pilotage_migration::saga::script::ScriptName;

use super::server::Row;

/// Reads all of it.
pub(super) const READ: &str =
    "select script, checksum, done, steps, state, fence from pilotage_ledger order by script";

/// An entry as the values of a row.
pub(super) fn values(entry: &Entry) -> Result<[String; 6], serde_json::Error> {
    Ok([
        entry.script.to_string(),
        entry.checksum.to_string(),
        entry.done.to_string(),
        entry.of.to_string(),
        serde_json::to_string(&entry.state)?,
        entry.fence.0.to_string(),
    ])
}

/// A row as an entry; an error says what is wrong with it.
pub(super) fn entry(row: Row) -> Result<Entry, String> {
    let mut cells = row.into_iter();
    let mut cell = |what: &str| cells.next().flatten().ok_or_else(|| format!("it has no {what}"));
    let script = ScriptName(cell("name")?);
    let wrong = |what: &str| format!("`{script}` has no {what} that can be read");
    Ok(Entry {
        checksum: cell("checksum")?.parse().map_err(|_| wrong("checksum"))?,
        done: cell("count of steps")?.parse().map_err(|_| wrong("count of steps"))?,
        of: cell("number of steps")?.parse().map_err(|_| wrong("number of steps"))?,
        state: serde_json::from_str(&cell("state")?).map_err(|_| wrong("state"))?,
        fence: Fence(cell("fence")?.parse().map_err(|_| wrong("fence"))?),
        script,
    })
}

#[cfg(test)]
mod tests {
    use pilotage_migration::saga::ledger::State;

    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let state = State::Failed { reason: "it's \0 \u{1f6a2} \"so\"\n".into() };
        let script = ScriptName("7_ü.sql".into());
        let checksum = pilotage_artifact::Digest::of(b"what was applied");
        let line = Entry { script, checksum, done: 1, of: 3, state, fence: Fence(u64::MAX >> 1) };
        let row: Row = values(&line).expect("it is text").into_iter().map(Some).collect();
        assert_eq!(entry(row.clone()), Ok(line));
        let error = entry(row.into_iter().take(4).collect()).expect_err("it is cut off");
        assert_eq!(error, "it has no state");
    }
}
