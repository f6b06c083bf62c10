//! Directories: the same files give the same bytes, and what cannot be the same is refused.

#![expect(clippy::disallowed_methods, reason = "a test plays whoever fills the directory")]

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use pilotage_artifact::Digest;
use pilotage_record::tree::{Packed, TreeError, pack, unpack};

/// The digest of the directory below. It changes only if packing does, and then every assembly
/// that was recorded has another name.
const GOLDEN: &str = "sha256:3232cd84fdcfe7fce1c8f3ffe556633ca29588bb5941c8a69992cd01840c11e9";

/// Files, an executable, a link, an empty directory and a name longer than old archives hold.
fn fill(root: &Path, backwards: bool) {
    let long = format!("asset.{}/{}", "a".repeat(90), "b".repeat(90));
    let mut files =
        vec![("manifest.json", "{}"), ("run.sh", "#!/bin/sh\n"), (&long, "long"), ("ä", "")];
    if backwards {
        files.reverse();
    }
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir(root.join("empty")).unwrap();
    fs::set_permissions(root.join("run.sh"), Permissions::from_mode(0o744)).unwrap();
    symlink("../manifest.json", root.join("empty/link")).unwrap();
}

fn filled(backwards: bool) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fill(directory.path(), backwards);
    directory
}

fn digest(directory: &Path) -> Packed {
    pack(directory, io::sink()).unwrap()
}

#[test]
fn the_same_files_have_the_same_name_everywhere() {
    let (one, other) = (filled(false), filled(true));
    fs::set_permissions(other.path().join("ä"), Permissions::from_mode(0o600)).unwrap();
    let packed = digest(one.path());
    assert_eq!(packed, digest(other.path()));
    assert_eq!(packed.digest.to_string(), GOLDEN);
    assert_eq!(packed.entries, 7);
}

#[test]
fn any_change_of_content_is_another_name() {
    let changes: [fn(&Path); 5] = [
        |root| fs::write(root.join("manifest.json"), "[]").unwrap(),
        |root| fs::rename(root.join("ä"), root.join("o")).unwrap(),
        |root| fs::set_permissions(root.join("run.sh"), Permissions::from_mode(0o644)).unwrap(),
        |root| fs::create_dir(root.join("more")).unwrap(),
        |root| {
            fs::remove_file(root.join("empty/link")).unwrap();
            symlink("../run.sh", root.join("empty/link")).unwrap();
        },
    ];
    let before = digest(filled(false).path());
    for (at, change) in changes.into_iter().enumerate() {
        let directory = filled(false);
        change(directory.path());
        assert_ne!(digest(directory.path()).digest, before.digest, "change {at}");
    }
}

#[test]
fn what_was_packed_comes_back() {
    let (directory, place) = (filled(false), tempfile::tempdir().unwrap());
    let mut archive = Vec::new();
    let packed = pack(directory.path(), &mut archive).unwrap();
    assert_eq!((packed.digest, packed.size), (Digest::of(&archive), archive.len() as u64));
    let there = place.path().join("assembly");
    unpack(&archive, &packed.digest, &there).unwrap();
    assert_eq!(digest(&there), packed);
    let again = unpack(&archive, &packed.digest, &there);
    assert!(matches!(again, Err(TreeError::File { .. })), "never over what is there: {again:?}");
}

#[test]
fn an_archive_that_is_another_is_not_unpacked() {
    let (directory, place) = (filled(false), tempfile::tempdir().unwrap());
    let mut archive = Vec::new();
    let packed = pack(directory.path(), &mut archive).unwrap();
    archive[600] ^= 1;
    let there = place.path().join("assembly");
    let refused = unpack(&archive, &packed.digest, &there);
    assert!(matches!(refused, Err(TreeError::Another { .. })), "{refused:?}");
    assert!(!there.exists(), "nothing is written before it is checked");
}

#[test]
fn links_that_lead_out_are_refused() {
    for target in ["/etc/passwd", "..", "../../x", "empty/../../x", "nowhere", "empty/../run.sh"] {
        let directory = filled(false);
        symlink(target, directory.path().join("bad")).unwrap();
        let refused = pack(directory.path(), io::sink());
        assert!(matches!(refused, Err(TreeError::LeadsOut { .. })), "{target}: {refused:?}");
    }
}

#[test]
fn names_that_are_not_text_and_things_that_are_no_files_are_refused() {
    let directory = filled(false);
    let odd = directory.path().join(OsStr::from_bytes(b"odd-\xff"));
    fs::write(&odd, "").unwrap();
    let refused = pack(directory.path(), io::sink());
    assert!(matches!(refused, Err(TreeError::Name { .. })), "{refused:?}");
    fs::remove_file(odd).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(directory.path().join("socket")).unwrap();
    let refused = pack(directory.path(), io::sink());
    assert!(matches!(refused, Err(TreeError::Kind { .. })), "{refused:?}");
}

#[test]
fn foreign_archives_are_refused() {
    let build = |fill: &dyn Fn(&mut tar::Builder<Vec<u8>>)| {
        let mut builder = tar::Builder::new(Vec::new());
        fill(&mut builder);
        builder.into_inner().unwrap()
    };
    let header = |kind| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o644);
        header
    };
    let up = |builder: &mut tar::Builder<Vec<u8>>| {
        let mut header = header(tar::EntryType::Regular);
        header.as_gnu_mut().unwrap().name[..5].copy_from_slice(b"../up");
        header.set_cksum();
        builder.append(&header, io::empty()).unwrap();
    };
    let out = |builder: &mut tar::Builder<Vec<u8>>| {
        builder.append_link(&mut header(tar::EntryType::Symlink), "link", "../up").unwrap();
    };
    let hard = |builder: &mut tar::Builder<Vec<u8>>| {
        builder.append_link(&mut header(tar::EntryType::Link), "hard", "x").unwrap();
    };
    let place = tempfile::tempdir().unwrap();
    for (at, archive) in [build(&up), build(&out), build(&hard)].into_iter().enumerate() {
        let there = place.path().join(at.to_string());
        let refused = unpack(&archive, &Digest::of(&archive), &there);
        assert!(matches!(refused, Err(TreeError::Foreign { .. })), "{at}: {refused:?}");
    }
    assert!(!place.path().join("up").exists());
}
