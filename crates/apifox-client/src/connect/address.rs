//! The base URL of an API, and what of URLs would show the key.

use reqwest::Url;

/// The base URL that `given` is: http or https, with nothing behind its path. Plain http
/// to another machine is only taken with `allow_http`.
pub(crate) fn base_url(given: &str, allow_http: bool) -> Result<Url, String> {
    if let Some(url) = with_scheme(given) {
        has_no_user(&url)?;
        let url = url.as_str().trim_end_matches('/');
        return Err(format!("the base URL {given:?} has no scheme: write {url}"));
    }
    let base = match Url::parse(given) {
        Ok(base) => base,
        Err(error) => return Err(format!("the base URL {given:?} is not a URL: {error}")),
    };
    if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
        return Err(format!("the base URL {given:?} is neither http nor https"));
    }
    has_no_user(&base)?;
    if base.query().is_some() || base.fragment().is_some() {
        let start = given.find(['?', '#']).unwrap_or_default();
        let rest = &given[start..];
        return Err(format!(
            "the base URL {given:?} must end with its path: leave {rest:?} out"
        ));
    }
    if base.scheme() == "http" && !allow_http && !is_loopback(&base) {
        let host = base.host_str().unwrap_or_default();
        return Err(format!(
            "plain http to {host} would show the key to the network: use https, or allow http"
        ));
    }
    Ok(base)
}

/// What was given with a scheme before it, where it has none and is a host as people write one.
fn with_scheme(given: &str) -> Option<Url> {
    let given = given.trim();
    let is_host = |c: char| c.is_alphanumeric() || c == '[';
    if given.contains("://") || !given.starts_with(is_host) {
        return None;
    }
    let url = Url::parse(&format!("https://{given}")).ok()?;
    match is_loopback(&url) {
        true => Url::parse(&format!("http://{given}")).ok(),
        false => Some(url),
    }
}

fn has_no_user(url: &Url) -> Result<(), String> {
    match url.username().is_empty() && url.password().is_none() {
        true => Ok(()),
        false => Err("the base URL must not hold a user name or password".into()),
    }
}

/// Whether the host of a URL is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => {
            let address: Result<std::net::Ipv4Addr, _> = host.parse();
            address.is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_is_known_by_its_names_and_addresses() {
        let cases = [
            ("http://localhost:8080/", true),
            ("http://127.0.0.1/", true),
            ("http://127.7.7.7/", true),
            ("http://[::1]/", true),
            ("http://2130706433/", true),
            ("http://10.0.0.1/", false),
            ("http://[::2]/", false),
            ("http://localhost.example/", false),
            ("data:,", false),
        ];
        for (url, expected) in cases {
            let url = url.parse().expect("a URL");
            assert_eq!(is_loopback(&url), expected, "{url}");
        }
    }
}
