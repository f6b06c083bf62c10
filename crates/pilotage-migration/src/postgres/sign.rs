//! By what a statement is known to be applied that cannot run in a transaction.

use crate::saga::sign::{Name, Object, Over, Sign, Trace};
use crate::sql::Cursor;

/// Reads a statement from its beginning.
pub(crate) fn sign(mut cursor: Cursor<'_>) -> Sign {
    match cursor.eat_any(&["CREATE UNIQUE INDEX", "CREATE INDEX", "DROP INDEX", "REINDEX"]) {
        Some("DROP INDEX") => drop_index(cursor),
        Some("REINDEX") => reindex(cursor),
        Some(_) => create_index(cursor).map_or(Sign::Nothing, seen),
        None if cursor.eat("ALTER TABLE") => detach(cursor).map_or(Sign::Nothing, seen),
        None if cursor.is("VACUUM") => Sign::Again { over: None },
        None if cursor.is("CALL") || cursor.is("DO") => Sign::Half,
        None => Sign::Nothing,
    }
}

fn seen(trace: Trace) -> Sign {
    Sign::Seen(vec![trace])
}

fn name(cursor: &mut Cursor<'_>) -> Option<Name> {
    cursor.qualified().map(|(schema, name)| Name { schema, name })
}

/// An index without a name gets one that nobody can look for.
fn create_index(mut cursor: Cursor<'_>) -> Option<Trace> {
    cursor.eat("CONCURRENTLY");
    cursor.eat("IF NOT EXISTS");
    if cursor.is("ON") {
        return None;
    }
    let index = name(&mut cursor)?;
    if !cursor.eat("ON") {
        return None;
    }
    cursor.eat("ONLY");
    let table = name(&mut cursor)?;
    // An index is in the schema of its table.
    let index = Name { schema: table.schema.clone(), ..index };
    Some(Trace::present(Object::Index { table: Some(table), index }))
}

fn drop_index(mut cursor: Cursor<'_>) -> Sign {
    cursor.eat("CONCURRENTLY");
    cursor.eat("IF EXISTS");
    let names = cursor.split_commas().into_iter().map(|mut part| name(&mut part));
    let gone = |index| Trace::absent(Object::Index { table: None, index });
    let traces: Option<Vec<Trace>> = names.map(|name| name.map(gone)).collect();
    traces.map_or(Sign::Nothing, Sign::Each)
}

/// It may always be run again; what it was at may be anywhere in what it was told to build.
fn reindex(mut cursor: Cursor<'_>) -> Sign {
    cursor.group();
    let kind = cursor.eat_any(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]);
    cursor.eat("CONCURRENTLY");
    let over = match kind {
        Some("INDEX" | "TABLE") => name(&mut cursor).map(Over::Relation),
        Some("SCHEMA") => name(&mut cursor).map(|name| Over::Schema(name.name)),
        Some(_) => Some(Over::Database),
        None => None,
    };
    over.map_or(Sign::Nothing, |over| Sign::Again { over: Some(over) })
}

fn detach(mut cursor: Cursor<'_>) -> Option<Trace> {
    cursor.eat("IF EXISTS");
    cursor.eat("ONLY");
    let table = name(&mut cursor)?;
    if !cursor.eat("DETACH PARTITION") {
        return None;
    }
    let part = name(&mut cursor)?;
    Some(Trace::absent(Object::Partition { table, part }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Server;
    use crate::sql::Split;

    fn of(text: &str) -> Sign {
        let server: Server = "postgres@15".parse().expect("a server");
        let chunk = Split::new(text, server).next().expect("one").expect("it ends");
        sign(Cursor::new(text, &chunk.tokens, true))
    }

    fn named(schema: Option<&str>, name: &str) -> Name {
        Name { schema: schema.map(Into::into), name: name.into() }
    }

    #[test]
    fn what_is_built_beside_others_is_known_by_its_name() {
        let index = |table: Name, name: &str| {
            let index = Name { schema: table.schema.clone(), name: name.into() };
            seen(Trace::present(Object::Index { table: Some(table), index }))
        };
        for (text, sign) in [
            ("create index concurrently a on t (x)", index(named(None, "t"), "a")),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"A b\" ON ONLY s.\"T\" (x)",
                index(named(Some("s"), "T"), "A b"),
            ),
            ("create index concurrently on t (x)", Sign::Nothing),
            (
                "reindex (verbose) table concurrently s.t",
                Sign::Again { over: Some(Over::Relation(named(Some("s"), "t"))) },
            ),
            (
                "reindex (concurrently) schema \"S\"",
                Sign::Again { over: Some(Over::Schema("S".into())) },
            ),
            ("reindex database concurrently", Sign::Again { over: Some(Over::Database) }),
            ("reindex concurrently t", Sign::Nothing),
            ("vacuum t", Sign::Again { over: None }),
            ("create database x", Sign::Nothing),
        ] {
            assert_eq!(of(text), sign, "{text}");
        }
    }

    #[test]
    fn what_goes_away_is_known_by_not_being_there() {
        let gone = |name| Trace::absent(Object::Index { table: None, index: name });
        assert_eq!(
            of("drop index concurrently if exists a, s.b"),
            Sign::Each(vec![gone(named(None, "a")), gone(named(Some("s"), "b"))])
        );
        let parted = Object::Partition { table: named(None, "t"), part: named(None, "p") };
        let sign = of("alter table t detach partition p concurrently");
        assert_eq!(sign, seen(Trace::absent(parted)));
    }
}
