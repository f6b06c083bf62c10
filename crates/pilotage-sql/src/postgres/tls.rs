//! How to speak to a PostgreSQL in private.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A connector that trusts the roots in this file and nobody else, or else whom this machine
/// trusts; whether it is used is said by `sslmode`.
pub(super) fn connector(
    root: Option<&Path>,
) -> Result<MakeRustlsConnect, Box<dyn Error + Send + Sync>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let roots = root.map_or_else(|| Ok(of_this_machine()), of_file)?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// A root that cannot be read is one less to trust; without any, every server is refused.
fn of_this_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// What was named must be there and be good.
fn of_file(path: &Path) -> Result<RootCertStore, Box<dyn Error + Send + Sync>> {
    let wrong = |error: &dyn core::fmt::Display| {
        format!("`sslrootcert` names {}, which holds no certificates: {error}", path.display())
    };
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
        let root = root.map_err(|error| wrong(&error))?;
        roots.add(root).map_err(|error| wrong(&error))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"it is empty").into());
    }
    Ok(roots)
}
