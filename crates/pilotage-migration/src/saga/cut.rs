//! From the statements of a file to its leaps.
//!
//! Statements that can be taken back together are one leap; a statement that the server refuses
//! within a transaction, or ends one with, is one by itself. What is not known to stay within a
//! transaction is taken for what ends it. What a file sets for its session belongs to every leap
//! that comes after it.

use pilotage_rollout::Span;

use crate::lint::StatementReport;
use crate::reading::{Budget, Transaction};
use crate::server::Server;
use crate::sql::{Chunk, Cursor, Place, Split};
use crate::{mysql, postgres};

use super::script::{Leap, Patience, Sql};
use super::sign::{Sign, Trace};

/// How often a statement is tried that did not get its locks: each time it waits for a short while.
const TRIES: u32 = 20;

/// The statements of MySQL that stay within a transaction.
const ROWS: &[&str] =
    &["INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "WITH", "VALUES", "SHOW", "EXPLAIN"];

/// Cuts a file into leaps; an error says what cannot be run, and where.
pub(super) fn leaps(
    text: &str,
    statements: &[StatementReport],
    server: Server,
) -> Result<Vec<Leap>, String> {
    let mut cut = Cut::new(text, server);
    let mut statements = statements.iter();
    for chunk in Split::new(text, server) {
        let chunk = chunk.map_err(|error| format!("{} does not end", error.what.name()))?;
        if chunk.tokens.is_empty() {
            continue;
        }
        let Some(statement) = statements.next() else {
            return Err("it was not linted to its end".into());
        };
        let Place { line, column } = statement.start;
        let place = |reason| format!("line {line}, column {column}: {reason}");
        cut.see(&chunk, statement).map_err(place)?;
    }
    cut.end();
    Ok(cut.leaps)
}

struct Cut<'a> {
    text: &'a str,
    server: Server,
    leaps: Vec<Leap>,
    /// What is taken together until now, and whether there is more in it than settings.
    together: Vec<Sql>,
    is_worth_it: bool,
    /// What the file has set until now, and until the first of those.
    settings: Vec<String>,
    before: Vec<String>,
    /// Whether the file itself began a transaction.
    in_transaction: bool,
}

/// What a statement is to a transaction.
enum Role {
    Begins,
    Commits,
    Sets,
    SetsLocally,
    Together,
    Alone,
}

impl<'a> Cut<'a> {
    const fn new(text: &'a str, server: Server) -> Self {
        Self {
            text,
            server,
            leaps: Vec::new(),
            together: Vec::new(),
            is_worth_it: false,
            settings: Vec::new(),
            before: Vec::new(),
            in_transaction: false,
        }
    }

