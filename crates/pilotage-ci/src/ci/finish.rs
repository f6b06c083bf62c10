//! Telling the CI system how a run ended.

use std::path::Path;

use pilotage_redact::Redactor;

use super::azure::{self, Issue};
use super::files::{append, size};
use super::github::{self, Annotations, Level, Token};
use super::{CiError, Closing, Files, SUMMARY_LIMIT, summary};
use crate::surface::Surface;
use crate::timeline::{FailingUnit, Timeline};

/// The most failing units that become annotations; all of them are in the summary.
const MOST_UNITS: usize = 4;

/// Writes outputs and a summary where the CI system reads them, and returns what must be printed
/// for it. On a terminal and in a plain log there is nothing to tell.
pub fn finish(surface: Surface, closing: &Closing, files: &Files) -> Result<String, CiError> {
    told(surface, closing, files, &Redactor::default())
}

/// Gives later steps these outputs, and returns what must be printed for the CI system.
pub fn hand_on(
    surface: Surface,
    outputs: &[(&str, String)],
    files: &Files,
) -> Result<String, CiError> {
    handed_on(surface, outputs, files, &Redactor::default())
}

/// The same as [`finish`], with secrets masked in all of it.
pub(super) fn told(
    surface: Surface,
    closing: &Closing,
    files: &Files,
    redactor: &Redactor,
) -> Result<String, CiError> {
    let told = match surface {
        Surface::Terminal | Surface::Plain => Ok(String::new()),
        Surface::GitHub => for_github(closing, files, redactor),
        Surface::Azure => for_azure(closing, files, redactor),
    };
    told.map(|told| redactor.text(&told).into_owned())
}

fn handed_on(
    surface: Surface,
    outputs: &[(&str, String)],
    files: &Files,
    redactor: &Redactor,
) -> Result<String, CiError> {
    match (surface, &files.output) {
        (Surface::GitHub, Some(path)) => {
            let outputs = outputs.iter().map(|(name, value)| {
                Token::random().map(|token| github::output(name, value, &token))
            });
            let outputs = outputs.collect::<Result<String, _>>()?;
            write("list of outputs", path, &redactor.text(&outputs))?;
            Ok(String::new())
        }
        (Surface::Azure, _) => {
            Ok(outputs.iter().map(|(name, value)| azure::variable(name, value)).collect())
        }
        (Surface::Terminal | Surface::Plain | Surface::GitHub, _) => Ok(String::new()),
    }
}

fn for_github(closing: &Closing, files: &Files, redactor: &Redactor) -> Result<String, CiError> {
    handed_on(Surface::GitHub, &closing.outputs(), files, redactor)?;
    if let Some(path) = &files.summary {
        let room = SUMMARY_LIMIT.saturating_sub(size(path));
        write("summary", path, &redactor.text(&summary(closing, room)))?;
    }
    Ok(annotations(closing))
}

/// The verdict, unless it is a success, and the first failing units.
fn annotations(closing: &Closing) -> String {
    if closing.is_success() {
        return String::new();
    }
    let mut annotations = Annotations::default();
    let next = closing.next_command().map_or_else(String::new, |next| format!("\nnext: {next}"));
    let verdict = annotations.say(Level::Error, "pilotage", &(closing.words() + &next));
    let units = failing(closing).into_iter().take(MOST_UNITS);
    let units = units.map(|unit| annotations.say(Level::Error, &unit.unit, &unit.words));
    let units: String = units.collect();
    verdict + &units
}

fn for_azure(closing: &Closing, files: &Files, redactor: &Redactor) -> Result<String, CiError> {
    let mut told = handed_on(Surface::Azure, &closing.outputs(), files, redactor)?;
    if !closing.is_success() {
        told.push_str(&azure::issue(Issue::Error, &closing.words()));
        for unit in failing(closing).into_iter().take(MOST_UNITS) {
            let words = format!("{}: {}", unit.unit, unit.words);
            told.push_str(&azure::issue(Issue::Error, &words));
        }
    }
    if let Some(folder) = &files.temporary {
        // A name of its own for each, so that two runs in one job do not share a summary.
        let path = folder.join(format!("{}.md", Token::random()?));
        write("summary", &path, &redactor.text(&summary(closing, SUMMARY_LIMIT)))?;
        told.push_str(&azure::upload_summary(&path.display().to_string()));
    }
    Ok(told)
}

fn failing(closing: &Closing) -> Vec<&FailingUnit> {
    closing.timeline.as_ref().map_or_else(Vec::new, Timeline::last_words)
}

fn write(what: &'static str, path: &Path, text: &str) -> Result<(), CiError> {
    append(path, text).map_err(|source| CiError::File { what, path: path.to_path_buf(), source })
}
