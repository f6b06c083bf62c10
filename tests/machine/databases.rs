//! Migrations in real databases, through the binary: what goes well, and everything that does not.

use std::process::{Child, Command, Output, Stdio};

use pilotage_testkit::real;
use pilotage_testkit::wait::until;
use rehearsal::migrations::database::Database;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::tool::pilotage;

const POSTGRES: (&str, &str) = ("postgres", "PILOTAGE_TEST_POSTGRES");
const MARIADB: (&str, &str) = ("mariadb", "PILOTAGE_TEST_MARIADB");

/// A database of its own, and a folder for migrations.
struct Yard {
    runtime: Runtime,
    database: Database,
    folder: TempDir,
}

struct Left {
    code: Option<i32>,
    all: String,
}

#[expect(clippy::disallowed_methods, reason = "the address of a test's system is in a file")]
fn address((system, variable): (&str, &str)) -> Option<String> {
    let file = real::require(system, variable)?;
    Some(std::fs::read_to_string(file).expect("it is there").trim().to_owned())
}

impl Yard {
    fn new(system: (&str, &str)) -> Option<Self> {
        let address = address(system)?;
        let runtime = Runtime::new().expect("a runtime");
        let database = runtime.block_on(Database::make(&address, fastrand::u64(..)));
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self { runtime, database: database.expect("a database"), folder })
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let folder = self.folder.path().join("db");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(name), bytes).expect("a file");
    }

    #[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
    fn command(&self, address: &str, args: &[&str]) -> Command {
        let mut command = Command::new(pilotage());
        // The flags stand before whatever comes after two dashes.
        let at = args.iter().position(|arg| *arg == "--").unwrap_or(args.len());
        let (verb, rest) = args.split_at(at);
        command.arg("migrate").args(verb).current_dir(self.folder.path());
        for name in ["CI", "GITHUB_ACTIONS", "TF_BUILD"] {
            command.env_remove(name);
        }
        command.env("XDG_STATE_HOME", self.folder.path().join("state")).env("SHOP_URL", address);
        command.args(["--server", self.database.server(), "--database", "SHOP_URL"]).args(rest);
        command.stdin(Stdio::null());
        command
    }

    fn at(&self, address: &str, args: &[&str]) -> Left {
        let Output { status, stdout, stderr } =
            self.command(address, args).output().expect("it runs");
        let all = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Left { code: status.code(), all: all.concat() }
    }

    fn run(&self, args: &[&str]) -> Left {
        self.at(self.database.address(), args)
    }

    fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(self.database.address(), args);
        command.stdout(Stdio::null()).stderr(self.create("said")).spawn().expect("it starts")
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    fn create(&self, name: &str) -> std::fs::File {
        std::fs::File::create(self.folder.path().join(name)).expect("a file")
    }

    /// What the last job that was started has said to people.
    #[expect(clippy::disallowed_methods, reason = "a test reads what programs have left")]
    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    fn touch(&self, name: &str) {
        std::fs::write(self.folder.path().join(name), "").expect("a file");
    }

    fn number(&self, text: &str) -> i64 {
        self.runtime.block_on(self.database.number(text)).expect("a number")
    }

    fn ask(&self, text: &str) {
        let asked = self.database.ask(self.database.address(), text);
        self.runtime.block_on(asked).expect("it is done");
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        until(what, is_so, || self.run(&["status"]).all);
    }
}

impl Drop for Yard {
    fn drop(&mut self) {
        // A database that stays behind goes with its server.
        let _ = self.runtime.block_on(self.database.drop_it());
    }
}

impl Left {
    #[track_caller]
    fn expect(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.all);
        for word in words {
            assert!(self.all.contains(word), "`{word}` in {}", self.all);
        }
        assert!(!self.all.contains(":pilotage@"), "no password: {}", self.all);
    }
}