    fn see(&mut self, chunk: &Chunk, statement: &StatementReport) -> Result<(), String> {
        let cursor = Cursor::new(self.text, &chunk.tokens, self.server.is_postgres());
        let role = self.role(cursor, statement.effect.transaction)?;
        match role {
            Role::Begins | Role::Commits => {
                self.end();
                self.in_transaction = matches!(role, Role::Begins);
            }
            Role::Alone if self.in_transaction => {
                return Err("it cannot run within the transaction that the file begins".into());
            }
            Role::Alone => {
                self.end();
                let sql = Sql { settings: self.settings.clone(), ..self.alone(cursor, statement)? };
                self.leaps.push(Leap::Alone(sql));
            }
            Role::Sets | Role::SetsLocally | Role::Together => {
                let sql = self.sql(statement);
                self.is_worth_it |= matches!(role, Role::Together);
                if matches!(role, Role::Sets) {
                    let text = sql.text.clone();
                    self.push(sql);
                    self.settings.push(text);
                } else {
                    self.push(sql);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, sql: Sql) {
        if self.together.is_empty() {
            self.before.clone_from(&self.settings);
        }
        self.together.push(sql);
    }

    /// Ends what is taken together.
    fn end(&mut self) {
        let mut together = core::mem::take(&mut self.together);
        if let Some(first) = together.first_mut() {
            first.settings = core::mem::take(&mut self.before);
        }
        if core::mem::take(&mut self.is_worth_it) {
            self.leaps.push(Leap::Together(together));
        }
    }

    fn role(&self, cursor: Cursor<'_>, transaction: Transaction) -> Result<Role, String> {
        if cursor.is_meta() {
            return Err("commands to a client reach no server here".into());
        }
        if self.server.is_postgres() {
            in_postgres(cursor, transaction)
        } else {
            in_mysql(cursor, transaction)
        }
    }

    fn alone(&self, cursor: Cursor<'_>, statement: &StatementReport) -> Result<Sql, String> {
        let is_postgres = self.server.is_postgres();
        let sign = if is_postgres { postgres::sign(cursor) } else { mysql::sign(cursor) };
        if is_postgres && sign == Sign::Nothing && cursor.until("ON").has("INDEX CONCURRENTLY") {
            return Err("an index that is built concurrently needs a name, by which it can be \
                        looked for if nobody sees the end"
                .into());
        }
        Ok(Sql { sign: unless_idle(sign), ..self.sql(statement) })
    }

    fn sql(&self, statement: &StatementReport) -> Sql {
        let span = if self.server.is_postgres() {
            statement.from..statement.to
        } else {
            with_marks(self.text, statement.from, statement.to)
        };
        let text = self.text.get(span).unwrap_or_default();
        Sql { at: statement.start, ..Sql::new(text, patience(statement.effect.budget())) }
    }
}

/// A sign without a trace would always be seen.
fn unless_idle(sign: Sign) -> Sign {
    let is_idle = |traces: &Vec<Trace>| traces.is_empty();
    match &sign {
        Sign::Seen(traces) | Sign::Each(traces) if is_idle(traces) => Sign::Nothing,
        _ => sign,
    }
}

fn in_postgres(mut cursor: Cursor<'_>, transaction: Transaction) -> Result<Role, String> {
    if transaction == Transaction::MustNot {
        return Ok(Role::Alone);
    }
    if cursor.is("COPY") && cursor.has("FROM STDIN") {
        return Err("data after `COPY ... FROM STDIN` reach no server here: use `INSERT`".into());
    }
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "BEGIN" | "START" => Ok(Role::Begins),
        "COMMIT" | "END" if cursor.is("PREPARED") => Err(OWN_TRANSACTION.into()),
        "COMMIT" | "END" => Ok(Role::Commits),
        "ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE" => Err(OWN_TRANSACTION.into()),
        "PREPARE" if cursor.is("TRANSACTION") => Err(OWN_TRANSACTION.into()),
        "DISCARD" => Err("it would give back the lock of this run".into()),
        "SET" if ["LOCAL", "CONSTRAINTS", "TRANSACTION"].iter().any(|word| cursor.is(word)) => {
            Ok(Role::SetsLocally)
        }
        "SET" | "RESET" => Ok(Role::Sets),
        _ => Ok(Role::Together),
    }
}

fn in_mysql(mut cursor: Cursor<'_>, transaction: Transaction) -> Result<Role, String> {
    let is_rows = ROWS.iter().any(|word| cursor.is(word));
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "START" => Ok(Role::Begins),
        "BEGIN" if cursor.is_end() || cursor.is("WORK") => Ok(Role::Begins),
        "COMMIT" => Ok(Role::Commits),
        "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "XA" => Err(OWN_TRANSACTION.into()),
        "LOCK" | "UNLOCK" => Err("locks of tables end every transaction, also this run's".into()),
        "SET" if cursor.source().to_lowercase().contains("autocommit") => {
            Err(OWN_TRANSACTION.into())
        }
        "SET" if cursor.is("STATEMENT") => Ok(Role::Alone),
        "SET" | "USE" => Ok(Role::Sets),
        _ if is_rows && transaction == Transaction::May => Ok(Role::Together),
        _ => Ok(Role::Alone),
    }
}

const OWN_TRANSACTION: &str = "transactions are begun and ended by this run, which writes down in each how far it is; \
     `BEGIN` and `COMMIT` around statements are understood, and nothing else";

fn patience(budget: Budget) -> Patience {
    let span = |limit: core::time::Duration| {
        Span::from_millis(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX))
    };
    Patience {
        lock: budget.lock_timeout.map(span),
        statement: budget.statement_timeout.map(span),
        tries: if budget.retries { TRIES } else { 1 },
    }
}

