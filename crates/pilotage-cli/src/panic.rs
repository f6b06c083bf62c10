//! The last words of a process that has met an error of its own making.
//!
//! A panic tells its message to whoever reads the log, and a message may quote a value. So it goes
//! through the same stream as everything else, and through the same veil.

use std::panic::PanicHookInfo;

use crate::Out;

/// Tells of panics here from now on.
pub(crate) fn tell(err: Out) {
    std::panic::set_hook(Box::new(move |info| err.mention(&words(info))));
}

fn words(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let why = info.payload_as_str().unwrap_or("it has not said why");
    format!("error: this program has a bug{place}: {why}\n  help: please report it")
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::mpsc::{Sender, channel};

    use pilotage_redact::Veil;

    use super::*;

    struct Heard(Sender<Vec<u8>>);

    impl Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_told_without_the_secret_that_it_quotes() {
        let (heard, hear) = channel();
        let veil = Veil::default();
        assert!(veil.add("KEY", b"correct horse").is_empty());
        let usual = std::panic::take_hook();
        tell(Out::new(Heard(heard), false).veiled(&veil));
        let died = std::thread::spawn(|| panic!("no such key: {}", "correct horse")).join();
        std::panic::set_hook(usual);
        assert!(died.is_err());
        let said = hear.iter().flatten().collect();
        let said = String::from_utf8(said).expect("text");
        assert!(said.contains("panic.rs") && said.contains("no such key: [secret:KEY]"), "{said}");
    }
}