#[test]
fn files_are_applied_once_and_told() {
    for system in [POSTGRES, MARIADB] {
        let Some(yard) = Yard::new(system) else { continue };
        yard.write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        yard.run(&["status", "db"]).expect(0, &["it was never taken", "V1__a.sql: not applied"]);
        yard.run(&["run", "db"]).expect(0, &["`V1__a.sql`: applied"]);
        yard.run(&["run", "db"]).expect(0, &["unchanged"]);
        yard.write("V2__b.sql", "ALTER TABLE a ADD COLUMN name int;");
        yard.run(&["run", "db"]).expect(0, &["`V2__b.sql`: applied"]);
        yard.run(&["status", "db"]).expect(0, &["free; last: applied", "V2__b.sql: applied"]);
        yard.write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY, more int);");
        yard.run(&["run", "db"]).expect(6, &["was changed after it was applied"]);
    }
}

#[test]
fn a_command_has_the_database_to_itself() {
    for system in [POSTGRES, MARIADB] {
        let Some(yard) = Yard::new(system) else { continue };
        let script = "touch begun; until [ -e go ]; do sleep 0.02; done";
        let mut first = yard.start(&["exec", "--", "sh", "-c", script]);
        yard.until("the first", || yard.folder.path().join("begun").exists());
        yard.run(&["exec", "--wait", "1s", "--", "true"]).expect(5, &["the lease is taken"]);
        // Even a lease that is kept elsewhere does not help: there is the session lock.
        let elsewhere = ["exec", "--wait", "1s", "--lease", "file", "--", "true"];
        yard.run(&elsewhere).expect(5, &["holds the lock of this database"]);
        yard.touch("go");
        assert!(first.wait().expect("it ends").success());
        yard.run(&["exec", "--", "echo", "has-run"]).expect(0, &["has-run", "applied"]);
    }
}

#[test]
fn what_is_broken_stops_before_anything_is_begun() {
    for system in [POSTGRES, MARIADB] {
        let Some(yard) = Yard::new(system) else { continue };
        for (bytes, words) in [
            (b"CREATE TABEL a (id int);".to_vec(), "V1__a.sql"),
            (b"CREATE TABLE a (name text DEFAULT '\xe4\xf6');".to_vec(), "UTF-8"),
            (vec![b' '; 50 << 20], "V1__a.sql"),
            (b"ALTER TABLE a DROP COLUMN b;".to_vec(), "drop-column"),
        ] {
            yard.write("V1__a.sql", &bytes);
            yard.run(&["run", "db"]).expect(6, &[words]);
        }
        yard.run(&["lock", "show"]).expect(0, &["it was never taken"]);
    }
}

#[test]
fn what_the_server_refuses_is_told_in_its_words_and_gone_on_with_once_it_is_mended() {
    for system in [POSTGRES, MARIADB] {
        let Some(yard) = Yard::new(system) else { continue };
        yard.write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        yard.write("V2__b.sql", "INSERT INTO nowhere VALUES (1);");
        yard.run(&["run", "--fail-on", "never", "db"])
            .expect(1, &["`V2__b.sql` failed", "nowhere"]);
        yard.run(&["status", "db"])
            .expect(0, &["V1__a.sql: applied", "V2__b.sql: step 1 of 1 failed"]);
        yard.write("V2__b.sql", "INSERT INTO a VALUES (1);");
        yard.run(&["run", "--fail-on", "never", "db"]).expect(0, &["`V2__b.sql`: applied"]);
        assert_eq!(yard.number("SELECT count(*) FROM a"), 1);
    }
}

/// A migration that hangs, in the words of each server.
fn hanging(system: (&str, &str)) -> &'static str {
    if system == POSTGRES { "SELECT pg_sleep(600);" } else { "DO sleep(600);" }
}

/// Ends the session that hangs, as a server does that goes away.
fn cut(yard: &Yard, system: (&str, &str)) {
    if system == POSTGRES {
        yard.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \
             current_database() AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()",
        );
        return;
    }
    let id = yard.number(
        "SELECT max(id) FROM information_schema.processlist WHERE db = database() AND info LIKE \
         'DO sleep(600)%'",
    );
    yard.ask(&format!("KILL {id}"));
}

fn is_hanging(yard: &Yard, system: (&str, &str)) -> bool {
    let text = if system == POSTGRES {
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE \
         '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
    } else {
        "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND info LIKE \
         'DO sleep(600)%'"
    };
    yard.number(text) > 0
}

