//! By what a statement is known to be applied that ends any transaction.

use crate::saga::sign::{Name, Object, Sign, Trace};
use crate::sql::Cursor;

/// Reads a statement from its beginning.
pub(crate) fn sign(mut cursor: Cursor<'_>) -> Sign {
    let word = cursor.word();
    cursor.advance();
    let seen = match word.as_str() {
        "CREATE" if cursor.eat("OR REPLACE") => return replaced(cursor),
        "CREATE" => create(cursor),
        "DROP" => return dropped(cursor),
        "RENAME" => return renamed(cursor),
        "ALTER" => alter(cursor),
        "ANALYZE" | "OPTIMIZE" | "CHECK" => return Sign::Again { over: None },
        "CALL" | "DO" | "EXECUTE" | "BEGIN" | "LOAD" => return Sign::Half,
        _ => None,
    };
    seen.map_or(Sign::Nothing, Sign::Seen)
}

fn name(cursor: &mut Cursor<'_>) -> Option<Name> {
    cursor.qualified().map(|(schema, name)| Name { schema, name })
}

/// A view or a routine is the same however often it is replaced; a table loses its rows.
fn replaced(mut cursor: Cursor<'_>) -> Sign {
    if cursor.eat_any(&["TABLE", "TEMPORARY", "SEQUENCE"]).is_some() {
        return Sign::Nothing;
    }
    Sign::Again { over: None }
}

fn create(mut cursor: Cursor<'_>) -> Option<Vec<Trace>> {
    if cursor.eat_any(&["UNIQUE", "FULLTEXT", "SPATIAL"]).is_some() || cursor.is("INDEX") {
        return create_index(cursor);
    }
    let rows = cursor.has("SELECT");
    match cursor.eat_any(&["TABLE", "VIEW", "SEQUENCE"])? {
        // The table may be there before its rows are.
        "TABLE" if rows => None,
        _ => {
            cursor.eat("IF NOT EXISTS");
            Some(vec![Trace::present(Object::Table(name(&mut cursor)?))])
        }
    }
}

fn create_index(mut cursor: Cursor<'_>) -> Option<Vec<Trace>> {
    cursor.eat("INDEX");
    cursor.eat("IF NOT EXISTS");
    let index = name(&mut cursor)?;
    let mut table = cursor.find("ON")?;
    Some(vec![Trace::present(Object::Index { table: Some(name(&mut table)?), index })])
}

fn dropped(mut cursor: Cursor<'_>) -> Sign {
    let traces = match cursor.eat_any(&["TABLES", "TABLE", "VIEW", "SEQUENCE", "INDEX"]) {
        Some("INDEX") => return drop_index(cursor).map_or(Sign::Nothing, Sign::Seen),
        Some(_) => drop_tables(cursor),
        None => None,
    };
    traces.map_or(Sign::Nothing, Sign::Each)
}

fn drop_index(mut cursor: Cursor<'_>) -> Option<Vec<Trace>> {
    cursor.eat("IF EXISTS");
    let index = name(&mut cursor)?;
    let mut table = cursor.find("ON")?;
    Some(vec![Trace::absent(Object::Index { table: Some(name(&mut table)?), index })])
}

fn drop_tables(mut cursor: Cursor<'_>) -> Option<Vec<Trace>> {
    cursor.eat("IF EXISTS");
    let gone = |mut part: Cursor<'_>| Some(Trace::absent(Object::Table(name(&mut part)?)));
    cursor.split_commas().into_iter().map(gone).collect()
}

fn renamed(mut cursor: Cursor<'_>) -> Sign {
    if cursor.eat_any(&["TABLE", "TABLES"]).is_none() {
        return Sign::Nothing;
    }
    cursor.eat("IF EXISTS");
    let pair = |mut part: Cursor<'_>| {
        let from = Trace::absent(Object::Table(name(&mut part)?));
        part.eat("TO").then_some(())?;
        Some([from, Trace::present(Object::Table(name(&mut part)?))])
    };
    let pairs: Option<Vec<_>> = cursor.split_commas().into_iter().map(pair).collect();
    pairs.map_or(Sign::Nothing, |pairs| Sign::Each(pairs.into_iter().flatten().collect()))
}

/// One `ALTER TABLE` does all of its clauses or none, so that those that can be seen speak for the
/// others.
fn alter(mut cursor: Cursor<'_>) -> Option<Vec<Trace>> {
    cursor.eat("ONLINE");
    cursor.eat("IGNORE");
    cursor.eat("TABLE").then_some(())?;
    cursor.eat("IF EXISTS");
    let table = name(&mut cursor)?;
    let clauses = cursor.split_commas().into_iter();
    let traces: Vec<Trace> = clauses.flat_map(|clause| traces(clause, &table)).collect();
    (!traces.is_empty()).then_some(traces)
}

fn traces(mut clause: Cursor<'_>, table: &Name) -> Vec<Trace> {
    match clause.eat_any(&["ADD", "DROP", "RENAME"]) {
        Some("ADD") => added(clause, table).map(Trace::present).into_iter().collect(),
        Some("DROP") => removed(clause, table).map(Trace::absent).into_iter().collect(),
        Some(_) => moved(clause, table).unwrap_or_default(),
        None => Vec::new(),
    }
}

/// What makes no column.
const NO_COLUMN: &[&str] = &["PRIMARY", "FOREIGN", "CHECK", "PERIOD", "SYSTEM", "PARTITION"];

