//! What to run next, as it is typed.

use pilotage_rollout::Verdict;
use pilotage_rollout::journal::RunId;

use super::LONGEST_NAME;

/// How the program is called for the same target once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    program: String,
    options: String,
}

impl Invocation {
    /// The program, and the options that follow its verb, such as `--env prod`; perhaps none.
    pub fn new(program: &str, options: &str) -> Self {
        Self { program: program.to_owned(), options: options.trim().to_owned() }
    }

    /// What to run next after this verdict; nothing if there is nothing left to do.
    pub fn next(&self, run: &RunId, verdict: &Verdict) -> Option<String> {
        let verb = verdict.next_verb()?;
        let run = crate::text::one_line(&run.0, LONGEST_NAME);
        // A person copies this into a shell, so a name that is more than a word gets no command.
        let is_word =
            |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
        match verb {
            "resume" | "abort" if is_word(&run) => Some(format!("{} --run {run}", self.verb(verb))),
            "resume" | "abort" => None,
            verb => Some(self.verb(verb)),
        }
    }

    fn verb(&self, verb: &str) -> String {
        let Self { program, options } = self;
        if options.is_empty() {
            return format!("{program} {verb}");
        }
        format!("{program} {verb} {options}")
    }
}

/// A program that is called without options.
impl From<&str> for Invocation {
    fn from(program: &str) -> Self {
        Self::new(program, "")
    }
}