#[test]
fn a_migration_that_hangs_is_left_to_its_worker_and_a_database_that_goes_away_is_told() {
    for system in [POSTGRES, MARIADB] {
        let Some(yard) = Yard::new(system) else { continue };
        yard.write("V1__a.sql", hanging(system));
        let hung = ["run", "--fail-on", "never", "--limit", "3s", "db"];
        yard.run(&hung).expect(4, &["still at it; the next run attaches"]);
        yard.until("the hanging statement", || is_hanging(&yard, system));
        let mut next = yard.start(&["run", "--fail-on", "never", "db"]);
        // Whoever comes after the worker's end would have the migration begin, and hang, again.
        yard.until("the next job to attach", || yard.said().contains("are under way"));
        cut(&yard, system);
        assert_eq!(next.wait().expect("it ends").code(), Some(4));
        yard.run(&["lock", "show"]).expect(0, &["free; last: failed"]);
        yard.write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        // Where a step and its line are one transaction nothing of it is applied for certain, and
        // the file may change; elsewhere a person has to say so first.
        let (code, words) = if system == POSTGRES { (0, "applied") } else { (6, "was changed") };
        yard.run(&["run", "db"]).expect(code, &[words]);
    }
}

#[test]
fn an_address_that_cannot_be_used_is_told_apart_from_one_that_must_not_be() {
    for system in [POSTGRES, MARIADB] {
        let Some(yard) = Yard::new(system) else { continue };
        yard.write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        let run = |address: &str| yard.at(address, &["run", "db"]);
        let wrong = yard.database.address().replace(":pilotage@", ":another@");
        let left = run(&wrong);
        assert!(!left.all.contains("another"), "{}", left.all);
        left.expect(2, &["check the user, the password and the rights"]);
        let (head, _) = yard.database.address().rsplit_once(':').expect("a port");
        run(&format!("{head}:1/shop")).expect(4, &["cannot be reached"]);
        run("mysql://nobody").expect(2, &["`SHOP_URL` holds no address"]);
        run("").expect(2, &["`SHOP_URL` is not set, or is empty"]);
    }
}

#[test]
fn a_replica_and_a_pooler_that_shares_sessions_are_refused() {
    for (name, variable, words) in [
        ("postgres", "PILOTAGE_TEST_POSTGRES_STANDBY", "replica or read-only"),
        ("pgbouncer", "PILOTAGE_TEST_PGBOUNCER", "pooler in between shares sessions"),
    ] {
        let Some(unfit) = address((name, variable)) else { continue };
        let Some(yard) = Yard::new(POSTGRES) else { continue };
        yard.write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        yard.at(&unfit, &["run", "db"]).expect(6, &[words]);
        yard.at(&unfit, &["exec", "--lease", "file", "--", "true"]).expect(6, &[words]);
    }
}

#[test]
fn what_nobody_can_tell_is_for_a_person_to_say() {
    let Some(yard) = Yard::new(MARIADB) else { return };
    yard.write("V1__a.sql", hanging(MARIADB));
    let mut job = yard.start(&["run", "--fail-on", "never", "db"]);
    yard.until("the hanging statement", || is_hanging(&yard, MARIADB));
    cut(&yard, MARIADB);
    assert!(!job.wait().expect("it ends").success());
    let repair = ["repair", "V1__a.sql", "db", "--as", "absent"];
    yard.run(&repair).expect(0, &["0 of 1 steps applied", "not written; add `--yes`"]);
    yard.run(&[&repair[..], &["--yes", "other.sql"]].concat()).expect(6, &["names `other.sql`"]);
    yard.run(&[&repair[..], &["--yes", "V1__a.sql"]].concat()).expect(0, &["written"]);
    yard.run(&["status", "db"])
        .expect(0, &["last: repaired `V1__a.sql`", "V1__a.sql: not applied"]);
    let all = ["repair", "V1__a.sql", "db", "--as", "applied", "--yes", "V1__a.sql"];
    yard.run(&all).expect(0, &["1 of 1 steps applied"]);
    yard.run(&["run", "--fail-on", "never", "db"]).expect(0, &["unchanged"]);
    yard.run(&["repair", "V9.sql", "db", "--as", "applied"]).expect(6, &["no migration `V9.sql`"]);
}