fn added(mut clause: Cursor<'_>, table: &Name) -> Option<Object> {
    if clause.eat("CONSTRAINT") {
        return object(clause, table, Kind::Constraint);
    }
    if clause.eat_any(&["UNIQUE", "FULLTEXT", "SPATIAL"]).is_some() {
        clause.eat_any(&["INDEX", "KEY"]);
        return object(clause, table, Kind::Index);
    }
    if clause.eat_any(&["INDEX", "KEY"]).is_some() {
        return object(clause, table, Kind::Index);
    }
    column(clause, table)
}

fn removed(mut clause: Cursor<'_>, table: &Name) -> Option<Object> {
    match clause.eat_any(&["INDEX", "KEY", "FOREIGN KEY", "CONSTRAINT", "CHECK"]) {
        Some("INDEX" | "KEY") => object(clause, table, Kind::Index),
        Some(_) => object(clause, table, Kind::Constraint),
        None => column(clause, table),
    }
}

fn column(mut clause: Cursor<'_>, table: &Name) -> Option<Object> {
    let is_other = NO_COLUMN.iter().any(|word| clause.is(word));
    if clause.eat("COLUMN") || !is_other {
        return object(clause, table, Kind::Column);
    }
    None
}

fn moved(mut clause: Cursor<'_>, table: &Name) -> Option<Vec<Trace>> {
    let kind = match clause.eat_any(&["COLUMN", "INDEX", "KEY", "TO", "AS"]) {
        Some("COLUMN") => Kind::Column,
        Some("INDEX" | "KEY") => Kind::Index,
        _ => {
            let to = Object::Table(name(&mut clause)?);
            return Some(vec![Trace::absent(Object::Table(table.clone())), Trace::present(to)]);
        }
    };
    let rest = clause.find("TO")?;
    let (from, to) = (object(clause, table, kind)?, object(rest, table, kind)?);
    Some(vec![Trace::absent(from), Trace::present(to)])
}

#[derive(Clone, Copy)]
enum Kind {
    Column,
    Index,
    Constraint,
}

/// The object of a table whose name comes next; nothing if the server chooses the name.
fn object(mut cursor: Cursor<'_>, table: &Name, kind: Kind) -> Option<Object> {
    cursor.eat_any(&["IF NOT EXISTS", "IF EXISTS"]);
    let (None, name) = cursor.qualified()? else { return None };
    let table = table.clone();
    Some(match kind {
        Kind::Column => Object::Column { table, column: name },
        Kind::Constraint => Object::Constraint { table, constraint: name },
        Kind::Index => Object::Index { table: Some(table), index: Name { schema: None, name } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Server;
    use crate::sql::Split;

    fn of(text: &str) -> Sign {
        let server: Server = "mariadb@10.11".parse().expect("a server");
        let chunk = Split::new(text, server).next().expect("one").expect("it ends");
        sign(Cursor::new(text, &chunk.tokens, false))
    }

    fn named(name: &str) -> Name {
        Name { schema: None, name: name.into() }
    }

    fn table(name: &str) -> Object {
        Object::Table(named(name))
    }

    fn column(name: &str) -> Object {
        Object::Column { table: named("t"), column: name.into() }
    }

    fn index(name: &str) -> Object {
        Object::Index { table: Some(named("t")), index: named(name) }
    }

    #[test]
    fn one_alter_table_is_seen_by_all_of_its_clauses_that_can_be() {
        for (clauses, traces) in [
            ("add a int, add column `b c` text", vec![column("a"), column("b c")]),
            ("add index i (a), algorithm=inplace, lock=none", vec![index("i")]),
            ("add unique key u (a), modify b int", vec![index("u")]),
            ("add column if not exists a int after b", vec![column("a")]),
        ] {
            let sign = Sign::Seen(traces.into_iter().map(Trace::present).collect());
            assert_eq!(of(&format!("alter table t {clauses}")), sign, "{clauses}");
        }
        let gone = vec![Trace::absent(column("a")), Trace::absent(index("i"))];
        assert_eq!(of("ALTER TABLE t DROP a, DROP KEY i"), Sign::Seen(gone));
        let moved = vec![Trace::absent(column("a")), Trace::present(column("b"))];
        assert_eq!(of("alter table t rename column a to b"), Sign::Seen(moved));
        for clauses in ["modify a int", "add primary key (a)", "add check (a > 0)", "add (a int)"] {
            assert_eq!(of(&format!("alter table t {clauses}")), Sign::Nothing, "{clauses}");
        }
    }

    #[test]
    fn what_is_one_statement_for_several_tables_may_be_half_done() {
        let gone = vec![Trace::absent(table("a")), Trace::absent(table("b"))];
        assert_eq!(of("drop table if exists a, b"), Sign::Each(gone));
        let moved = vec![Trace::absent(table("a")), Trace::present(table("b"))];
        assert_eq!(of("rename table a to b"), Sign::Each(moved));
        assert_eq!(of("call fill()"), Sign::Half);
    }

    #[test]
    fn what_can_be_replaced_can_be_replaced_again_unless_rows_are_lost() {
        assert_eq!(of("create or replace view v as select 1"), Sign::Again { over: None });
        assert_eq!(of("create or replace table t (a int)"), Sign::Nothing);
        assert_eq!(of("create table t as select 1"), Sign::Nothing);
        let there = vec![Trace::present(table("t"))];
        assert_eq!(of("create table if not exists t (a int)"), Sign::Seen(there));
        let there = vec![Trace::present(index("i"))];
        assert_eq!(of("create unique index i on t (a)"), Sign::Seen(there));
        assert_eq!(of("truncate t"), Sign::Nothing);
    }
}
