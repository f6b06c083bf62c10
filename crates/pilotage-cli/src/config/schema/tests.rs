//! The published schema is the generated one.

use super::SCHEMA;

#[test]
fn the_published_schema_is_generated_from_the_types() {
    let generated = schemars::schema_for!(crate::config::file::File);
    let mut text = serde_json::to_string_pretty(&generated).expect("it is JSON");
    text.push('\n');
    if option_env!("PILOTAGE_PUBLISH").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/pilotage.schema.json");
        publish(path, &text);
    }
    assert_eq!(text, SCHEMA, "publish it: `PILOTAGE_PUBLISH=1 cargo test -p pilotage-cli schema`");
}

#[expect(clippy::disallowed_methods, reason = "a developer asked for the file to be written")]
fn publish(path: &str, text: &str) {
    std::fs::write(path, text).expect("the schema can be written");
}
