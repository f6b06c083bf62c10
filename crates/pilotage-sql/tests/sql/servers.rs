//! The real databases that a test can use.

use pilotage_sql::Database;
use pilotage_testkit::real;

/// The databases that can be written to.
pub(crate) const WRITABLE: [(&str, &str); 2] =
    [("postgres", "PILOTAGE_TEST_POSTGRES"), ("mariadb", "PILOTAGE_TEST_MARIADB")];

/// The address of a system; nothing, and a word about it, if the system is not there.
pub(crate) fn address(system: &str, variable: &str) -> Option<String> {
    let file = real::require(system, variable)?;
    Some(read(&file).trim().to_owned())
}

pub(crate) fn database(system: &str, variable: &str) -> Option<Database> {
    Some(address(system, variable)?.parse().expect("an address"))
}

/// A name that no other test and no other run uses.
pub(crate) fn unique(of: &str) -> String {
    let owner = pilotage_lease::OwnerId::random().expect("random numbers").to_string();
    format!("{of}-{}-", owner.get(..12).expect("it is longer"))
}

#[expect(clippy::disallowed_methods, reason = "the address of a test's system is in a file")]
fn read(file: &std::path::Path) -> String {
    std::fs::read_to_string(file).expect("the system has written it")
}
