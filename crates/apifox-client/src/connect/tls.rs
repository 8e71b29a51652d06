//! TLS by rustls and ring, trusting what the platform trusts.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// TLS that trusts what the platform trusts, and `extra_roots` as well.
///
/// With `local_only` and no `extra_roots` what the platform trusts is read when a server wants to
/// be trusted, and not before: a server on this machine can be reached from a machine that trusts
/// none, and nobody waits for hundreds of certificates that nothing is compared with.
///
/// # Errors
///
/// When the platform has no certificates and they are read now, or one of `extra_roots` is not
/// valid.
pub fn platform_tls(
    extra_roots: &[CertificateDer<'static>],
    local_only: bool,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions()?;
    let verifier: Arc<dyn ServerCertVerifier> = match extra_roots {
        [] if local_only => Arc::new(WhenAsked::new(provider)),
        [] => Arc::new(Verifier::new(provider)?),
        extra => {
            let extra = extra.iter().cloned();
            Arc::new(Verifier::new_with_extra_roots(extra, provider)?)
        }
    };
    let builder = builder
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Ok(builder.with_no_client_auth())
}

/// What the platform trusts, read when it is asked for.
#[derive(Debug)]
struct WhenAsked {
    provider: Arc<CryptoProvider>,
    verifier: OnceLock<Verifier>,
}

impl WhenAsked {
    fn new(provider: Arc<CryptoProvider>) -> Self {
        let verifier = OnceLock::new();
        Self { provider, verifier }
    }

    fn verifier(&self) -> Result<&Verifier, rustls::Error> {
        if let Some(verifier) = self.verifier.get() {
            return Ok(verifier);
        }
        // Where it can't be read now it is read again, for the next server.
        let read = Verifier::new(self.provider.clone())?;
        Ok(self.verifier.get_or_init(|| read))
    }
}

impl ServerCertVerifier for WhenAsked {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.verifier()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // Those that every verifier of this provider has, with certificates or without.
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
