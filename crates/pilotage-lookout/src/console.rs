//! How people see a run of a program: on a terminal, in a log, in CI, and afterwards.

use std::io::{self, Write};
use std::sync::{Arc, Weak};
use std::time::Duration;

use pilotage_ci::ci::github::Token;
use pilotage_ci::ci::{CiError, Closing, Files, finish_masked};
use pilotage_ci::console::{
    Azure, Console, GitHub, Live, Outlet, Palette, Plain, Scene, View as Shown,
};
use pilotage_ci::surface::Surface;
use pilotage_ci::timeline::{Invocation, Timeline};
use pilotage_cli::{Chronicle, Lookout, Out, PlainLookout, Receiver, View};
use pilotage_driver::role::{Clock, News, Notifier, SystemClock, Watcher};
use pilotage_redact::Veil;

use crate::announcer;
use crate::surroundings::variable;

/// How often a terminal is redrawn though nothing happened, so that the clock on it moves.
const REDRAW: Duration = Duration::from_millis(250);
/// How often a log is looked at for whether it was silent for too long.
const GLANCE: Duration = Duration::from_secs(1);

/// The consoles of people and CI.
#[derive(Debug, Clone, Copy)]
pub struct CiLookout {
    /// What people type to run the program again.
    program: &'static str,
}

impl CiLookout {
    /// For the program of this name.
    pub const fn new(program: &'static str) -> Self {
        Self { program }
    }

    fn again(self, options: &str) -> Invocation {
        Invocation::new(self.program, options)
    }
}

impl Lookout for CiLookout {
    fn watcher(&self, view: &View) -> Arc<dyn Watcher> {
        let surface = Surface::detect(variable, view.err.is_terminal());
        // Without a thread for the console, lines are written as they come.
        let Ok(outlet) = Outlet::new(Pipe(view.err.clone())) else {
            return PlainLookout.watcher(view);
        };
        let console = Arc::new(Console::new(shown(surface, view), outlet));
        tick(&console, if surface == Surface::Terminal { REDRAW } else { GLANCE });
        let veil = view.err.veil().clone();
        Arc::new(Bridge { console, surface, again: self.again(&view.options), veil })
    }

    fn notifier(&self, receivers: &[Receiver], view: &View) -> Arc<dyn Notifier> {
        announcer::of(receivers, self.again(&view.options), &view.err)
    }

    fn report(&self, run: &Chronicle, options: &str) -> String {
        match Timeline::replay(run.records()) {
            Ok(timeline) => pilotage_ci::report::report(&timeline, &self.again(options)),
            Err(_) => PlainLookout.report(run, options),
        }
    }

    fn fit(&self, text: &str, err: &Out) -> String {
        pilotage_ci::ci::fit(Surface::detect(variable, err.is_terminal()), text)
    }
}

fn shown(surface: Surface, view: &View) -> Box<dyn Shown> {
    let palette = if view.color { Palette::Colour } else { Palette::Mono };
    match surface {
        _ if view.quiet => Box::new(Mute),
        Surface::Terminal => Box::new(Live::new(palette)),
        Surface::Plain => Box::new(Plain::default()),
        Surface::GitHub => Box::new(GitHub::new(Token::random)),
        Surface::Azure => Box::new(Azure::new()),
    }
}

/// Lets the console know that time passes, for as long as there is one.
fn tick(console: &Arc<Console>, every: Duration) {
    let console: Weak<Console> = Arc::downgrade(console);
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        let (clock, mut ticks) = (SystemClock::new(), tokio::time::interval(every));
        loop {
            ticks.tick().await;
            let Some(console) = console.upgrade() else { return };
            console.tick(clock.now());
        }
    });
}

/// Shows nothing; the timeline is kept all the same, for what CI is told at the end.
#[derive(Debug)]
struct Mute;

impl Shown for Mute {
    fn show(&mut self, _: Scene<'_>) -> String {
        String::new()
    }
}

/// A console, and CI at the end of the run.
#[derive(Debug)]
struct Bridge {
    console: Arc<Console>,
    surface: Surface,
    again: Invocation,
    veil: Veil,
}

impl Watcher for Bridge {
    fn see(&self, news: &News<'_>) {
        self.console.see(news);
        if let News::Ended { run, verdict } = news {
            let closing = Closing {
                again: self.again.clone(),
                run: (*run).clone(),
                verdict: (*verdict).clone(),
                timeline: self.console.timeline(),
            };
            self.console.write(self.told(&closing));
        }
    }
}

impl Bridge {
    /// What is printed for CI; what it could not be told is no reason to fail.
    fn told(&self, closing: &Closing) -> String {
        finish_masked(self.surface, closing, &Files::detect(variable), &self.veil.redactor())
            .unwrap_or_else(|error: CiError| format!("warning: {error}\n"))
    }
}

/// The stream of the command line, as a writer.
#[derive(Debug)]
struct Pipe(Out);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(&String::from_utf8_lossy(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
