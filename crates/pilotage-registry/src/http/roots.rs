//! Whom to trust: the roots of the machine, and what a company or a laboratory adds.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Authorities that are trusted beside those of the machine.
#[derive(Debug, Clone, Default)]
pub struct Roots(Vec<CertificateDer<'static>>);

/// Why a file holds no authorities.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootsError {
    /// There is no certificate in it.
    #[error("there is no certificate in it: give those of the authority as PEM")]
    Empty,
    /// It is no PEM.
    #[error("it is no PEM")]
    NotPem(#[source] rustls::pki_types::pem::Error),
    /// A certificate in it cannot be one of an authority.
    #[error("a certificate in it cannot be used")]
    Unusable(#[source] rustls::Error),
}

impl Roots {
    /// Reads the certificates of a file in PEM.
    pub fn parse(pem: &[u8]) -> Result<Self, RootsError> {
        let parsed: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let roots = parsed.map_err(RootsError::NotPem)?;
        if roots.is_empty() {
            return Err(RootsError::Empty);
        }
        let mut store = RootCertStore::empty();
        for root in &roots {
            store.add(root.clone()).map_err(RootsError::Unusable)?;
        }
        Ok(Self(roots))
    }

    /// What a client believes. Roots of the machine that cannot be read are not trusted; where none
    /// is left, whoever is reached is refused as unknown.
    pub(super) fn config(&self) -> Result<ClientConfig, rustls::Error> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        store.add_parsable_certificates(self.0.iter().cloned());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions()?;
        Ok(config.with_root_certificates(store).with_no_client_auth())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_authority_is_told() {
        assert!(matches!(Roots::parse(b""), Err(RootsError::Empty)));
        assert!(matches!(Roots::parse(b"certificate"), Err(RootsError::Empty)));
        let torn = b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
        assert!(matches!(Roots::parse(torn), Err(RootsError::NotPem(_))));
        let other = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(Roots::parse(other), Err(RootsError::Unusable(_))));
    }
}
