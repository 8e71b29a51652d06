//! Chooses the HTTP client that may fetch from a URL, if any may.
//!
//! None of them knows the key, follows a redirect or tells where it comes from.

use std::time::Duration;

use apifox_client::{SystemProxies, is_loopback, system_proxies};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use rustls::ClientConfig;
use url::Host;

use super::address::is_public;
use super::resolve::{NotPublic, PublicOnly};

/// How many headers a reply may have: hyper loses one with more than 100 unless it is told,
/// and clears room for so many before it reads each reply.
const MOST_HEADERS: usize = 256;

/// The clients for the ways that a download may go.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    base: Url,
    proxies: SystemProxies,
    /// To where the API itself is, whatever address that has.
    own: Client,
    /// By the system's proxy, which resolves names itself.
    proxied: Client,
    /// To the public internet.
    direct: Client,
}

impl Routes {
    pub fn new(
        base: Url,
        tls: &ClientConfig,
        connect_timeout: Duration,
        read_timeout: Duration,
    ) -> reqwest::Result<Self> {
        // What is compressed is no part of a picture that could be gone on from.
        let identity = HeaderValue::from_static("identity");
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, identity)]);
        let client = || {
            Client::builder()
                .default_headers(headers.clone())
                .tls_backend_preconfigured(tls.clone())
                .user_agent(concat!("inkstone/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(connect_timeout)
                .read_timeout(read_timeout)
                .redirect(Policy::none())
                .referer(false)
                .retry(reqwest::retry::never())
                .http1_max_headers(MOST_HEADERS)
                .http1_ignore_invalid_headers_in_responses(true)
                .http1_allow_spaces_after_header_name_in_responses(true)
                .http1_allow_obsolete_multiline_headers_in_responses(true)
        };
        let proxies = system_proxies();
        let own = match is_loopback(&base) || proxies.are_off() {
            true => client().no_proxy(),
            false => client(),
        };
        Ok(Self {
            proxies,
            own: own.build()?,
            proxied: client().build()?,
            direct: client().no_proxy().dns_resolver(PublicOnly).build()?,
            base,
        })
    }

    /// The client that may fetch from `url`, an http URL.
    ///
    /// A name's addresses are checked by [`PublicOnly`] when it is connected to.
    /// Behind a proxy that is the proxy's business: here only hosts that show
    /// what they are can be told.
    pub fn to(&self, url: &Url) -> Result<&Client, NotPublic> {
        if self.is_own(url) {
            return Ok(&self.own);
        }
        if shows_not_public(url) {
            let host = url.host_str().unwrap_or_default().to_owned();
            return Err(NotPublic {
                host,
                address: None,
            });
        }
        match self.proxies.proxy_for(url) {
            Some(_) => Ok(&self.proxied),
            None => Ok(&self.direct),
        }
    }

    /// The proxy that a download from `url` goes by, if it goes by one.
    pub fn proxy_for(&self, url: &Url) -> Option<String> {
        let is_direct = self.is_own(url) && is_loopback(&self.base);
        match is_direct {
            true => None,
            false => self.proxies.proxy_for(url),
        }
    }

    /// Whether the API itself is there; if it is on this machine, so may be the
    /// server of its pictures, as with a sandbox.
    fn is_own(&self, url: &Url) -> bool {
        let same = url.host() == self.base.host()
            && url.port_or_known_default() == self.base.port_or_known_default();
        same || is_loopback(url) && is_loopback(&self.base)
    }
}

/// Whether the host is written as an address that is not public, or as a name
/// of this machine.
fn shows_not_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => !is_public(address.into()),
        Some(Host::Ipv6(address)) => !is_public(address.into()),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Routes;

    const SOON: Duration = Duration::from_secs(1);

    /// Whether a client of the API at `base` may fetch from `url`, as far as the
    /// URL shows.
    fn may(base: &str, url: &str) -> bool {
        let base = base.parse().expect("a URL");
        let tls = apifox_client::platform_tls(&[], true).expect("TLS");
        let routes = Routes::new(base, &tls, SOON, SOON).expect("clients");
        routes.to(&url.parse().expect("a URL")).is_ok()
    }

    #[test]
    fn only_where_the_api_is_may_a_host_not_be_public() {
        let public = "https://api.example";
        let cases = [
            (public, "https://a.example/1.png", true),
            (public, "http://1.1.1.1/", true),
            (public, "http://127.0.0.1/", false),
            (public, "http://localhost:8080/", false),
            (public, "http://LOCALHOST./", false),
            (public, "http://a.localhost/", false),
            (public, "http://10.0.0.1/", false),
            (public, "http://169.254.169.254/latest/meta-data", false),
            // Other ways to write 127.0.0.1 and 10.0.0.1.
            (public, "http://2130706433/", false),
            (public, "http://0x7f.1/", false),
            (public, "http://012.0.0.1/", false),
            (public, "http://[::1]/", false),
            (public, "http://[::ffff:127.0.0.1]/", false),
            (public, "http://198.18.0.7/", false),
            // There, at its port, and nowhere else.
            ("https://10.0.0.1", "https://10.0.0.1/1.png", true),
            ("https://10.0.0.1", "https://10.0.0.1:443/1.png", true),
            ("https://10.0.0.1", "http://10.0.0.1/1.png", false),
            ("https://10.0.0.1", "https://10.0.0.2/1.png", false),
            ("https://10.0.0.1", "http://127.0.0.1/1.png", false),
            ("http://127.0.0.1:1", "http://127.0.0.1:2/1.png", true),
            ("http://127.0.0.1:1", "http://localhost:2/1.png", true),
            ("http://127.0.0.1:1", "http://[::1]:2/1.png", true),
            ("http://127.0.0.1:1", "http://10.0.0.1:1/1.png", false),
        ];
        for (base, url, expected) in cases {
            assert_eq!(may(base, url), expected, "{base} {url}");
        }
    }
}
