//! Where a cluster is, and as whom it is asked.

use std::path::PathBuf;

use secrecy::SecretString;

/// How to find a cluster and the credentials for it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Access {
    /// As `kubectl` does: the files that `KUBECONFIG` names, or `~/.kube/config`; the service
    /// account of the pod where there is none.
    #[default]
    Usual,
    /// The service account of the pod that this runs in.
    InCluster,
    /// A service account whose files are mounted elsewhere.
    Mounted {
        /// The address of the API server, as `https://HOST:PORT`.
        server: String,
        /// The folder with `token`, `ca.crt` and `namespace`. The token is read again once a
        /// minute, for whoever mounts it replaces it before it ends.
        folder: PathBuf,
    },
    /// A kubeconfig, with its credential plugins and client certificates.
    Kubeconfig {
        /// The file; none means those that `KUBECONFIG` names, or `~/.kube/config`.
        file: Option<PathBuf>,
        /// The context; none means the current one of the file.
        context: Option<String>,
    },
    /// A server and a token, and nothing of the environment.
    Explicit(Explicit),
}

/// A server and a token.
#[derive(Debug, Clone)]
pub struct Explicit {
    /// The address of the API server, as `https://HOST:PORT`.
    pub server: String,
    /// The certificates that may vouch for it, as PEM; none means those that this machine trusts.
    pub authority: Option<String>,
    /// The token that is shown to it.
    pub token: SecretString,
}
