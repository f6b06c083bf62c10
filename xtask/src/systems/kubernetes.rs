//! A control plane of Kubernetes: the API server and the store under it, as they are released.
//!
//! There are no controllers and no nodes: objects are checked, kept, versioned and guarded by
//! rights as everywhere, and nothing is done about them. Whoever has a cluster names a kubeconfig
//! of it in `PILOTAGE_TEST_KUBERNETES`, and the tests use that one instead, in namespaces of their
//! own. Tests find the kubeconfig of this one in the same variable.

mod programs;

use std::path::Path;
use std::time::Duration;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::files;
use pilotage_xtask::system::{
    Handle, Host, Lack, NotRun, Package, Process, Resource, System, port,
};

use programs::Programs;

/// An API server with etcd under it.
#[derive(Debug)]
pub(crate) struct Kubernetes;

/// Where tests find the kubeconfig, and where a person names their own.
pub(super) const KUBECONFIG: &str = "PILOTAGE_TEST_KUBERNETES";
/// A folder with both programs, as other projects name it.
pub(super) const ASSETS: &str = "KUBEBUILDER_ASSETS";

const PATIENCE: Duration = Duration::from_mins(1);
/// Good for nothing but this server, which listens on this machine alone.
const TOKEN: &str = "pilotage";

impl System for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn why(&self) -> &'static str {
        "leases in Kubernetes"
    }

    fn packages(&self) -> &'static [Package] {
        &[Package::Apt("curl")]
    }

    fn find(&self, host: &Host) -> Result<(), Lack> {
        if let Some(own) = host.variables.get(KUBECONFIG) {
            let lack = || Lack::Machine(format!("{KUBECONFIG} names {own}, which is not there"));
            return if Path::new(own).is_file() { Ok(()) } else { Err(lack()) };
        }
        host.linux()?;
        Programs::can_be_had(host)?;
        host.program("curl").map(drop)
    }

    fn start(&self, host: &Host) -> Result<Handle, NotRun> {
        if let Some(own) = host.variables.get(KUBECONFIG) {
            return Ok(Handle::new(self.name()).env(KUBECONFIG, own));
        }
        let programs = Programs::find_or_build(host)?;
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("pilotage-kubernetes-").tempdir_in(&host.temporary);
        let folder = folder.map_err(NotRun::because)?.keep();
        let mut handle = Handle::new(self.name()).with(Resource::Folder(folder.clone()));
        match both(&programs, &folder, &mut handle) {
            Ok(()) => Ok(handle.env(KUBECONFIG, folder.join("kubeconfig").display().to_string())),
            Err(reason) => handle.stop().map_err(NotRun::because).and(Err(reason)),
        }
    }
}

/// Starts one above the other; what runs is in the handle, also after a failure.
fn both(programs: &Programs, folder: &Path, handle: &mut Handle) -> Result<(), NotRun> {
    let (store, peers, api) = (port::free()?, port::free()?, port::free()?);
    let etcd = etcd(programs, folder, store, peers);
    run(&etcd, store, &folder.join("etcd.log"), handle)?;
    let token = format!("{TOKEN},admin,admin,system:masters\n");
    files::write(&folder.join("tokens.csv"), &token).map_err(NotRun::because)?;
    let server = api_server(programs, folder, store, api);
    run(&server, api, &folder.join("kube-apiserver.log"), handle)?;
    ready(folder, api)?;
    files::write(&folder.join("kubeconfig"), &kubeconfig(folder, api)).map_err(NotRun::because)
}

fn run(command: &Cmd, port: u16, log: &Path, handle: &mut Handle) -> Result<(), NotRun> {
    let process = Process::start(command, log).map_err(NotRun::because)?;
    *handle = handle.clone().with(Resource::Process(process));
    port::wait(port, &process, PATIENCE).map_err(|reason| {
        let said = files::read(log).unwrap_or_default();
        let last = said.lines().last().unwrap_or("it said nothing");
        NotRun::because(format!("{reason}: {last}"))
    })
}

