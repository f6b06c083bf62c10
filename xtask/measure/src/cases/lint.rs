//! How long a lint of a thousand migrations takes, beside `squawk` on the same files.
//!
//! Both read the files from the disk and write a report with excerpts for people; the best of five
//! rounds counts. Ours runs inside this process, the peer as its command line, so its start-up of a
//! few milliseconds is in its number.

use std::path::{Path, PathBuf};

use pilotage_migration::Server;
use pilotage_migration::lint::{Options, lint_entries};
use pilotage_migration::render;
use pilotage_migration::set::discover;
use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::stopwatch::Stopwatch;
use pilotage_xtask::system::Host;

const FILES: usize = 1_000;
const ROUNDS: usize = 5;
/// The peer is compared in the version whose grammar is built in.
const SQUAWK: &str = "squawk-cli==2.68.0";

/// Lints generated files.
#[derive(Debug)]
pub(crate) struct Lint<'a> {
    /// The machine, for the peer.
    pub host: &'a Host,
}

impl Bench for Lint<'_> {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn about(&self) -> &'static str {
        "a thousand Postgres migrations from the disk to a report, beside the squawk command line"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let folder = tempfile::tempdir().map_err(Error::Output)?;
        let paths = generate(folder.path())?;
        let ours = best(|| lint(folder.path()))?;
        let peer = match squawk(self.host) {
            Err(reason) => Peer::Absent { name: SQUAWK.into(), reason },
            Ok(program) => {
                Peer::Measured { name: SQUAWK.into(), theirs: best(|| ask(&program, &paths))? }
            }
        };
        let measure = Measure { unit: "ms", ours };
        let case = "1000 files, 8 statements each";
        Ok(vec![Line::new(self.name(), case, measure, peer, Bar::RatioAtMost(1.0))])
    }
}

fn best(mut round: impl FnMut() -> Result<(), Error>) -> Result<f64, Error> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let stopwatch = Stopwatch::start();
        round()?;
        best = best.min(stopwatch.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(best)
}

fn lint(folder: &Path) -> Result<(), Error> {
    let failed =
        |error: &dyn std::error::Error| Error::Output(std::io::Error::other(error.to_string()));
    let server = "postgres@16".parse::<Server>().map_err(|error| failed(&error))?;
    let options = Options { server, applied_together: false, running: None };
    let entries = discover(&[folder.to_owned()]).map_err(|error| failed(&error))?;
    let report = lint_entries(&entries, options).map_err(|error| failed(&error))?;
    std::hint::black_box(render::text(&report, false));
    Ok(())
}

fn ask(program: &str, paths: &[PathBuf]) -> Result<(), Error> {
    let files = paths.iter().map(|path| path.display().to_string());
    // It ends with 1 where it finds something, as it must here.
    let command = Cmd::new(program).args(["--pg-version", "16"]).args(files);
    command.env("NO_COLOR", "1").each_line(|_| Ok(())).map(drop)
}

/// The command line of the peer, installed where that is allowed.
fn squawk(host: &Host) -> Result<String, String> {
    let folder = host.cache.join("python/squawk-cli");
    let program = folder.join("bin/squawk");
    if !program.is_file() && host.may_install {
        install(&folder).map_err(|error| error.to_string())?;
    }
    if program.is_file() {
        Ok(program.display().to_string())
    } else {
        Err(format!("`pip install {SQUAWK}` in {}", folder.display()))
    }
}

fn install(folder: &Path) -> Result<(), Error> {
    let python = folder.join("bin/python").display().to_string();
    Cmd::new("python3").args(["-m", "venv"]).args([folder.display().to_string()]).output()?;
    Cmd::new(python).args(["-m", "pip", "install", "--quiet", SQUAWK]).output().map(drop)
}

/// Files as people write them: tables, columns, indexes, constraints and rows.
fn generate(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let file = |number: usize| {
        let path = folder.join(format!("V{number}__change.sql"));
        files::write(&path, &migration(number)).map(|()| path)
    };
    (1..=FILES).map(file).collect()
}

fn migration(n: usize) -> String {
    format!(
        "-- Orders of region {n}.\n\
         CREATE TABLE orders_{n} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    \
         customer_id bigint NOT NULL REFERENCES customers (id),\n    total numeric(12, 2) NOT NULL DEFAULT 0,\n    \
         placed_at timestamptz NOT NULL DEFAULT now(),\n    CHECK (total >= 0)\n);\n\
         CREATE INDEX orders_{n}_customer ON orders_{n} (customer_id);\n\
         ALTER TABLE customers ADD COLUMN region_{n} text DEFAULT 'none';\n\
         ALTER TABLE invoices ADD CONSTRAINT order_{n} FOREIGN KEY (order_id) REFERENCES orders_{n} (id) NOT VALID;\n\
         ALTER TABLE invoices DROP COLUMN old_{n};\n\
         CREATE INDEX invoices_{n} ON invoices (lower(name), ((data ->> 'key')::int)) WHERE deleted_at IS NULL;\n\
         UPDATE invoices SET region = {n} WHERE id BETWEEN {n} AND {n} + 1000;\n\
         COMMENT ON TABLE orders_{n} IS 'orders of region {n}; see the manual';\n"
    )
}
