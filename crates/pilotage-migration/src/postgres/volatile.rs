//! Which functions give the same value for all rows of one statement.

/// Functions and type names whose value Postgres computes once for a default. All others, those
/// of users included, may differ from row to row.
const STEADY: &[&str] = &[
    "abs",
    "age",
    "array_append",
    "array_fill",
    "array_to_string",
    "bit",
    "box",
    "ceil",
    "char",
    "character",
    "chr",
    "cidr",
    "coalesce",
    "concat",
    "concat_ws",
    "current_date",
    "current_setting",
    "current_time",
    "current_timestamp",
    "date",
    "date_part",
    "date_trunc",
    "daterange",
    "decimal",
    "decode",
    "encode",
    "extract",
    "float",
    "floor",
    "format",
    "greatest",
    "inet",
    "initcap",
    "int4range",
    "int8range",
    "interval",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "least",
    "left",
    "length",
    "localtime",
    "localtimestamp",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "now",
    "nullif",
    "numeric",
    "numrange",
    "octet_length",
    "point",
    "power",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row",
    "rpad",
    "rtrim",
    "sha256",
    "sha512",
    "sqrt",
    "statement_timestamp",
    "string_to_array",
    "strpos",
    "substr",
    "substring",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "to_tsvector",
    "transaction_timestamp",
    "trim",
    "trunc",
    "tsrange",
    "tstzrange",
    "upper",
    "varbit",
    "varchar",
    "varying",
];

/// Whether a function gives the same value for all rows.
pub(super) fn is_steady(function: &str) -> bool {
    STEADY.binary_search(&function).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(STEADY.is_sorted());
    }

    #[test]
    fn what_differs_from_row_to_row_is_not_in_it() {
        for name in ["random", "gen_random_uuid", "uuidv7", "clock_timestamp", "nextval", "mine"] {
            assert!(!is_steady(name), "{name}");
        }
        assert!(is_steady("now"));
    }
}
