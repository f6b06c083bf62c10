//! What a concurrent rebuild of indexes leaves behind when it does not come to its end.
//!
//! It builds a new index beside each old one, exchanges the two, and drops the old one. Whatever
//! stops it leaves the one that is not in use: the new one before the exchange, the old one after
//! it. The server says which by its being invalid, and names it so that it can be told from an index
//! that somebody else could not build.

use pilotage_migration::saga::sign::Over;

use super::connection::quoted;
use super::migrate::class;

/// Lists what is left, and whether somebody may be at work on it. Who may not look at the work of
/// others sees only that there is some. Rests of long values are left where nobody may name them.
pub(super) fn unswapped(over: &Over) -> String {
    format!(
        "with tables(oid) as ({}) \
         select i.indexrelid::regclass::text, exists (select from pg_stat_progress_create_index p \
         where p.datname = current_database() and coalesce(p.relid = i.indrelid, true)) \
         from pg_index i join pg_class c on c.oid = i.indexrelid \
         where not i.indisvalid and c.relkind = 'i' and c.relname ~ '_cc(new|old)[0-9]*$' \
         and has_schema_privilege(c.relnamespace, 'usage') \
         and i.indrelid in (select oid from tables union \
         select t.reltoastrelid from pg_class t join tables using (oid))",
        tables(over)
    )
}

/// The tables whose indexes were built anew.
fn tables(over: &Over) -> String {
    match over {
        Over::Relation(name) => format!(
            "with root(oid) as (select coalesce(own.indrelid, c.oid) from pg_class c \
             left join pg_index own on own.indexrelid = c.oid where c.oid = {}) \
             select oid from root \
             union select tree.relid from root, pg_partition_tree(root.oid) as tree",
            class(name)
        ),
        Over::Schema(name) => {
            let schema = quoted(name);
            format!(
                "select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace \
                 where n.nspname = {schema}"
            )
        }
        Over::Database => "select oid from pg_class".into(),
    }
}
