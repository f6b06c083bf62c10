//! `examples/release`, as somebody would begin with it.

use std::path::Path;

use crate::world::{World, released};

#[test]
fn the_example_releases_itself() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/release");
    let settings = read(&example.join("release.toml"));
    let world = World::new(&settings);
    let ada = world.ada();
    for name in ["Cargo.toml", "VERSION", "package.json", "release.toml", "src/lib.rs"] {
        ada.write(name, &read(&example.join(name)));
    }
    let before = ["Cargo.toml", "VERSION", "package.json"].map(|name| ada.read(name));
    assert!(before.iter().all(|text| text.contains("1.0.0")), "{before:?}");
    ada.land("feat: begin with the example");
    let plan = ada.plan();
    assert_eq!(plan.tag.as_deref(), Some("v1.1.0"));
    let hash = plan.hash().to_string();
    assert_eq!(released(&ada.apply(Some(&hash)).expect("released")), "v1.1.0");
    let after = ["Cargo.toml", "VERSION", "package.json"].map(|name| ada.read(name));
    let expected = before.map(|text| text.replacen("1.0.0", "1.1.0", 1));
    assert_eq!(after, expected, "only the version has changed");
    let checks = ada.desk().verify(Some("1.1.0")).expect("looked");
    assert!(checks.iter().all(|check| check.problem.is_none()), "{checks:?}");
}

#[expect(clippy::disallowed_methods, reason = "the example is what is in the repository")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the example is there")
}
