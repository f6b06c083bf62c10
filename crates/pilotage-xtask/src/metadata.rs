//! What cargo knows of the workspace: its crates, their dependencies and where things are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;
use crate::command::Cmd;

/// A workspace as `cargo metadata` describes it.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// The folder of what cargo builds.
    pub target: PathBuf,
    /// The crates of the workspace.
    pub members: Vec<Member>,
    graph: BTreeMap<String, Node>,
}

/// A crate of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name of the package.
    pub name: String,
    /// The path of its manifest.
    pub manifest: PathBuf,
    /// What it depends on, as declared.
    pub dependencies: Vec<Dependency>,
    /// The names of its binaries.
    pub binaries: Vec<String>,
    id: String,
}

/// A declared dependency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dependency {
    /// The name of the package.
    pub name: String,
    /// What it is used for.
    #[serde(default, deserialize_with = "kind")]
    pub kind: Kind,
}

/// What a dependency is used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The product itself.
    #[default]
    Normal,
    /// The build script.
    Build,
    /// Tests, examples and benches.
    Dev,
}

#[derive(Debug, Clone)]
struct Node {
    name: String,
    needs: Vec<String>,
}

impl Workspace {
    /// Asks cargo about the workspace at `root`.
    pub fn load(root: &Path) -> Result<Self, Error> {
        let cargo = Cmd::new("cargo").args(["metadata", "--format-version", "1"]).folder(root);
        Self::parse(&cargo.output()?)
    }

    /// Reads an answer of `cargo metadata --format-version 1`.
    pub fn parse(json: &str) -> Result<Self, Error> {
        let answer: Answer = serde_json::from_str(json).map_err(|error| Error::Malformed {
            what: "cargo metadata".into(),
            why: error.to_string(),
            hint: "the cargo on `PATH` may be too old for this workspace",
        })?;
        Ok(answer.into())
    }

    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Every crate, from this workspace or not, that is built into the product of `member`.
    pub fn reachable(&self, member: &Member) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut todo = vec![member.id.as_str()];
        while let Some(node) = todo.pop().and_then(|id| self.graph.get(id)) {
            for id in &node.needs {
                if seen.insert(id.as_str()) {
                    todo.push(id);
                }
            }
        }
        seen.into_iter().filter_map(|id| Some(self.graph.get(id)?.name.as_str())).collect()
    }
}

impl Member {
    /// The name of the folder that the crate is in.
    pub fn folder_name(&self) -> &str {
        self.manifest.parent().and_then(Path::file_name).and_then(|n| n.to_str()).unwrap_or("")
    }

    /// The name of the folder that the crate's folder is in.
    pub fn shelf(&self) -> &str {
        self.manifest
            .ancestors()
            .nth(2)
            .and_then(Path::file_name)
            .and_then(|n| n.to_str())
            .unwrap_or("")
    }
}

#[derive(Deserialize)]
struct Answer {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<RawNode>,
}

#[derive(Deserialize)]
struct RawNode {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    #[serde(default, deserialize_with = "kind")]
    kind: Kind,
}

impl From<Answer> for Workspace {
    fn from(answer: Answer) -> Self {
        let names: BTreeMap<String, String> =
            answer.packages.iter().map(|p| (p.id.clone(), p.name.clone())).collect();
        let node = |raw: RawNode| {
            let name = names.get(&raw.id).cloned().unwrap_or_default();
            (raw.id, Node { name, needs: raw.deps.into_iter().filter_map(Edge::normal).collect() })
        };
        let ours = |package: &Package| answer.workspace_members.contains(&package.id);
        Self {
            graph: answer.resolve.nodes.into_iter().map(node).collect(),
            members: answer.packages.into_iter().filter(ours).map(Member::from).collect(),
            root: answer.workspace_root,
            target: answer.target_directory,
        }
    }
}

impl Edge {
    fn normal(self) -> Option<String> {
        self.dep_kinds.iter().any(|edge| edge.kind == Kind::Normal).then_some(self.pkg)
    }
}

