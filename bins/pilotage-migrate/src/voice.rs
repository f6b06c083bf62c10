//! All that a verb says. Secrets are masked before words are made fit for where they are shown, for
//! that could tear one apart; the streams mask what is left.

use pilotage_ci::ci::{azure, fit, github};
use pilotage_ci::surface::Surface;
use pilotage_cli::{Io, explain, failed};
use pilotage_migration::saga::dispatch::Watched;
use pilotage_redact::Veil;
use pilotage_rollout::ExitCode;
use serde_json::{Value, json};

use crate::args::place::ShowArgs;
use crate::ending::Ending;
use crate::failure::Failure;
use crate::surroundings;

/// What annotations are called.
const TITLE: &str = "pilotage-migrate";

/// Says what happens, where and how it is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    io: Io,
    veil: Veil,
    surface: Surface,
    json: bool,
    colour: bool,
}

impl Voice {
    pub(crate) fn new(io: &Io, show: ShowArgs) -> Self {
        let colour = show.color.applies(io.err.is_terminal(), io.no_color);
        let surface = surroundings::surface(io.err.is_terminal());
        Self { io: io.clone(), veil: io.veil().clone(), surface, json: show.json, colour }
    }

    /// A line for whoever watches.
    pub(crate) fn tell(&self, event: &str, words: &str) {
        let words = self.veil.cover(words);
        if self.json {
            self.io.out.mention(&json!({ "event": event, "words": words }).to_string());
        } else {
            self.io.err.mention(&fit(self.surface, &words));
        }
    }

    /// What a job sees of a worker.
    pub(crate) fn watched(&self, watched: &Watched) {
        let event = match watched {
            Watched::Waiting { .. } => "waiting",
            Watched::Attached { .. } => "attached",
            Watched::Started => "started",
            Watched::HandedOver => "handed_over",
            Watched::Said { .. } => "said",
        };
        self.tell(event, &watched.to_string());
    }

    /// What was asked for: an object, or the same for a person.
    pub(crate) fn show(&self, object: &Value, words: &str) -> Result<(), Failure> {
        let text = if self.json { object.to_string() } else { fit(self.surface, words) };
        self.io.out.line(&self.veil.cover(&text)).map_err(Failure::Output)
    }

    /// How it ended.
    pub(crate) fn end(&self, ending: &Ending) -> ExitCode {
        if self.json {
            let mut object = json!(ending);
            object["event"] = "finished".into();
            self.io.out.mention(&self.veil.cover(&object.to_string()));
        }
        let words = self.veil.cover(&ending.words());
        if ending.code == ExitCode::Success {
            self.io.err.mention(&fit(self.surface, &words));
        } else {
            self.complain(&words);
        }
        ending.code
    }

    /// Why nothing came of it.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        let code = failure.exit_code();
        let help = failure.help();
        if self.json {
            let object = failed(failure, &help, code).to_string();
            self.io.out.mention(&self.veil.cover(&object));
        }
        let text = self.veil.cover(&explain(failure, &help, self.colour));
        // Colours are for terminals alone, and would be taken for something hostile.
        if self.colour {
            self.io.err.mention(&text);
        } else {
            self.complain(&text);
        }
        code
    }

    /// Where there are annotations, what went wrong is one.
    fn complain(&self, words: &str) {
        let plain = fit(self.surface, words);
        let text = match self.surface {
            Surface::GitHub => {
                format!("{plain}\n{}", github::annotation(github::Level::Error, TITLE, words))
            }
            Surface::Azure => format!("{plain}\n{}", azure::issue(azure::Issue::Error, words)),
            Surface::Terminal | Surface::Plain => plain,
        };
        self.io.err.mention(text.trim_end());
    }
}
