//! `examples/release`, as somebody would begin with it.

use std::path::Path;

use pilotage_xtask::files;

use crate::world::{World, released};

#[test]
fn the_example_releases_itself() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/release");
    let settings = files::read(&example.join("release.toml")).expect("the example is there");
    let world = World::new(&settings);
    let ada = world.ada();
    for path in files::walk(&example, &|name| name != "target").expect("walked") {
        let name = path.strip_prefix(&example).expect("below").to_string_lossy().into_owned();
        ada.write(&name, &files::read(&path).expect("read"));
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
