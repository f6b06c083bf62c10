//! From the command line to an exit code.

use std::ffi::OsString;
use std::process;

use clap::Parser as _;
use pilotage_cli::{Io, explain};
use pilotage_rollout::ExitCode;
use tokio::runtime::{Builder, Runtime};

use crate::args::lint::LintArgs;
use crate::args::lock::LockVerb;
use crate::args::place::{PlaceArgs, ShowArgs, WhatArgs};
use crate::args::worker::WorkerArgs;
use crate::args::{Cli, Verb};
use crate::ending::Ending;
use crate::failure::Failure;
use crate::place::Place;
use crate::program::SelfCall;
use crate::settings::Settings;
use crate::surroundings;
use crate::verb;
use crate::voice::Voice;

/// The program with these arguments, of which the first is its name. The leading ones are those
/// that make the file of this process this program.
pub fn main(args: impl IntoIterator<Item = OsString>, leading: &[&str]) -> process::ExitCode {
    let io = Io::of_this_process();
    let code = match Cli::try_parse_from(args) {
        Ok(Cli { verb: Verb::Warden(args) }) => return verb::warden::warden(&args),
        Ok(cli) => perform(&cli.verb, leading, &io),
        Err(error) if error.use_stderr() => {
            io.err.mention(error.to_string().trim_end());
            ExitCode::Usage
        }
        Err(help) => {
            io.out.mention(help.to_string().trim_end());
            ExitCode::Success
        }
    };
    process::ExitCode::from(u8::from(code))
}

fn perform(verb: &Verb, leading: &[&str], io: &Io) -> ExitCode {
    // The words of a worker are for its log; no runner reads along there.
    let runner = surroundings::surface(false).runner().filter(|_| !matches!(verb, Verb::Worker(_)));
    if let Some(runner) = runner {
        io.tell_runner(runner);
    }
    let started = || {
        let lost = |source| Failure::System { what: "find itself", source };
        let call = SelfCall::of_this_process(leading).map_err(lost)?;
        let dead = |source| Failure::System { what: "begin", source };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(dead)?;
        Ok(Stage { call, runtime, io })
    };
    match started() {
        Ok(stage) => stage.perform(verb),
        Err(failure) => complain(&failure, io),
    }
}

/// What every verb stands on.
struct Stage<'a> {
    call: SelfCall,
    runtime: Runtime,
    io: &'a Io,
}

impl Stage<'_> {
    fn perform(&self, verb: &Verb) -> ExitCode {
        match verb {
            Verb::Lint(args) => lint(args, self.io),
            Verb::Run(args) => self.ended(args.show, self.flags(&args.place, &args.what), {
                async |place, voice| verb::run::run(args, place, voice, self.io).await
            }),
            Verb::Exec(args) => {
                let command = args.command.clone();
                let what = WhatArgs { command, ..WhatArgs::default() };
                self.ended(args.show, self.flags(&args.place, &what), {
                    async |place, voice| verb::exec::exec(args, place, voice).await
                })
            }
            Verb::Status(args) => {
                let what = WhatArgs { paths: args.paths.clone(), ..WhatArgs::default() };
                self.shown(args.show, self.flags(&args.place, &what), {
                    async |place, voice| verb::status::status(place, voice).await
                })
            }
            Verb::Lock(args) => self.lock(&args.verb),
            Verb::Repair(args) => {
                let what = WhatArgs { paths: args.paths.clone(), ..WhatArgs::default() };
                self.shown(args.show, self.flags(&args.place, &what), {
                    async |place, voice| verb::repair::repair(args, place, voice).await
                })
            }
            Verb::Completions(args) => self.told(verb::about::completions(args, self.io)),
            Verb::Man(args) => self.told(verb::about::man(args, self.io)),
            Verb::Worker(args) => self.worker(args),
            // It needs none of this, and must not have threads.
            Verb::Warden(_) => ExitCode::Usage,
        }
    }

    fn lock(&self, verb: &LockVerb) -> ExitCode {
        match verb {
            LockVerb::Show(args) => self.shown(args.show, self.lease(&args.place), {
                async |place, voice| verb::lock::show(place, voice).await
            }),
            LockVerb::Create(args) => self.shown(args.show, self.lease(&args.place), {
                async |place, voice| verb::lock::create(place, voice).await
            }),
            LockVerb::Hold(args) => self.shown(args.show, self.lease(&args.place), {
                async |place, voice| verb::lock::hold(args, place, voice).await
            }),
            LockVerb::Release(args) => self.shown(args.show, self.lease(&args.place), {
                async |place, voice| verb::lock::release(args, place, voice).await
            }),
        }
    }

    fn worker(&self, args: &WorkerArgs) -> ExitCode {
        let settings = Settings::of_worker(&args.place, &args.what, args.folder.clone());
        match settings.and_then(|settings| self.open(settings)) {
            Ok(place) => self.runtime.block_on(verb::worker::worker(args, &place, &self.io.out)),
            Err(failure) => complain(&failure, self.io),
        }
    }

    fn flags(&self, place: &PlaceArgs, what: &WhatArgs) -> Result<Place, Failure> {
        self.open(Settings::of_flags(place, what)?)
    }

    /// The place of a verb that is about the lease alone.
    fn lease(&self, place: &PlaceArgs) -> Result<Place, Failure> {
        self.open(Settings::of_flags(place, &WhatArgs::default())?.for_the_lease())
    }

    /// Composes it, after what it knows to be secret cannot be told any more.
    fn open(&self, settings: Settings) -> Result<Place, Failure> {
        let veil = self.io.veil().clone();
        for unmasked in surroundings::conceal(&veil, &settings.secrets) {
            self.io.err.mention(&format!("warning: {unmasked}"));
        }
        self.runtime.block_on(Place::open(settings, self.call.clone(), veil))
    }

    /// A verb that ends in an ending.
    fn ended(
        &self,
        show: ShowArgs,
        place: Result<Place, Failure>,
        verb: impl AsyncFnOnce(&Place, &Voice) -> Result<Ending, Failure>,
    ) -> ExitCode {
        self.shown(show, place, async |place, voice| Ok(voice.end(&verb(place, voice).await?)))
    }

    /// A verb that shows what was asked for.
    fn shown(
        &self,
        show: ShowArgs,
        place: Result<Place, Failure>,
        verb: impl AsyncFnOnce(&Place, &Voice) -> Result<ExitCode, Failure>,
    ) -> ExitCode {
        let voice = Voice::new(self.io, show);
        match place {
            Err(failure) => voice.fail(&failure),
            Ok(place) => {
                let done = self.runtime.block_on(verb(&place, &voice));
                done.unwrap_or_else(|failure| voice.fail(&failure))
            }
        }
    }

    fn told(&self, done: Result<ExitCode, Failure>) -> ExitCode {
        done.unwrap_or_else(|failure| complain(&failure, self.io))
    }
}

fn lint(args: &LintArgs, io: &Io) -> ExitCode {
    verb::lint::lint(args, io).unwrap_or_else(|failure| {
        let colour = args.color.applies(io.err.is_terminal(), io.no_color);
        io.err.mention(&explain(&failure, &failure.help(), colour));
        failure.exit_code()
    })
}

fn complain(failure: &Failure, io: &Io) -> ExitCode {
    io.err.mention(&explain(failure, &failure.help(), false));
    failure.exit_code()
}
