//! What containers have said, as CloudWatch Logs answers.

use serde_json::{Value, json};

use super::answer::Refusal;
use super::fields::Fields;
use super::world::{Task, World};

/// The most lines of one answer.
const MOST: usize = 10_000;

pub(super) fn read(world: &World, body: &Value) -> Result<Value, Refusal> {
    let known = ["logGroupName", "logStreamName", "startFromHead", "limit", "nextToken"];
    let fields = Fields::of(body, &known)?;
    let place = (fields.need("logGroupName")?.to_owned(), fields.need("logStreamName")?.to_owned());
    let said = world.said.get(&place).map(Vec::as_slice).unwrap_or_default();
    let lines: Vec<&(u64, String)> = said.iter().filter(|(at, _)| *at <= world.now).collect();
    if lines.is_empty() {
        let message = "The specified log stream does not exist.";
        return Err(Refusal::new("ResourceNotFoundException", message));
    }
    let most = fields.number("limit").unwrap_or(MOST).min(MOST).min(world.log_page);
    let begin = match fields.text("nextToken") {
        Some(token) => token
            .strip_prefix("f/")
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| Refusal::invalid("The specified nextToken is invalid."))?,
        None if fields.flag("startFromHead") => 0,
        None => lines.len().saturating_sub(most),
    };
    let page = lines.iter().skip(begin).take(most);
    let events: Vec<Value> = page
        .map(|(at, text)| json!({ "timestamp": at, "message": text, "ingestionTime": at }))
        .collect();
    let end = begin + events.len();
    Ok(json!({
        "events": events, "nextForwardToken": format!("f/{end}"),
        "nextBackwardToken": format!("b/{begin}"),
    }))
}

impl World {
    /// Writes down what the containers of a task say, where its task definition says that it goes.
    pub(super) fn hear(&mut self, task: &Task, says: Vec<(u64, String, String)>) {
        for (at, container, text) in says {
            let Some(place) = self.place(task, &container) else { continue };
            self.said.entry(place).or_default().push((at, text));
        }
    }

    fn place(&self, task: &Task, container: &str) -> Option<(String, String)> {
        let definition = self.definition(&task.definition).ok()?;
        let all = definition.document.get("containerDefinitions")?.as_array()?;
        let found = all.iter().find(|one| one.get("name").is_some_and(|name| name == container))?;
        let option = |name: &str| {
            let pointer = format!("/logConfiguration/options/{name}");
            found.pointer(&pointer).and_then(Value::as_str)
        };
        let id = task.arn.rsplit('/').next()?;
        let stream = format!("{}/{container}/{id}", option("awslogs-stream-prefix")?);
        Some((option("awslogs-group")?.to_owned(), stream))
    }
}
