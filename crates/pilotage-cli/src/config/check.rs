//! Smoke checks, as the configuration says them.

use std::collections::BTreeMap;

use pilotage_config::Fault;
use pilotage_rollout::Span;

use super::outward;
use super::quantity::Length;

/// How long one attempt may take if nothing is said, and at most: the driver waits no longer.
const USUAL: Span = Span::from_secs(10);
const LONGEST: Span = Span::from_secs(30);

/// A smoke check, performed once; how often it is tried is the gate's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is done.
    pub deed: Deed,
    /// How long it may take.
    pub within: Span,
}

/// What a smoke check does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A request that the candidate must answer with a 2xx status.
    Http {
        /// What is asked for: an absolute path, perhaps with a query.
        path: String,
        /// Whether the answer must name its release, rather than only name no other.
        named: bool,
    },
    /// A command that must exit with code 0.
    Command {
        /// The program: a name, or a path from the directory of the configuration.
        program: String,
        /// Its arguments.
        args: Vec<String>,
        /// The rest of its environment.
        env: BTreeMap<String, String>,
    },
}

impl Check {
    pub(super) fn new(check: outward::Check) -> Result<Self, Fault> {
        let (deed, within, kind) = match check {
            outward::Check::Http(outward::HttpCheck { path, identity, within }) => {
                let named = matches!(identity, Some(outward::Identity::Required));
                if !is_path(&path) {
                    let fault = Fault::new("a path begins with `/` and has no blanks");
                    return Err(fault.under("path").under("http"));
                }
                (Deed::Http { path, named }, within, "http")
            }
            outward::Check::Command(outward::CommandCheck { program, args, env, within }) => {
                if program.is_empty() {
                    let fault = Fault::new("a command needs a program");
                    return Err(fault.under("program").under("command"));
                }
                (Deed::Command { program, args, env }, within, "command")
            }
        };
        let within = time_for(within).map_err(|fault| fault.under("within").under(kind))?;
        Ok(Self { deed, within })
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn time_for(within: Option<Length>) -> Result<Span, Fault> {
    match within {
        None => Ok(USUAL),
        Some(Length(span)) if span > Span::ZERO && span <= LONGEST => Ok(span),
        Some(Length(span)) => {
            let fault =
                Fault::new(format!("{span} for one attempt is not between 0 and {LONGEST}"));
            Err(fault.with_help("make more attempts instead of longer ones"))
        }
    }
}
