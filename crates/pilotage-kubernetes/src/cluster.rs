//! A cluster, and the one way in which it is asked.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use kube::client::ClientBuilder;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::failure::without_output;
use crate::{Access, Explicit, Namespace, pod};

/// A cluster, with credentials for it.
#[derive(Clone)]
pub struct Cluster {
    pub(crate) client: Client,
    server: String,
    namespace: Namespace,
}

/// A cluster cannot be found, or there are no credentials for it.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}; {remedy}")]
pub struct ClusterError {
    what: String,
    why: String,
    remedy: &'static str,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A connection is made within this, its name looked up and its certificate checked.
const CONNECT: Duration = Duration::from_secs(3);
/// One answer, and one sending, may take this long.
const SILENCE: Duration = Duration::from_secs(5);

const KUBECONFIG: &str = "set `KUBECONFIG` to a file that `kubectl` can use with that context";
const SERVER: &str = "give its address as `https://HOST:PORT`, and its authority as PEM";
const CREDENTIALS: &str = "look whether `kubectl` gets in with the same kubeconfig";

impl Cluster {
    /// Finds the cluster and the credentials for it; a credential plugin is run for that. The
    /// cluster itself is not asked yet.
    pub async fn open(access: &Access) -> Result<Self, ClusterError> {
        let mut config = config(access).await?;
        config.connect_timeout = Some(CONNECT);
        config.read_timeout = Some(SILENCE);
        config.write_timeout = Some(SILENCE);
        // An idle connection's silence is not that of the server.
        config.reset_reader_on_write = true;
        // A second attempt would take what the first one did for somebody else's doing.
        config.default_retry = false;
        Self::of(config)
    }

    fn of(config: Config) -> Result<Self, ClusterError> {
        let server = config.cluster_url.to_string();
        let what = || format!("the cluster at `{server}` cannot be used");
        if !is_private(&config) {
            let why = "credentials would go to it in the clear";
            return Err(ClusterError { why: why.into(), ..ClusterError::new(what(), SERVER) });
        }
        let namespace = config.default_namespace.parse();
        let namespace =
            namespace.map_err(|why| ClusterError::new(what(), KUBECONFIG).because(why))?;
        let client = ClientBuilder::try_from(config)
            .map_err(|why| ClusterError::new(what(), CREDENTIALS).because(without_output(why)))?;
        Ok(Self { client: client.build(), server, namespace })
    }

    /// The address of its API server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The namespace that the kubeconfig's context or the pod's service account names; `default`
    /// if there is none.
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }
}

impl Debug for Cluster {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("server", &self.server).finish_non_exhaustive()
    }
}

impl ClusterError {
    fn new(what: impl Into<String>, remedy: &'static str) -> Self {
        Self { what: what.into(), why: String::new(), remedy, source: None }
    }

    pub(crate) fn told(what: &str, why: &dyn fmt::Display, remedy: &'static str) -> Self {
        Self { why: why.to_string(), ..Self::new(what, remedy) }
    }

    /// What the client says about a broken file quotes it, tokens and all: only the line is kept.
    fn of_kubeconfig(what: impl Into<String>, why: KubeconfigError) -> Self {
        let unusable = Self::new(what, KUBECONFIG);
        let KubeconfigError::Parse(broken) = why else { return unusable.because(why) };
        let line =
            broken.location().map_or_else(String::new, |at| format!(" (line {})", at.line()));
        Self { why: format!("it is not a kubeconfig in YAML{line}"), ..unusable }
    }

    fn because(self, why: impl StdError + Send + Sync + 'static) -> Self {
        Self { why: why.to_string(), source: Some(Box::new(why)), ..self }
    }
}

/// Whether nobody on the way can read what is sent.
fn is_private(config: &Config) -> bool {
    let is_https = config.cluster_url.scheme_str() == Some("https");
    let host = config.cluster_url.host().unwrap_or_default();
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    is_https || is_here
}

async fn config(access: &Access) -> Result<Config, ClusterError> {
    match access {
        Access::Usual => usual().await,
        Access::InCluster => pod::config(),
        Access::Mounted { server, folder } => pod::mounted(server, folder),
        Access::Kubeconfig { file, context } => {
            let named = file.as_ref().map(|file| format!("the kubeconfig `{}`", file.display()));
            let named = named.unwrap_or_else(|| "the kubeconfig".into());
            let read = file.as_ref().map_or_else(Kubeconfig::read, Kubeconfig::read_from);
            let config = chosen(read, context.clone()).await;
            config
                .map_err(|why| ClusterError::of_kubeconfig(format!("{named} cannot be used"), why))
        }
        Access::Explicit(explicit) => given(explicit),
    }
}

async fn chosen(
    read: Result<Kubeconfig, KubeconfigError>,
    context: Option<String>,
) -> Result<Config, KubeconfigError> {
    let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
    Config::from_custom_kubeconfig(read?, &options).await
}

/// Without the client's own debugging aids, by which a variable could send credentials elsewhere.
async fn usual() -> Result<Config, ClusterError> {
    let unusable = |why| ClusterError::of_kubeconfig("the kubeconfig cannot be used", why);
    match chosen(Kubeconfig::read(), None).await {
        Ok(config) => Ok(config),
        // Only a file that is not there means that another way is meant.
        Err(KubeconfigError::ReadConfig(why, file)) if is_missing(&why) => {
            pod::config().map_err(|_| unusable(KubeconfigError::ReadConfig(why, file)))
        }
        Err(why) => Err(unusable(why)),
    }
}

fn is_missing(why: &std::io::Error) -> bool {
    why.kind() == std::io::ErrorKind::NotFound
}

fn given(explicit: &Explicit) -> Result<Config, ClusterError> {
    let what = format!("the cluster at `{}` cannot be used", explicit.server);
    let config = explicit.server.parse().map(Config::new);
    let mut config = config.map_err(|why| ClusterError::new(&what, SERVER).because(why))?;
    config.root_cert = explicit
        .authority
        .as_deref()
        .map(certificates)
        .transpose()
        .map_err(|why| ClusterError::new(&what, SERVER).because(why))?;
    config.auth_info.token = Some(explicit.token.clone());
    Ok(config)
}

pub(crate) fn certificates(pem: &str) -> Result<Vec<Vec<u8>>, rustls::pki_types::pem::Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match read {
        Ok(none) if none.is_empty() => Err(rustls::pki_types::pem::Error::NoItemsFound),
        read => Ok(read?.into_iter().map(|certificate| certificate.to_vec()).collect()),
    }
}
