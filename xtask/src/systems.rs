//! The real systems that tests of this repository need, one file each.

mod account;
pub mod aws;
mod chromium;
mod docker;
pub mod docker_registry;
mod kubernetes;
mod mariadb;
mod parliament;
mod pgbouncer;
mod postgres;
mod small_disk;
mod sshd;

use pilotage_xtask::system::System;

/// All of them, in the order in which they start.
pub const ALL: &[&dyn System] = &[
    &small_disk::SmallDisk,
    &chromium::Chromium,
    &parliament::Parliament,
    &docker_registry::DockerRegistry,
    &sshd::Sshd,
    &postgres::Postgres,
    &pgbouncer::PgBouncer,
    &mariadb::MariaDb,
    &docker::Docker,
    &aws::MINISTACK,
    &aws::MOTO,
    &kubernetes::Kubernetes,
];

/// The variables by which a person brings a system, or its programs, of their own.
pub const VARIABLES: &[&str] = &[kubernetes::KUBECONFIG, kubernetes::ASSETS, docker::DOCKER_HOST];

/// Their names.
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|system| system.name()).collect()
}
