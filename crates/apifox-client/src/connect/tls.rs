//! TLS by rustls and ring, trusting what the platform trusts.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

/// TLS that trusts what the platform trusts, and `extra_roots` as well.
///
/// With `local_only` a platform without any trusted certificate will do, so that a server
/// on this machine can be reached from a machine that has none.
///
/// # Errors
///
/// When the platform has no certificates, or one of `extra_roots` is not valid.
pub fn platform_tls(
    extra_roots: &[CertificateDer<'static>],
    local_only: bool,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions()?;
    let verifier = match extra_roots {
        [] => Verifier::new(provider),
        extra => Verifier::new_with_extra_roots(extra.iter().cloned(), provider),
    };
    match verifier {
        Ok(verifier) => {
            let verifier: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
            let builder = builder
                .dangerous()
                .with_custom_certificate_verifier(verifier);
            Ok(builder.with_no_client_auth())
        }
        Err(_) if local_only && extra_roots.is_empty() => {
            let builder = builder.with_root_certificates(RootCertStore::empty());
            Ok(builder.with_no_client_auth())
        }
        Err(error) => Err(error),
    }
}
