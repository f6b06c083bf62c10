//! The ladder of this repository's crates; `cargo xtask tidy` holds every edge to it.
//!
//! Crates of the design that are not written yet have their place already, so that a new crate
//! begins where it belongs. To change an edge here is to change the architecture: say why in the
//! commit.

use pilotage_xtask::tidy::ladder::{Allowed, Ladder, Rung};

/// What an adapter may build upon: the pure crates, the domain and the driver's role traits.
const BELOW_ADAPTERS: &[&str] = &[
    "pilotage-artifact",
    "pilotage-judge",
    "pilotage-rollout",
    "pilotage-record",
    "pilotage-clock",
    "pilotage-lease",
    "pilotage-redact",
    "pilotage-secrets",
    "pilotage-migration",
    "pilotage-driver",
];

const DOMAIN: &[&str] = &["pilotage-artifact", "pilotage-rollout", "pilotage-clock"];

/// Programs that are run, and what masks their words.
const CHILDREN: &[&str] = &["pilotage-child", "pilotage-redact"];

/// The registry client, whose role of whoever has credentials each cloud fills.
const REGISTRY: &[&str] = &["pilotage-registry"];

/// The ladder, lowest rung first.
pub(crate) const LADDER: Ladder<'static> = Ladder {
    rungs: &[
        pure("pilotage-artifact", &[]),
        pure("pilotage-judge", &[]),
        pure("pilotage-rollout", &[&["pilotage-artifact", "pilotage-judge"]]),
        rung("pilotage-record", &[&["pilotage-artifact"]]),
        rung("pilotage-config", &[]),
        rung("pilotage-git", &[&["pilotage-artifact"]]),
        rung(
            "pilotage-release",
            &[&["pilotage-artifact", "pilotage-config", "pilotage-git", "pilotage-record"]],
        ),
        rung("pilotage-sarif", &[]),
        rung("pilotage-scan", &[&["pilotage-artifact", "pilotage-git", "pilotage-sarif"]]),
        rung("pilotage-clock", &[&["pilotage-rollout"]]),
        rung("pilotage-lease", &[DOMAIN]),
        rung("pilotage-redact", &[]),
        rung("pilotage-secrets", &[DOMAIN]),
        rung("pilotage-child", &[DOMAIN, &["pilotage-redact"]]),
        rung("pilotage-migration", &[DOMAIN, CHILDREN, &["pilotage-lease", "pilotage-sarif"]]),
        rung("pilotage-load", &[]),
        rung(
            "pilotage-driver",
            &[DOMAIN, &["pilotage-judge", "pilotage-lease", "pilotage-redact"]],
        ),
        rung("pilotage-testkit", &[BELOW_ADAPTERS]),
        rung("pilotage-registry", &[BELOW_ADAPTERS]),
        rung("pilotage-host", &[BELOW_ADAPTERS]),
        rung("pilotage-identity", &[DOMAIN]),
        rung("pilotage-aws", &[BELOW_ADAPTERS, REGISTRY, &["pilotage-identity"]]),
        rung("pilotage-azure", &[BELOW_ADAPTERS, REGISTRY, &["pilotage-identity"]]),
        rung("pilotage-sql", &[BELOW_ADAPTERS]),
        rung("pilotage-kubernetes", &[BELOW_ADAPTERS]),
        rung("pilotage-ecs-task", &[BELOW_ADAPTERS, &["pilotage-aws", "pilotage-identity"]]),
        rung(
            "pilotage-target-ecs",
            &[BELOW_ADAPTERS, &["pilotage-aws", "pilotage-ecs-task", "pilotage-identity"]],
        ),
        rung("pilotage-target-ec2", &[BELOW_ADAPTERS, &["pilotage-aws"]]),
        rung("pilotage-target-aks", &[BELOW_ADAPTERS, &["pilotage-azure", "pilotage-kubernetes"]]),
        rung("pilotage-ci", &[BELOW_ADAPTERS]),
        rung("pilotage-cli", &[BELOW_ADAPTERS, &["pilotage-ci", "pilotage-config"]]),
        rung("pilotage-lookout", &[BELOW_ADAPTERS, &["pilotage-ci", "pilotage-cli"]]),
        rung("pilotage-xtask", &[&["pilotage-artifact", "pilotage-git", "pilotage-release"]]),
        Rung { name: "tests", may_use: Allowed::Everything, pure: false },
        Rung { name: "xtask", may_use: Allowed::Everything, pure: false },
        Rung { name: "measure", may_use: Allowed::Everything, pure: false },
    ],
    shelves: &[
        Rung { name: "bins", may_use: Allowed::Product, pure: false },
        Rung { name: "tests", may_use: Allowed::Everything, pure: false },
    ],
    testkit: "pilotage-testkit",
    impure: &["tokio", "async-trait", "aws-*", "azure*", "kube*", "hyper", "reqwest"],
};

const fn rung(name: &'static str, may_use: &'static [&'static [&'static str]]) -> Rung<'static> {
    Rung { name, may_use: Allowed::Only(may_use), pure: false }
}

const fn pure(name: &'static str, may_use: &'static [&'static [&'static str]]) -> Rung<'static> {
    Rung { name, may_use: Allowed::Only(may_use), pure: true }
}
