//! Which servers are trusted: one with a certificate of a root that the caller names.

use std::sync::{Arc, Mutex};

use apifox_client::Stage;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::server::{reply, serve};
use crate::shop::{client, operation};

/// Made for these tests, and trusted by nobody else.
const ROOT: &[u8] = include_bytes!("certificates/ca.pem");
const CERTIFICATE: &[u8] = include_bytes!("certificates/localhost.pem");
const PRIVATE_KEY: &[u8] = include_bytes!("certificates/localhost.key");

fn acceptor() -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().expect("TLS");
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(PRIVATE_KEY).expect("PEM");
    let config = config.with_no_client_auth();
    let config = config.with_single_cert(vec![certificate], key);
    TlsAcceptor::from(Arc::new(config.expect("a certificate")))
}

/// The URL of a server that shows that certificate.
async fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let journal = Arc::new(Mutex::new(Vec::new()));
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust it hangs up.
            if let Ok(stream) = acceptor().accept(stream).await {
                let acts = vec![vec![reply("200 OK", "", "{}")]];
                tokio::spawn(serve(stream, acts, journal.clone()));
            }
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn a_root_of_the_callers_own_is_trusted_beside_the_platforms() {
    let url = server().await;
    let shop = client(&url).build().expect("a client");
    let sent = shop.send_json(&operation("GET"), &json!({})).await;
    assert_eq!(sent.expect_err("a stranger").stage(), Stage::NotSent);
    let shop = client(&url).root_certificates(ROOT).build();
    let shop = shop.expect("a client");
    let sent = shop.send_json(&operation("GET"), &json!({})).await;
    assert_eq!(sent.expect("a reply").status(), 200);
}

/// What a server on this machine shows is compared with what the platform trusts when it is
/// shown. Elsewhere than on Linux no variable says what the platform trusts.
#[cfg(target_os = "linux")]
#[test]
fn a_server_on_this_machine_may_be_trusted_by_the_platform() {
    let certificates = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/certificates");
    let itself = std::env::current_exe().expect("this program");
    let output = std::process::Command::new(itself)
        .args(["--exact", "tls::the_platform_trusts_the_server"])
        .env("SSL_CERT_FILE", format!("{certificates}/ca.pem"))
        .env_remove("SSL_CERT_DIR")
        .env(TRUSTED, "1")
        .output();
    let output = output.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}

/// Set where the platform trusts the certificate of these tests: the test above sees to that.
const TRUSTED: &str = "APIFOX_TEST_TRUSTED";

#[tokio::test]
async fn the_platform_trusts_the_server() {
    if std::env::var_os(TRUSTED).is_none() {
        return;
    }
    let shop = client(&server().await).build().expect("a client");
    let sent = shop.send_json(&operation("GET"), &json!({})).await;
    assert_eq!(sent.expect("a reply").status(), 200);
}
