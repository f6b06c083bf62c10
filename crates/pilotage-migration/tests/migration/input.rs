//! Bad input: nothing of it ends the process, and all of it is refused with a place.

use pilotage_migration::lint::Linter;
use pilotage_migration::set::{Content, LARGEST_FILE, read};
use proptest::prelude::*;

use crate::{file, found, options};

const SERVERS: [&str; 3] = ["postgres@16", "mysql@8.4.0", "mariadb@11.4.2"];

#[test]
fn broken_sql_is_refused_where_it_breaks() {
    let report =
        file("postgres@16", "V1__a.sql", "CREATE TABLE a (id int);\n\nALTER TABLE a ADD;\n");
    let finding = &report.findings[0];
    assert_eq!((finding.rule.id, finding.start.line), ("syntax", 3), "{finding:?}");
    assert_eq!(found("mysql@8.4.0", "V1__a.sql", "UPDATE a SET WHERE;"), ["syntax"]);
}

#[test]
fn what_never_ends_is_refused_where_it_begins() {
    for (server, text) in [
        ("postgres@16", "SELECT 1;\n  'abc"),
        ("postgres@16", "SELECT 1;\n  /* abc"),
        ("postgres@16", "SELECT 1;\n  $a$ abc $b$"),
        ("mysql@8.4.0", "SELECT 1;\n  `abc"),
        ("mysql@8.4.0", "SELECT 1;\n  /* abc"),
    ] {
        let report = file(server, "V1__a.sql", text);
        let finding = &report.findings[0];
        assert_eq!(
            (finding.rule.id, finding.start.line, finding.start.column),
            ("unended", 2, 3),
            "{text}"
        );
    }
}

#[test]
fn files_without_statements_are_warned_of() {
    for text in ["", "\n\n", "-- nothing\n/* here */", ";;;"] {
        for server in SERVERS {
            assert_eq!(found(server, "V1__a.sql", text), ["nothing-inside"], "{text:?}");
        }
    }
}

#[test]
fn mixed_encodings_and_nul_bytes_are_refused_with_their_line() {
    for (bytes, line) in [
        (b"SELECT 1;\n-- gr\xfc\xdfe\n".as_slice(), 2),
        (b"SELECT 1;\nSELECT '\0';".as_slice(), 2),
        (b"\xef\xbb\xbfSELECT 1;".as_slice(), 1),
        (b"\xff\xfeS\0E\0L\0".as_slice(), 1),
    ] {
        let mut linter = Linter::new(options("postgres@16"));
        linter.file("V1__a.sql", &Content::Whole(bytes.to_vec()));
        let files = linter.finish().files;
        let finding = &files[0].findings[0];
        assert_eq!((finding.rule.id, finding.start.line), ("not-utf8", line), "{finding:?}");
    }
}

#[test]
fn nesting_cannot_exhaust_the_stack() {
    let deep = |open: &str, close: &str| {
        format!("SELECT {}1{};", open.repeat(50_000), close.repeat(50_000))
    };
    let chains = ["1 + ", "NOT ", "- ", "CASE WHEN "]
        .map(|part| format!("SELECT {}1;", part.repeat(50_000)));
    let nested = [deep("(", ")"), deep("f(1, ", ")"), deep("[", "]")];
    let union = format!("SELECT 1{};", " UNION SELECT 1".repeat(20_000));
    for text in chains.iter().chain(&nested).chain([&union]) {
        for server in SERVERS {
            assert_eq!(found(server, "V1__a.sql", text), ["too-large"], "{}", &text[..40]);
        }
    }
}

#[test]
fn a_deep_function_body_is_not_read_at_all() {
    let body = format!("SELECT {}1{}", "(".repeat(50_000), ")".repeat(50_000));
    let text = format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $${body}$$;");
    assert_eq!(found("postgres@16", "V1__a.sql", &text), ["function-body"]);
}

#[test]
fn fifty_megabytes_are_refused_unread() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("V1__big.sql");
    let file = std::fs::OpenOptions::new();
    let file = big(file, &path);
    file.set_len(50 * 1024 * 1024).expect("the disk holds a hole");
    assert!(file.metadata().expect("it is there").len() > LARGEST_FILE);
    let content = read(&path).expect("it is there");
    assert_eq!(content, Content::TooLarge);
    let mut linter = Linter::new(options("postgres@16"));
    linter.file("V1__big.sql", &content);
    assert_eq!(linter.finish().files[0].findings[0].rule.id, "file-too-large");
}

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
fn big(mut options: std::fs::OpenOptions, path: &std::path::Path) -> std::fs::File {
    options.write(true).create(true).truncate(false).open(path).expect("a file")
}

#[test]
fn a_large_file_of_small_statements_is_read() {
    let text = "INSERT INTO a (id) VALUES (1), (2), (3);\n".repeat(20_000);
    let report = file("mysql@8.4.0", "V1__a_data.sql", &text);
    assert_eq!((report.statements.len(), report.findings.len()), (20_000, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a file, it is read to an end, and places are inside it.
    #[test]
    fn any_text_is_read(parts in prop::collection::vec(prop::sample::select(PARTS), 0..24)) {
        let text = parts.concat();
        for server in SERVERS {
            let report = file(server, "V1__a.sql", &text);
            let lines = text.lines().count() + 1;
            for finding in report.findings {
                prop_assert!(finding.start.line <= lines && finding.start <= finding.end);
            }
        }
    }
}

const PARTS: &[&str] = &[
    "ALTER TABLE ",
    "a ",
    "ADD COLUMN ",
    "b int ",
    "DROP ",
    "CREATE INDEX ",
    "ON ",
    "( ",
    ") ",
    ", ",
    "; ",
    "'",
    "\"",
    "`",
    "$$",
    "$a$",
    "/* ",
    "*/ ",
    "-- ",
    "\n",
    "\\",
    "/*!50000 ",
    "DELIMITER //\n",
    "BEGIN ",
    "END ",
    "é",
    "\u{a0}",
    "-- pilotage: ",
    "allow ",
    "because ",
    "COPY a FROM STDIN;\n",
    "RENAME ",
    "TO ",
    "CONSTRAINT ",
    "CHECK ",
    "SET ",
    "UPDATE ",
    "WITH ",
    "AS ",
    "SELECT ",
    "MODIFY ",
    "#",
    "@",
    "1.5e",
    "=",
    "DEFAULT ",
    "ALGORITHM",
    "LOCK",
    "FROM ",
];
