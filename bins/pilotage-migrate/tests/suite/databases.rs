//! Real databases that cannot be used, or that go away: said as what they are, with what helps.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use pilotage_testkit::real;

use crate::place::{Left, Place, is_there};
use crate::stores::{read, unique};

/// A place from which a server is used.
pub(crate) struct Quay {
    pub(crate) place: Place,
    server: &'static str,
    name: String,
    address: String,
}

impl Quay {
    fn new(server: &'static str, address: String) -> Self {
        Self { place: Place::new(), server, name: unique("quay"), address }
    }

    fn of(system: &str, variable: &str, server: &'static str) -> Option<Self> {
        Some(Self::new(server, read(&real::require(system, variable)?)))
    }

    /// One for each kind of server.
    pub(crate) fn each() -> Vec<Self> {
        let postgres = Self::of("postgres", "PILOTAGE_TEST_POSTGRES", "postgres@15");
        let mariadb = Self::of("mariadb", "PILOTAGE_TEST_MARIADB", "mariadb@10.11");
        [postgres, mariadb].into_iter().flatten().collect()
    }

    /// These words, with those that say which database.
    pub(crate) fn words<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        let at = words.iter().position(|word| *word == "--").unwrap_or(words.len());
        let (verb, rest) = words.split_at(at);
        let own = ["--database", "SHOP_URL", "--server", self.server, "--name", &self.name];
        [verb, &own, rest].concat()
    }

    pub(crate) fn variables(&self) -> [(&'static str, &str); 1] {
        [("SHOP_URL", &self.address)]
    }

    fn run(&self, words: &[&str]) -> Left {
        let mut command = self.place.command(&self.words(words));
        Left::of(command.envs(self.variables()).output().expect("it runs"))
    }

    /// A lease in the database and one elsewhere, for statements and for a program.
    fn is_refused(&self, code: u8, words: &[&str]) {
        self.place.write("1.sql", "create table never (id int);\n");
        for verb in [
            &["exec", "--", "touch", "ran"][..],
            &["exec", "--lease", "file", "--", "touch", "ran"],
            &["run", "--lease", "file", "1.sql"],
        ] {
            self.run(verb).expect(code.into(), words);
        }
        assert!(!self.place.path("ran").exists(), "nothing was begun");
    }

    /// The same server, with something else in its address.
    fn but(self, change: impl Fn(&str) -> String) -> Self {
        Self { address: change(&self.address), ..self }
    }
}

/// Somebody else, with another password.
fn stranger(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").expect("an address");
    let (_, host) = rest.rsplit_once('@').expect("somebody");
    format!("{scheme}://stranger:correct-horse@{host}")
}

#[test]
fn whoever_is_not_let_in_is_told_what_to_check() {
    for quay in Quay::each() {
        let quay = quay.but(stranger);
        quay.is_refused(2, &["stranger", "rights"]);
        let told = quay.run(&["status"]).expect(2, &["rights"]).all();
        assert!(!told.contains("correct-horse"), "{told}");
        assert_eq!(told.matches("stranger").count(), 1, "it is said once: {told}");
    }
}

#[test]
fn a_replica_is_told_from_a_primary() {
    for (system, variable, server) in [
        ("postgres", "PILOTAGE_TEST_POSTGRES_STANDBY", "postgres@15"),
        ("mariadb", "PILOTAGE_TEST_MARIADB_READ_ONLY", "mariadb@10.11"),
    ] {
        let Some(quay) = Quay::of(system, variable, server) else { continue };
        quay.place.write("1.sql", "create table never (id int);\n");
        let words = ["is a replica or read-only; give the address of the primary"];
        quay.run(&["exec", "--", "true"]).expect(2, &words);
        quay.run(&["run", "--lease", "file", "1.sql"]).expect(6, &words);
    }
}

#[test]
fn a_pooler_in_between_is_refused() {
    let pooler = ("pgbouncer", "PILOTAGE_TEST_PGBOUNCER");
    let Some(quay) = Quay::of(pooler.0, pooler.1, "postgres@15") else { return };
    quay.is_refused(6, &["a pooler in between", "give the direct address of the database"]);
}

#[test]
fn a_server_that_is_not_there_may_be_there_later() {
    for (scheme, server) in [("postgres", "postgres@15"), ("mysql", "mariadb@10.11")] {
        let address = format!("{scheme}://ana:correct-horse@127.0.0.1:1/shop");
        Quay::new(server, address).is_refused(4, &["Connection refused", "run it again"]);
    }
}

/// Something between a job and a server that can be cut for good.
struct Cable {
    port: u16,
    strands: Arc<Mutex<Vec<TcpStream>>>,
}

impl Cable {
    fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("bound").port();
        let strands = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&strands);
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { return };
                let mut kept = kept.lock().expect("nobody panics with it");
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone(), to.try_clone());
                    let (from, to) = (from.expect("a handle"), to.expect("a handle"));
                    kept.push(from.try_clone().expect("a handle"));
                    std::thread::spawn(move || carry(from, to));
                }
            }
        });
        Self { port: own, strands }
    }

    fn cut(&self) {
        for strand in self.strands.lock().expect("nobody panics with it").iter() {
            // One that has ended by itself is cut already.
            let _ = strand.shutdown(Shutdown::Both);
        }
    }
}

fn carry(mut from: impl Read, mut to: impl Write) {
    // An end is an end, whatever the reason.
    let _ = std::io::copy(&mut from, &mut to);
}

fn port(address: &str) -> u16 {
    let rest = address.rsplit_once("127.0.0.1:").expect("this machine").1;
    rest.split('/').next().expect("a port").parse().expect("a port")
}

#[test]
fn a_command_is_stopped_when_the_database_goes_away_and_begun_again_by_the_next_job() {
    for quay in Quay::each() {
        let direct = port(&quay.address);
        let cable = Cable::to(direct);
        let through = quay.address.replace(&format!(":{direct}/"), &format!(":{}/", cable.port));
        let script = "echo $$ > parent; exec sleep 600";
        let words = quay.words(&["exec", "--lease", "file", "--", "sh", "-c", script]);
        let mut job = quay.place.start_with("said", &words, &[("SHOP_URL", &through)]);
        quay.place.wait_for("parent", "\n");
        cable.cut();
        assert_eq!(job.ended(), Some(4), "{}", quay.place.read("said"));
        let told = quay.place.read("said");
        for words in ["the session lock was lost", "` was stopped", "run it again: it finds out"] {
            assert!(told.contains(words), "`{words}` in {told}");
        }
        assert!(!is_there(&quay.place.read("parent")), "it does not run any more");
        let again = ["exec", "--lease", "file", "--wait", "1m", "--", "echo", "at last"];
        quay.run(&again).expect(0, &["at last", "applied"]);
    }
}