impl From<Package> for Member {
    fn from(package: Package) -> Self {
        let is_binary = |target: &Target| target.kind.iter().any(|kind| kind == "bin");
        Self {
            id: package.id,
            name: package.name,
            manifest: package.manifest_path,
            dependencies: package.dependencies,
            binaries: package.targets.into_iter().filter(is_binary).map(|t| t.name).collect(),
        }
    }
}

fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None => Ok(Kind::Normal),
        Some("build") => Ok(Kind::Build),
        Some("dev") => Ok(Kind::Dev),
        Some(other) => Err(serde::de::Error::custom(format!("unknown dependency kind `{other}`"))),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A made-up workspace: each row is a crate of ours and what it declares (`dev:x` for tests).
    pub(crate) fn workspace(rows: &[(&str, &[&str])]) -> Workspace {
        let declared = |text: &&str| match text.strip_prefix("dev:") {
            Some(name) => Dependency { name: name.into(), kind: Kind::Dev },
            None => Dependency { name: (*text).into(), kind: Kind::Normal },
        };
        let member = |(name, needs): &(&str, &[&str])| Member {
            name: (*name).into(),
            manifest: format!("/w/crates/{name}/Cargo.toml").into(),
            dependencies: needs.iter().map(declared).collect(),
            binaries: vec![],
            id: (*name).into(),
        };
        let members: Vec<Member> = rows.iter().map(member).collect();
        let leaf = |d: &Dependency| (d.name.clone(), Node { name: d.name.clone(), needs: vec![] });
        let mut graph: BTreeMap<String, Node> =
            members.iter().flat_map(|member| &member.dependencies).map(leaf).collect();
        for member in &members {
            let normal = member.dependencies.iter().filter(|d| d.kind == Kind::Normal);
            let needs = normal.map(|d| d.name.clone()).collect();
            graph.insert(member.id.clone(), Node { name: member.name.clone(), needs });
        }
        Workspace { root: "/w".into(), target: "/w/target".into(), members, graph }
    }

    #[test]
    fn reads_what_cargo_answers() {
        let json = r#"{
          "packages": [
            {"id": "a 1", "name": "a", "manifest_path": "/w/crates/a/Cargo.toml",
             "dependencies": [{"name": "b", "kind": null}, {"name": "t", "kind": "dev"}],
             "targets": [{"name": "a", "kind": ["lib"]}, {"name": "tool", "kind": ["bin"]}]},
            {"id": "b 1", "name": "b", "manifest_path": "/r/b/Cargo.toml",
             "dependencies": [], "targets": []}],
          "workspace_members": ["a 1"], "workspace_root": "/w", "target_directory": "/w/target",
          "resolve": {"nodes": [
            {"id": "a 1", "deps": [{"pkg": "b 1", "dep_kinds": [{"kind": null}]},
                                   {"pkg": "t 1", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "b 1", "deps": []}]}}"#;
        let workspace = Workspace::parse(json).expect("the form that cargo documents");
        let a = workspace.member("a").expect("a is ours");
        assert!(workspace.member("b").is_none(), "b comes from a registry");
        assert_eq!((a.folder_name(), a.shelf()), ("a", "crates"));
        assert_eq!(a.binaries, ["tool"]);
        assert_eq!(a.dependencies[1], Dependency { name: "t".into(), kind: Kind::Dev });
        assert_eq!(workspace.reachable(a), BTreeSet::from(["b"]), "tests are not the product");
    }

    #[test]
    fn another_form_is_an_error() {
        assert!(Workspace::parse("{}").is_err());
    }

    #[test]
    fn reaches_through_other_crates_and_ends_on_a_cycle() {
        let workspace = workspace(&[("a", &["b"]), ("b", &["c", "a"]), ("c", &["tokio"])]);
        let a = workspace.member("a").expect("a is ours");
        assert_eq!(workspace.reachable(a), BTreeSet::from(["a", "b", "c", "tokio"]));
    }
}