/// A statement with the marks around it that make a part of it a comment to other servers
/// (`/*!40101 SET ... */`): its tokens lie between them.
fn with_marks(text: &str, from: usize, to: usize) -> core::ops::Range<usize> {
    let before = text.get(..from).unwrap_or_default().trim_end();
    let before = before.trim_end_matches(|char: char| char.is_ascii_digit());
    let mark = ["/*!", "/*M!"].into_iter().find(|mark| before.ends_with(mark));
    let start = mark.map_or(from, |mark| before.len() - mark.len());
    let inside = text.get(start..to).unwrap_or_default();
    let is_open = inside.matches("/*!").count() + inside.matches("/*M!").count()
        > inside.matches("*/").count();
    let after = text.get(to..).unwrap_or_default();
    let end = after.trim_start().starts_with("*/").then(|| after.find("*/")).flatten();
    let end = end.filter(|_| is_open).map_or(to, |at| to + at + "*/".len());
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Linter, Options};
    use crate::set::Content;

    fn cut(server: &str, text: &str) -> Result<Vec<Leap>, String> {
        let server: Server = server.parse().expect("a server");
        let options = Options { server, applied_together: false, running: None };
        let mut linter = Linter::new(options);
        linter.file("1.sql", &Content::Whole(text.as_bytes().to_vec()));
        leaps(text, &linter.last().expect("a file").statements, server)
    }

    /// The leaps in short: `[a; b]` for what is together, each with what was set before.
    fn shape(server: &str, text: &str) -> Vec<String> {
        let set = |sql: &Sql| match sql.settings.as_slice() {
            [] => String::new(),
            all => format!("({}) ", all.join("; ")),
        };
        let leap = |leap: Leap| match leap {
            Leap::Together(all) => {
                let texts: Vec<&str> = all.iter().map(|sql| sql.text.as_str()).collect();
                format!("{}[{}]", all.first().map(set).unwrap_or_default(), texts.join("; "))
            }
            Leap::Alone(sql) => format!("{}{}", set(&sql), sql.text),
            Leap::Program => "a program".into(),
        };
        cut(server, text).expect("it can be run").into_iter().map(leap).collect()
    }

    #[test]
    fn postgres_takes_all_together_that_it_can() {
        let text = "create table a (i int); begin; insert into a values (1); commit;\n\
                    create index concurrently x on a (i); drop table b; drop table c";
        let leaps = [
            "[create table a (i int)]",
            "[insert into a values (1)]",
            "create index concurrently x on a (i)",
            "[drop table b; drop table c]",
        ];
        assert_eq!(shape("postgres@15", text), leaps);
    }

    #[test]
    fn mysql_takes_rows_together_and_all_else_by_itself() {
        let text = "insert into a values (1); update a set i = 2; create table b (i int);\n\
                    call fill(); frobnicate b";
        let leaps = [
            "[insert into a values (1); update a set i = 2]",
            "create table b (i int)",
            "call fill()",
            "frobnicate b",
        ];
        assert_eq!(shape("mariadb@10.11", text), leaps);
    }

    #[test]
    fn what_was_set_holds_for_all_that_follows() {
        let text = "set search_path = s; create table a (i int); set role r;\n\
                    create index concurrently x on a (i); drop table b";
        let leaps = [
            "[set search_path = s; create table a (i int); set role r]",
            "(set search_path = s; set role r) create index concurrently x on a (i)",
            "(set search_path = s; set role r) [drop table b]",
        ];
        assert_eq!(shape("postgres@15", text), leaps);
        let text = "set foreign_key_checks = 0; create table a (i int); set names utf8mb4";
        let leaps = ["(set foreign_key_checks = 0) create table a (i int)"];
        assert_eq!(shape("mysql@8", text), leaps);
    }

    #[test]
    fn what_cannot_be_run_is_refused_with_its_place() {
        for (server, text, why) in [
            ("postgres@15", "select 1;\n rollback", "line 2, column 2: transactions"),
            ("postgres@15", "begin; create index concurrently x on a (i)", "column 8: it cannot"),
            ("postgres@15", "create index concurrently on a (i)", "needs a name"),
            ("postgres@15", "discard all", "lock"),
            ("postgres@15", "\\set a b", "commands to a client"),
            ("mysql@8", "set autocommit = 0", "transactions"),
            ("mysql@8", "lock tables a write", "locks of tables"),
        ] {
            let error = cut(server, text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn executable_comments_are_sent_whole() {
        let text = "/*!40101 SET NAMES utf8 */;\n\
                    create table a (i int) /*!50100 engine = InnoDB */;";
        let leaps =
            ["(/*!40101 SET NAMES utf8 */) create table a (i int) /*!50100 engine = InnoDB */"];
        assert_eq!(shape("mysql@8", text), leaps);
    }

    #[test]
    fn each_statement_waits_as_its_kind_may() {
        let leaps =
            cut("postgres@15", "create index concurrently x on a (i); alter table a add b int")
                .expect("it can be run");
        let [Leap::Alone(index), Leap::Together(all)] = leaps.as_slice() else {
            panic!("{leaps:?}")
        };
        assert_eq!(index.patience, Patience::ENDLESS, "a short wait would leave an invalid index");
        let short = all.first().map(|sql| sql.patience).expect("one");
        assert!(short.lock.is_some_and(|lock| lock <= Span::from_secs(3)) && short.tries > 1);
    }
}
