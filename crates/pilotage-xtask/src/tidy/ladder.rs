//! The ladder of crates: which may use which, and what must never be reached from below.
//!
//! An edge that is not declared is forbidden, and so is a crate that is not declared.

use super::Finding;
use crate::metadata::{Dependency, Kind, Member, Workspace};

/// The declared ladder.
#[derive(Debug, Clone, Copy)]
pub struct Ladder<'a> {
    /// The crates with a place of their own.
    pub rungs: &'a [Rung<'a>],
    /// Crates that stand in a folder of their kind (`bins`, `tests`) and share a rule.
    pub shelves: &'a [Rung<'a>],
    /// The crate of fakes: the product may use it in its tests only.
    pub testkit: &'a str,
    /// What must not be built into pure crates, however far away; a trailing `*` stands for any end.
    pub impure: &'a [&'a str],
}

/// A crate (or a folder of crates) and what it may use.
#[derive(Debug, Clone, Copy)]
pub struct Rung<'a> {
    /// The name of the crate, or of the folder.
    pub name: &'a str,
    /// Which crates of this workspace it may use.
    pub may_use: Allowed<'a>,
    /// Whether it is pure: `no_std`, and nothing impure is built into it.
    pub pure: bool,
}

/// Which crates of this workspace may be used.
#[derive(Debug, Clone, Copy)]
pub enum Allowed<'a> {
    /// These, as groups.
    Only(&'a [&'a [&'a str]]),
    /// All but the testkit.
    Product,
    /// All.
    Everything,
}

impl Ladder<'_> {
    /// Finds every edge and every crate that is not declared.
    pub fn check(&self, workspace: &Workspace) -> Vec<Finding> {
        workspace.members.iter().flat_map(|member| self.check_member(workspace, member)).collect()
    }

    /// The pure crates of the workspace.
    pub fn pure<'w>(&self, workspace: &'w Workspace) -> Vec<&'w Member> {
        let is_pure = |member: &&Member| self.rung(member).is_some_and(|rung| rung.pure);
        workspace.members.iter().filter(is_pure).collect()
    }

    fn rung(&self, member: &Member) -> Option<&Rung<'_>> {
        let of_its_own = self.rungs.iter().find(|rung| rung.name == member.name);
        of_its_own.or_else(|| self.shelves.iter().find(|shelf| shelf.name == member.shelf()))
    }

    fn check_member(&self, workspace: &Workspace, member: &Member) -> Vec<Finding> {
        let Some(rung) = self.rung(member) else {
            let problem = "has no place in the ladder; declare it and what it may use";
            return vec![Finding::new(&member.name, problem)];
        };
        // A crate may test itself with another of its own features.
        let ours = |dependency: &&Dependency| {
            dependency.name != member.name && workspace.member(&dependency.name).is_some()
        };
        let edges = member.dependencies.iter().filter(ours);
        let forbidden = edges.filter(|edge| !self.allows(rung, edge));
        let mut findings: Vec<Finding> = forbidden.map(|edge| wrong(member, edge)).collect();
        if rung.pure {
            findings.extend(self.reached(workspace, member));
        }
        findings
    }

    fn allows(&self, rung: &Rung<'_>, edge: &Dependency) -> bool {
        let is_testkit = edge.name == self.testkit;
        match rung.may_use {
            Allowed::Everything => true,
            _ if is_testkit => edge.kind == Kind::Dev,
            Allowed::Product => true,
            Allowed::Only(groups) => groups.iter().any(|names| names.contains(&edge.name.as_str())),
        }
    }

    fn reached(&self, workspace: &Workspace, member: &Member) -> Vec<Finding> {
        let reachable = workspace.reachable(member).into_iter();
        let impure = reachable.filter(|name| self.impure.iter().any(|ban| fits(ban, name)));
        let finding = |name: &str| {
            let problem = format!(
                "is pure, yet `{name}` is built into it; `cargo tree -e normal -p {} -i {name}` \
                 says through whom",
                member.name
            );
            Finding::new(&member.name, problem)
        };
        impure.map(finding).collect()
    }
}

fn wrong(member: &Member, edge: &Dependency) -> Finding {
    let kind = match edge.kind {
        Kind::Normal => "use",
        Kind::Build => "build with",
        Kind::Dev => "test with",
    };
    let problem = format!(
        "may not {kind} `{}`; arrows go down the ladder only: move what is shared down, or put a \
         trait below and its implementation above",
        edge.name
    );
    Finding::new(&member.name, problem)
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::workspace;

    const LADDER: Ladder<'_> = Ladder {
        rungs: &[
            Rung { name: "names", may_use: Allowed::Only(&[]), pure: true },
            Rung { name: "engine", may_use: Allowed::Only(&[&["names"]]), pure: true },
            Rung { name: "driver", may_use: Allowed::Only(&[&["names", "engine"]]), pure: false },
            Rung { name: "kit", may_use: Allowed::Only(&[&["driver"], &["engine"]]), pure: false },
        ],
        shelves: &[Rung { name: "bins", may_use: Allowed::Product, pure: false }],
        testkit: "kit",
        impure: &["tokio", "aws-*"],
    };

    fn said(rows: &[(&str, &[&str])]) -> Vec<String> {
        LADDER.check(&workspace(rows)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn arrows_that_go_down_are_fine() {
        let rows: [(&str, &[&str]); 4] = [
            ("names", &["serde"]),
            ("engine", &["names", "dev:kit"]),
            ("driver", &["engine", "tokio"]),
            ("kit", &["driver", "engine"]),
        ];
        assert!(said(&rows).is_empty());
    }

    #[test]
    fn an_arrow_that_goes_up_is_found() {
        let found = said(&[("names", &["engine"]), ("engine", &[])]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("names: may not use `engine`"), "{found:?}");
    }

    #[test]
    fn the_product_may_not_be_built_with_the_testkit() {
        let found = said(&[("driver", &["kit"]), ("kit", &[])]);
        assert!(found[0].starts_with("driver: may not use `kit`"), "{found:?}");
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        assert!(said(&[("utils", &[])])[0].contains("no place in the ladder"));
    }

    #[test]
    fn what_is_impure_is_found_however_far_away() {
        let found = said(&[("engine", &["names"]), ("names", &["serde", "aws-sdk-ecs"])]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("engine: is pure, yet `aws-sdk-ecs`"), "{found:?}");
    }

    #[test]
    fn a_shelf_shares_its_rule() {
        let mut workspace = workspace(&[("tool", &["names", "kit"]), ("names", &[]), ("kit", &[])]);
        workspace.members[0].manifest = "/w/bins/tool/Cargo.toml".into();
        let found = LADDER.check(&workspace);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].to_string().contains("may not use `kit`"), "{found:?}");
    }
}
