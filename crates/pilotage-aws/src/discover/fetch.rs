//! Fetching a source.

mod cloudformation;
mod parameter;

use std::io::{ErrorKind, Read as _};
use std::path::Path;

use super::{Source, Undiscovered, Values, state};
use crate::Session;
use crate::bucket::{Bucket, Objects};

/// The largest state that is read; outputs are a small part of the largest.
const LARGEST: u64 = 256 << 20;

/// All that the source holds.
pub(super) async fn fetch(session: &Session, source: &Source) -> Result<Values, Undiscovered> {
    match source {
        Source::Stack(name) => cloudformation::outputs(session, name).await,
        Source::Exports => cloudformation::exports(session).await,
        Source::Parameter(name) => parameter::value(session, name).await,
        Source::File(path) => read(source, file(source, path)?.as_deref()),
        Source::Object(object) => read(source, self::object(session, object).await?.as_deref()),
    }
}

fn read(source: &Source, text: Option<&[u8]>) -> Result<Values, Undiscovered> {
    let absent = || Undiscovered::NoSource { source_of: source.clone(), near: Vec::new() };
    state::outputs(text.ok_or_else(absent)?)
        .map_err(|why| Undiscovered::Unreadable { source_of: source.clone(), why })
}

async fn object(session: &Session, object: &Bucket) -> Result<Option<Vec<u8>>, Undiscovered> {
    let found = Objects::new(session, object.clone()).get_whole().await?;
    Ok(found.map(|(body, _)| body))
}

#[expect(clippy::disallowed_methods, reason = "a state may be a file that a job has fetched")]
fn file(source: &Source, path: &Path) -> Result<Option<Vec<u8>>, Undiscovered> {
    let mut text = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut text));
    match read {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(Undiscovered::Unreadable { source_of: source.clone(), why: error.to_string() })
        }
    }
}