fn etcd(programs: &Programs, folder: &Path, store: u16, peers: u16) -> Cmd {
    let at = |port: u16| format!("http://127.0.0.1:{port}");
    Cmd::new(programs.etcd.display().to_string()).args([
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls={}", at(store)),
        format!("--advertise-client-urls={}", at(store)),
        format!("--listen-peer-urls={}", at(peers)),
        format!("--initial-advertise-peer-urls={}", at(peers)),
        format!("--initial-cluster=default={}", at(peers)),
        "--unsafe-no-fsync=true".into(),
        "--log-level=warn".into(),
    ])
}

fn api_server(programs: &Programs, folder: &Path, store: u16, api: u16) -> Cmd {
    let certificates = folder.join("certificates");
    // It makes a key for its own certificate; tokens of service accounts are signed by that too.
    let key = certificates.join("apiserver.key").display().to_string();
    Cmd::new(programs.api_server.display().to_string()).args([
        format!("--etcd-servers=http://127.0.0.1:{store}"),
        "--bind-address=127.0.0.1".into(),
        format!("--secure-port={api}"),
        format!("--cert-dir={}", certificates.display()),
        "--service-cluster-ip-range=10.0.0.0/24".into(),
        "--service-account-issuer=https://kubernetes.default.svc".into(),
        format!("--service-account-key-file={key}"),
        format!("--service-account-signing-key-file={key}"),
        format!("--token-auth-file={}", folder.join("tokens.csv").display()),
        "--authorization-mode=RBAC".into(),
        "--disable-admission-plugins=ServiceAccount".into(),
        "--endpoint-reconciler-type=none".into(),
    ])
}

/// It listens a moment before it answers for everything.
fn ready(folder: &Path, api: u16) -> Result<(), NotRun> {
    let authority = folder.join("certificates/apiserver.crt").display().to_string();
    let patience = PATIENCE.as_secs().to_string();
    let ask = Cmd::new("curl").args(["--silent", "--show-error", "--fail", "--cacert", &authority]);
    let ask = ask.args(["--retry", &patience, "--retry-delay", "1", "--retry-all-errors"]);
    let ask = ask.args(["--retry-max-time", &patience, "--max-time", &patience]);
    let ask = ask.args(["--oauth2-bearer", TOKEN, &format!("https://127.0.0.1:{api}/readyz")]);
    ask.output().map(drop).map_err(NotRun::because)
}

fn kubeconfig(folder: &Path, api: u16) -> String {
    let authority = folder.join("certificates/apiserver.crt");
    format!(
        "apiVersion: v1\n\
         kind: Config\n\
         clusters:\n\
         - name: test\n\
         \u{20} cluster: {{server: 'https://127.0.0.1:{api}', certificate-authority: '{}'}}\n\
         users:\n\
         - name: admin\n\
         \u{20} user: {{token: {TOKEN}}}\n\
         contexts:\n\
         - name: test\n\
         \u{20} context: {{cluster: test, user: admin}}\n\
         current-context: test\n",
        authority.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::Here;

    #[test]
    fn a_cluster_of_ones_own_is_used_and_never_stopped() {
        let root = tempfile::tempdir().expect("a folder");
        let own = root.path().join("kubeconfig");
        let mut host = Here::discover().host;
        host.variables.insert(KUBECONFIG.into(), own.display().to_string());
        let lack = Kubernetes.find(&host).expect_err("there is no such file").to_string();
        assert!(lack.contains("which is not there"), "{lack}");
        files::write(&own, "").expect("it can be written");
        assert_eq!(Kubernetes.find(&host), Ok(()));
        let handle = Kubernetes.start(&host).expect("it runs already");
        assert_eq!(handle.variables()[KUBECONFIG], own.display().to_string());
        handle.stop().expect("there is nothing to stop");
        assert!(own.is_file());
    }
}
