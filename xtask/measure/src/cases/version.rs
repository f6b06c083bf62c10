//! How long it takes to know which release a checkout contains, beside `git describe`.
//!
//! Whole processes, the median of several, on synthetic repositories that are made once and kept
//! in the cache of this machine. Each answer is compared with git's before it counts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::command::Cmd;
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::{Error, files};

use super::peer::in_turns;
use xtask::here::Here;

const COMMITS: u32 = 420_000;
const TAGS: u32 = 18_000;
const APPS: u32 = 180;
/// How many commits came after the last tag of the monorepo.
const BACK: u32 = 1_070;
const NEAR: u32 = 6;
const ROUNDS: usize = 7;
const MOST_MILLISECONDS: f64 = 10.0;

/// Describes synthetic repositories of 420,000 commits.
#[derive(Debug)]
pub(crate) struct Version<'a> {
    /// Where this runs.
    pub here: &'a Here,
}

/// One question, and how git is asked the same.
struct Case {
    name: &'static str,
    prefix: &'static str,
    peer: &'static [&'static str],
    bar: Bar,
}

const FAR: [Case; 1] = [Case {
    name: "420,000 commits, tag at the root",
    prefix: "v",
    peer: &["describe", "--long"],
    bar: Bar::RatioAtMost(1.1),
}];

const MONOREPO: [Case; 3] = [
    Case {
        name: "18,000 monorepo tags",
        prefix: "app-7/v",
        peer: &["describe", "--long"],
        bar: Bar::RatioAtMost(1.0),
    },
    Case {
        name: "18,000 monorepo tags, git is told which",
        prefix: "app-7/v",
        peer: &["describe", "--long", "--match", "app-7/v*"],
        bar: Bar::None,
    },
    Case {
        name: "tag 6 commits back",
        prefix: "near/v",
        peer: &["describe", "--long", "--match", "near/v*"],
        bar: Bar::OursAtMost(MOST_MILLISECONDS),
    },
];

impl Bench for Version<'_> {
    fn name(&self) -> &'static str {
        "version"
    }

    fn about(&self) -> &'static str {
        "which release a checkout contains: whole processes, median of seven, beside `git describe`"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let ours = self.program()?;
        let git = Cmd::new("git").args(["--version"]).output()?.trim().to_owned();
        let far = self.repository("far", |stream| annotate(stream, "v1.0.0", 1))?;
        let many = self.repository("monorepo", monorepo)?;
        let cases = FAR.iter().map(|case| (&far, case));
        let cases = cases.chain(MONOREPO.iter().map(|case| (&many, case)));
        cases.map(|(folder, case)| self.line(&ours, folder, case, &git)).collect()
    }
}

impl Version<'_> {
    fn line(&self, ours: &Path, folder: &Path, case: &Case, git: &str) -> Result<Line, Error> {
        let folder_text = folder.display().to_string();
        let ours = Cmd::new(ours.display().to_string()).args([&folder_text, case.prefix]);
        let theirs = Cmd::new("git").args(case.peer.iter().copied()).folder(folder);
        let (our_words, their_words) = (ours.output()?, theirs.output()?);
        // Without a match git describes by whichever tag is nearest, of another line.
        if case.peer.contains(&"--match") || case.prefix == "v" {
            same(&our_words, &their_words)?;
        }
        let (ours, theirs) = in_turns(ROUNDS, &ours, Some(&theirs))?;
        let peer = Peer::Measured { name: git.into(), theirs };
        Ok(Line::new(self.name(), case.name, Measure { unit: "ms", ours }, peer, case.bar))
    }

    fn program(&self) -> Result<PathBuf, Error> {
        let build = ["--package", "pilotage-git", "--example", "describe"];
        self.here.cargo("build").args(["--quiet"]).args(build).run()?;
        Ok(Workspace::load(&self.here.root)?.target.join("debug/examples/describe"))
    }

    /// The repository of this name, made if it is missing. The commit-graph is written last: one
    /// without it was not finished, and is made again.
    fn repository(&self, name: &str, tags: fn(&mut String)) -> Result<PathBuf, Error> {
        let folder = self.here.host.cache.join("bench-version");
        let done = folder.join(format!("{name}.git"));
        if done.join("objects/info/commit-graph").is_file() {
            return Ok(done);
        }
        files::remove_folder(&done)?;
        let stream = folder.join(format!("{name}.stream"));
        files::write(&stream, &history(tags))?;
        let text = done.display().to_string();
        Cmd::new("git").args(["init", "--quiet", "--bare", "-b", "main", &text]).run()?;
        let git = |args: &[&str]| Cmd::new("git").args(args.iter().copied()).folder(&done);
        git(&["fast-import", "--quiet"]).input(&stream).run()?;
        git(&["pack-refs", "--all"]).run()?;
        files::remove(&stream)?;
        git(&["commit-graph", "write", "--reachable"]).run()?;
        Ok(done)
    }
}

/// Ours is `TAG DISTANCE ID`, theirs `TAG-DISTANCE-gID`.
fn same(ours: &str, theirs: &str) -> Result<(), Error> {
    let mut words = ours.split_whitespace();
    let start = format!("{}-{}-g", words.next().unwrap_or(""), words.next().unwrap_or(""));
    if theirs.starts_with(&start) {
        return Ok(());
    }
    Err(Error::Malformed {
        what: "describe".into(),
        why: format!("it says `{}`, and git `{}`", ours.trim(), theirs.trim()),
        hint: "one of the two is wrong, so their times are worth nothing",
    })
}

/// A line of commits in which every twentieth merges a commit from the side.
fn history(tags: fn(&mut String)) -> String {
    let mut stream = String::new();
    for at in 1..=COMMITS {
        let parents = match (at, at % 20) {
            (1, _) => String::new(),
            (_, 15) => format!("from :{}\n", at - 5),
            (_, 16) => format!("from :{}\n", at - 2),
            (_, 0) => format!("from :{}\nmerge :{}\n", at - 1, at - 5),
            _ => format!("from :{}\n", at - 1),
        };
        let time = 1_600_000_000 + at * 60;
        let _fits = write!(
            stream,
            "commit refs/heads/main\nmark :{at}\ncommitter A <a@b.c> {time} +0000\n\
             data 7\nfeat: x\n{parents}\n"
        );
    }
    tags(&mut stream);
    stream
}

fn monorepo(stream: &mut String) {
    let apart = (COMMITS - BACK) / TAGS;
    for index in 0..TAGS {
        let name = format!("app-{}/v1.{}.0", index % APPS, index / APPS);
        annotate(stream, &name, COMMITS - BACK - (TAGS - 1 - index) * apart);
    }
    annotate(stream, "near/v1.0.0", COMMITS - NEAR);
}

fn annotate(stream: &mut String, name: &str, at: u32) {
    let _fits =
        write!(stream, "tag {name}\nfrom :{at}\ntagger A <a@b.c> 1700000000 +0000\ndata 0\n\n");
}
