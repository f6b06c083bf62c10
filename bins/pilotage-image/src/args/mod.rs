//! The command line, exactly as it was typed. Building it needs no input or output.

mod deed;
mod image;
mod line;
mod pinned;
mod promote;
mod shelf;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pilotage_cli::ColorChoice;
use pilotage_record::event::Scope;
use pilotage_record::text::{Actor, EnvironmentName};

pub(crate) use deed::{DeedArgs, ReportFormat, Verdict};
pub(crate) use image::{CopyArgs, ResolveArgs, TagArgs};
pub(crate) use line::{LineArgs, VersionArgs};
pub(crate) use pinned::Pinned;
pub(crate) use promote::PromoteArgs;
pub(crate) use shelf::Shelf;

/// Every exit code, for the end of the help.
const EXIT_CODES: &str = "\
Exit codes:
  0  done; for `gate explain`: the gate is open
  2  the command line, the policy, the draft or a login is wrong; nothing was done
  4  unknown: the evidence or a registry could not be read; run it again
  6  refused: the gate is closed, the evidence does not prove what was asked, or a tag that must not
     move names something else";

/// Name versions and tags, record releases, sign what becomes of them, and explain their gates
///
/// A record binds commit, version, images and migrations together under one digest. Events about
/// it are signed and only ever added. A gate lets a release in if they prove what the policy asks.
#[derive(Debug, Parser)]
#[command(name = "pilotage-image", version, propagate_version = true, term_width = 100)]
#[command(after_long_help = EXIT_CODES, after_help = "Exit codes: see `--help`.")]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What holds for all verbs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Where the evidence is: a directory, or `oci://REGISTRY/REPOSITORY`
    #[arg(long, global = true, value_name = "PLACE", default_value = ".pilotage/evidence")]
    pub(crate) store: Shelf,

    /// Whom to believe, and what the gates ask
    #[arg(long, global = true, value_name = "FILE", default_value = "promotion.toml")]
    pub(crate) policy: PathBuf,

    /// Write JSON to stdout: one object
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// When to use colours; `auto` respects `NO_COLOR` and needs a terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Say which version comes next, and why, and which version a build of this commit has
    Version(VersionArgs),
    /// List the tags that a build of this commit gets: which stand still, which move, and why
    Tags(LineArgs),
    /// Print the digest that a tag names
    Resolve(ResolveArgs),
    /// Give an image a further tag in its registry
    Tag(TagArgs),
    /// Bring an image with every platform and its evidence to another place
    Copy(CopyArgs),
    /// Bring a recorded release into an environment, if its gate is open
    Promote(PromoteArgs),
    /// Make and show keys
    #[command(subcommand)]
    Key(KeyVerb),
    /// Make, show and check release records
    #[command(subcommand)]
    Record(RecordVerb),
    /// Say what became of a release
    #[command(subcommand)]
    Event(EventVerb),
    /// Ask whether a release may enter an environment
    #[command(subcommand)]
    Gate(GateVerb),
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyVerb {
    /// Make a private key in a file of its own, and print the public half
    New {
        /// The file, which must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// How the key signs
        #[arg(long, value_name = "NAME", default_value = "ed25519")]
        algorithm: KeyAlgorithm,
    },
    /// Print the public half of a private key
    Show {
        /// The file of the private key
        file: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KeyAlgorithm {
    /// Ed25519
    Ed25519,
    /// ECDSA on P-256 with SHA-256
    EcdsaP256,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecordVerb {
    /// Record a release, vouch for it with a signature, and keep it
    Create {
        /// What to record; images are read from OCI layouts, outputs from directories
        #[arg(long, value_name = "FILE")]
        draft: PathBuf,
        /// Bind the versions that an environment's secrets have, as `pilotage-secret check
        /// --write-pins` has written them; may be repeated, once for each environment
        #[arg(long, value_name = "ENV=FILE")]
        secrets: Vec<Pinned>,
        /// Write the record into this file as well
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        pen: Pen,
    },
    /// Print a record
    Show {
        #[command(flatten)]
        which: Which,
        /// Write the record itself into this file, for `pilotage-secret check --since` and others
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check a record and all that was said about it, from files alone
    Verify {
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventVerb {
    /// Add a signed event to the end of its chain
    Add {
        #[command(flatten)]
        which: Which,
        /// The chain: an environment, or `release`
        #[arg(long, value_name = "NAME", default_value = "release")]
        scope: Scope,
        /// The number of the lease under which it was done
        #[arg(long, value_name = "NUMBER")]
        fence: Option<u64>,
        #[command(flatten)]
        pen: Pen,
        #[command(subcommand)]
        deed: DeedArgs,
    },
    /// Print what became of a release, chain by chain
    List {
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum GateVerb {
    /// Print each rule, what it rests on, and what would make it pass
    Explain {
        #[command(flatten)]
        which: Which,
        /// The environment that it wants to enter
        #[arg(long, short, value_name = "NAME")]
        env: EnvironmentName,
        /// Let an older release in, on purpose
        #[arg(long)]
        going_back: bool,
        /// Sign the verdict as a verification summary for this address, and keep it
        #[arg(long, value_name = "URI", requires = "key")]
        summary_for: Option<String>,
        /// The private key that signs the summary
        #[arg(long, value_name = "FILE", requires = "summary_for")]
        key: Option<PathBuf>,
    },
}

/// Which release.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    /// The record: its id, or its file
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
}

/// Who signs.
#[derive(Debug, Clone, Args)]
pub(crate) struct Pen {
    /// The private key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Who says so
    #[arg(long, value_name = "ACTOR")]
    pub(crate) by: Actor,
}
