//! Which proxy the system has a request go by.

use std::env;
use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

/// The proxies that the system's settings name.
#[derive(Clone)]
pub struct SystemProxies(Option<Arc<Matcher>>);

/// What the system's settings say of proxies now.
#[must_use]
pub fn system_proxies() -> SystemProxies {
    match is_off() {
        true => SystemProxies(None),
        false => SystemProxies(Some(Arc::new(Matcher::from_system()))),
    }
}

/// Whether `no_proxy` has a `*`, which stands for every host. The matcher takes it for every
/// name, and not for addresses.
fn is_off() -> bool {
    let given = ["NO_PROXY", "no_proxy"].map(|name| env::var(name).ok());
    let hosts = given.into_iter().flatten().next().unwrap_or_default();
    hosts.split(',').any(|host| host.trim() == "*")
}

impl SystemProxies {
    /// Whether no request goes by a proxy.
    #[must_use]
    pub fn are_off(&self) -> bool {
        self.0.is_none()
    }

    /// The proxy for a URL, without what it may hold of a password; `None` where a request
    /// goes there directly.
    #[must_use]
    pub fn proxy_for(&self, url: &Url) -> Option<String> {
        let uri = url.as_str().parse().ok()?;
        let intercepted = self.0.as_ref()?.intercept(&uri)?;
        shown(&intercepted.uri().to_string())
    }
}

impl fmt::Debug for SystemProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its settings may hold a password.
        f.debug_struct("SystemProxies").finish_non_exhaustive()
    }
}

/// Scheme, host and port of a proxy's URL.
pub(crate) fn shown(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        let cases = [
            (
                "http://u:p@proxy.example:3128/",
                Some("http://proxy.example:3128"),
            ),
            ("socks5h://10.0.0.1:1080", Some("socks5h://10.0.0.1:1080")),
            ("http://[::1]:1/", Some("http://[::1]:1")),
            ("proxy", None),
        ];
        for (url, expected) in cases {
            assert_eq!(shown(url).as_deref(), expected, "{url}");
        }
    }
}
