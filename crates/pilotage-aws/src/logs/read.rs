//! Reading a stream, page by page.

use aws_sdk_cloudwatchlogs::config::{Builder, Region};

use super::{LogStream, Logs};
use crate::failure::{Call, Failure, failed};

/// The most lines of a page; AWS cuts it at 1 MB as well.
const MOST: u16 = 1_000;

/// Position where to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Position the beginning.
    Beginning,
    /// So many of the last lines.
    Last(u16),
    /// Position where a page has ended.
    Mark(String),
}

/// A part of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What was said, oldest first.
    pub lines: Vec<String>,
    /// Position where to go on; the mark that was given if there is nothing new.
    pub mark: Option<String>,
}

impl Logs {
    /// A part of a stream.
    pub async fn read(&self, of: &LogStream, from: &Position) -> Result<Page, Failure> {
        let LogStream { region, group, stream } = of;
        let on = format!("the stream `{stream}` of the log group `{group}`");
        let asked = self.client.get_log_events().log_group_name(group).log_stream_name(stream);
        let asked = match from {
            Position::Beginning => asked.start_from_head(true).limit(MOST.into()),
            Position::Last(count) => {
                asked.start_from_head(false).limit((*count).clamp(1, MOST).into())
            }
            Position::Mark(mark) => asked.start_from_head(true).limit(MOST.into()).next_token(mark),
        };
        let mut asked = asked.customize();
        if let Some(region) = region {
            asked = asked.config_override(Builder::new().region(Region::new(region.clone())));
        }
        let call = Call::new("logs:GetLogEvents", on);
        let answer = asked.send().await.map_err(|error| failed(call, error))?;
        let events = answer.events.unwrap_or_default().into_iter();
        let lines = events.filter_map(|event| event.message).collect();
        Ok(Page { lines, mark: answer.next_forward_token })
    }
}
