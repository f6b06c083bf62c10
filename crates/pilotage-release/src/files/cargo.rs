//! `Cargo.toml` and `Cargo.lock`.
//!
//! Beside the version itself, requirements of path dependencies that name the old version follow
//! it: crates of one workspace are released together. In the lock file every crate without a
//! source that has the old version is one of them.

use pilotage_artifact::Version;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::FileError;

const PLACE: &str = "`workspace.package.version` or `package.version`";

pub(super) fn version(path: &str, text: &str) -> Result<String, FileError> {
    let manifest = parse(path, text)?;
    let shared = manifest.get("workspace").and_then(|w| w.get("package")).and_then(version_of);
    let own = || manifest.get("package").and_then(version_of);
    let none = || FileError::NoVersion { path: path.into(), place: PLACE };
    shared.or_else(own).map(str::to_owned).ok_or_else(none)
}

fn version_of(package: &Item) -> Option<&str> {
    package.get("version")?.as_str()
}

pub(super) fn manifest(
    path: &str,
    text: &str,
    from: &Version,
    to: &Version,
) -> Result<String, FileError> {
    let mut manifest = parse(path, text)?;
    let (old, new) = (from.to_string(), to.to_string());
    for keys in [&["workspace", "package"][..], &["package"]] {
        if let Some(version) = child(&mut manifest, keys).and_then(|t| t.get_mut("version")) {
            follow(version, &old, &new);
        }
    }
    for keys in [&["workspace"][..], &[]] {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let keys = [keys, &[section]].concat();
            let Some(dependencies) = child(&mut manifest, &keys) else { continue };
            for (_, dependency) in dependencies.iter_mut() {
                follow_path(dependency, &old, &new);
            }
        }
    }
    Ok(manifest.to_string())
}

pub(super) fn lock(
    path: &str,
    text: &str,
    from: &Version,
    to: &Version,
) -> Result<String, FileError> {
    let mut lock = parse(path, text)?;
    let (old, new) = (from.to_string(), to.to_string());
    let packages = lock.get_mut("package").and_then(Item::as_array_of_tables_mut);
    for package in packages.into_iter().flat_map(toml_edit::ArrayOfTables::iter_mut) {
        if package.contains_key("source") {
            continue;
        }
        if let Some(version) = package.get_mut("version") {
            follow(version, &old, &new);
        }
    }
    Ok(lock.to_string())
}

fn child<'a>(manifest: &'a mut DocumentMut, keys: &[&str]) -> Option<&'a mut dyn TableLike> {
    let mut item = manifest.as_item_mut();
    for key in keys {
        item = item.as_table_like_mut()?.get_mut(key)?;
    }
    item.as_table_like_mut()
}

fn follow_path(dependency: &mut Item, old: &str, new: &str) {
    let Some(table) = dependency.as_table_like_mut() else { return };
    if !table.contains_key("path") {
        return;
    }
    if let Some(version) = table.get_mut("version") {
        follow(version, old, new);
    }
}

/// Replaces the old version by the new one, behind whatever operator it stands.
fn follow(item: &mut Item, old: &str, new: &str) {
    let Some(value) = item.as_value_mut() else { return };
    let Some(text) = value.as_str() else { return };
    let number = text.trim_start_matches(['=', '^', '~', ' ']);
    if number != old {
        return;
    }
    let operator = text.strip_suffix(number).unwrap_or_default();
    let decor = value.decor().clone();
    *value = Value::from(format!("{operator}{new}"));
    *value.decor_mut() = decor;
}

fn parse(path: &str, text: &str) -> Result<DocumentMut, FileError> {
    let malformed = |error: toml_edit::TomlError| FileError::Malformed {
        path: path.into(),
        why: error.message().trim_end().replace('\n', ", "),
    };
    text.parse().map_err(malformed)
}
