//! All that one process knows to be secret, shared by all of its sinks.
//!
//! Secrets are learnt late: from the environment when the process begins, from a configuration, from
//! a store. A veil grows, and every sink that has a clone of it masks what was learnt since. A CI
//! runner is such a sink too: it masks what it is told of in whatever others write during the job.

use core::fmt::{self, Debug, Formatter};
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::environment::is_secret;
use crate::redactor::Redactor;
use crate::runner::{Command, Runner, Told};
use crate::secrets::{Secrets, Unmasked};

/// All that one process knows to be secret; clones are the same veil.
#[derive(Clone, Default)]
pub struct Veil {
    shared: Arc<RwLock<Known>>,
}

#[derive(Default)]
struct Known {
    values: Vec<(String, Zeroizing<Vec<u8>>)>,
    redactor: Redactor,
    told: Option<Told>,
}

impl Veil {
    /// A veil over the variables of an environment that hold a secret, as far as their names or the
    /// form of their values tell.
    pub fn over<'v>(variables: impl IntoIterator<Item = (&'v str, &'v str)>) -> Self {
        let veil = Self::default();
        veil.look_over(variables);
        veil
    }

    /// Learns those of these variables that hold a secret, as far as can be told.
    pub fn look_over<'v>(&self, variables: impl IntoIterator<Item = (&'v str, &'v str)>) {
        let secrets = variables.into_iter().filter(|(name, value)| is_secret(name, value));
        // Nobody has called them secrets, so that there is nobody to warn.
        let secrets = secrets.map(|(name, value)| (name, value.as_bytes()));
        let _short = self.change(|known| known.keep(secrets));
    }

    /// Tells a runner of whatever is added from now on: before it can be shown, and each line once.
    ///
    /// **Each line holds a secret**, and may go nowhere but to the runner. What the process has found
    /// in its environment and nobody has added is not told, for it came from the job itself.
    pub fn tell(&self, runner: Runner, tell: impl Fn(&Command) + Send + Sync + 'static) {
        self.change(|known| known.told = Some(Told::new(runner, tell)));
    }

    /// Masks this value from now on, under a name that may be shown, and says what of it cannot be
    /// masked.
    pub fn add(&self, name: &str, value: &[u8]) -> Vec<Unmasked> {
        self.learn([(name, value)])
    }

    /// The same for many, which costs less than one after the other.
    pub fn learn<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v [u8])>,
    ) -> Vec<Unmasked> {
        let values: Vec<(&str, &[u8])> = values.into_iter().collect();
        let (mut unmasked, news) = self.change(|known| {
            let unmasked = known.keep(values.iter().copied());
            (unmasked, known.told.as_mut().map(|told| told.news(&values)))
        });
        if let Some(news) = news {
            // Nobody waits for a runner that does not read but whoever tells it.
            unmasked.extend(news.tell());
        }
        unmasked
    }

    fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        // Nothing is half done where a panic could have happened: the redactor is replaced whole.
        change(&mut self.shared.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// What masks all that is known now.
    pub fn redactor(&self) -> Redactor {
        self.shared.read().unwrap_or_else(PoisonError::into_inner).redactor.clone()
    }

    /// A text that is whole, without any of them.
    pub fn cover(&self, text: &str) -> String {
        self.redactor().text(text).into_owned()
    }
}

impl Known {
    /// Masks these values from now on, and says what of them cannot be masked.
    fn keep<'v>(&mut self, values: impl IntoIterator<Item = (&'v str, &'v [u8])>) -> Vec<Unmasked> {
        let mut unmasked = Vec::new();
        for (name, value) in values {
            unmasked.extend(Secrets::new().add(name, value));
            if !self.values.iter().any(|(_, old)| old.as_slice() == value) {
                self.values.push((name.to_owned(), Zeroizing::new(value.to_vec())));
            }
        }
        let mut secrets = Secrets::new();
        for (name, value) in &self.values {
            // What cannot be masked was said above, once.
            let _said = secrets.add(name, value);
        }
        self.redactor = secrets.redactor();
        unmasked
    }
}

impl Debug for Veil {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Veil").field("redactor", &self.redactor()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Why;

    #[test]
    fn what_is_learnt_later_is_masked_by_every_clone() {
        let veil = Veil::over([("DB_PASSWORD", "correct horse"), ("PLACE", "a harbour")]);
        let sink = veil.clone();
        assert_eq!(sink.cover("correct horse in a harbour"), "[secret:DB_PASSWORD] in a harbour");
        assert!(veil.add("KEY", b"battery staple").is_empty());
        assert_eq!(sink.cover("battery staple"), "[secret:KEY]");
        assert_eq!(sink.cover("correct horse"), "[secret:DB_PASSWORD]");
        assert!(!format!("{veil:?}").contains("horse"));
    }

    fn told_of(veil: &Veil) -> Arc<std::sync::Mutex<Vec<String>>> {
        let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
        let lines = heard.clone();
        veil.tell(Runner::GitHub, move |line| {
            lines.lock().expect("sound").push(line.expose().to_owned());
        });
        heard
    }

    #[test]
    fn a_runner_is_told_of_what_is_added_and_never_twice() {
        let veil = Veil::over([("DB_PASSWORD", "correct horse")]);
        veil.add("EARLY", b"before anybody listens");
        let heard = told_of(&veil);
        veil.look_over([("API_TOKEN", "of the job itself")]);
        veil.add("URL", b"mysql://deploy:correct%20horse@db.example/shop");
        veil.clone().learn([("KEY", &b"line number one\nline number two"[..]), ("PIN", b"1234")]);
        veil.add("AGAIN", b"correct horse");
        veil.add("DB_PASSWORD", b"correct horse");
        let expected = [
            "mysql://deploy:correct%2520horse@db.example/shop",
            "correct horse",
            "correct%2520horse",
            "line number one",
            "line number two",
        ];
        let expected = expected.map(|text| format!("::add-mask::{text}"));
        assert_eq!(*heard.lock().expect("sound"), expected);
    }

    #[test]
    fn what_no_line_can_tell_a_runner_is_said() {
        let veil = Veil::default();
        assert!(veil.add("KEY", b"\xff\xfe no text").is_empty(), "it is masked here all the same");
        let heard = told_of(&veil);
        for value in [&b"\xff\xfd no text"[..], b"short\nlines"] {
            let unmasked = veil.add("OTHER", value);
            assert_eq!(unmasked.iter().map(|one| one.why).collect::<Vec<_>>(), [Why::Untellable]);
        }
        assert_eq!(veil.add("PIN", b"1234")[0].why, Why::Short);
        assert!(heard.lock().expect("sound").is_empty());
    }

    #[test]
    fn what_cannot_be_masked_is_said() {
        let veil = Veil::default();
        let unmasked = veil.add("URL", b"mysql://deploy:hush@db.example/shop");
        assert_eq!(unmasked.len(), 1, "{unmasked:?}");
        assert_eq!(veil.cover("hush: mysql://deploy:hush@db.example/shop"), "hush: [secret:URL]");
    }
}
