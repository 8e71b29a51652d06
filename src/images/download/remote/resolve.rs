//! Resolves the names of servers, to addresses that a download may connect to.

use std::error::Error as StdError;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{is_public, is_stand_in};

/// Resolves names to public addresses alone.
///
/// What is checked here is what is connected to: a name that changes its address
/// between a check and a connection gains nothing.
#[derive(Debug)]
pub(crate) struct PublicOnly;

/// A host that is not on the public internet.
#[derive(Debug)]
pub(crate) struct NotPublic {
    pub host: String,
    pub address: Option<IpAddr>,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.host;
        match self.address {
            Some(address) => write!(f, "{host} is at {address}, not on the public internet"),
            None => write!(f, "{host} is not on the public internet"),
        }
    }
}

impl StdError for NotPublic {}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<_> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let public = public(host, found)?;
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Those of `found` that a download may connect to.
fn public(
    host: String,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Box<dyn StdError + Send + Sync>> {
    let first = found.first().map(SocketAddr::ip);
    let (public, other): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|address| is_public(address.ip()) || is_stand_in(address.ip()));
    match public.is_empty() && !other.is_empty() {
        true => Err(Box::new(NotPublic {
            host,
            address: first,
        })),
        false => Ok(public),
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use reqwest::dns::Resolve as _;

    use super::{NotPublic, PublicOnly, public};

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused() {
        let name = "localhost".parse().expect("a name");
        let Err(error) = PublicOnly.resolve(name).await else {
            panic!("localhost is not public");
        };
        assert!(error.is::<NotPublic>(), "{error}");
    }

    #[tokio::test]
    async fn a_connection_by_name_is_refused_where_it_is_made() {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(apifox_client::platform_tls(&[], true).expect("TLS"))
            .no_proxy()
            .dns_resolver(PublicOnly)
            .build()
            .expect("a client");
        let error = client
            .get("http://localhost:1/")
            .send()
            .await
            .expect_err("refused");
        let failure = crate::images::download::failure::broken(error);
        let text = format!("{failure:?}");
        assert!(
            text.starts_with("Final") && text.contains("public internet"),
            "{text}"
        );
    }

    #[test]
    fn a_name_leads_to_its_public_addresses() {
        let cases: [(&[&str], Option<&[&str]>); 6] = [
            (
                &["1.1.1.1:0", "[2606:4700::1]:0"],
                Some(&["1.1.1.1:0", "[2606:4700::1]:0"]),
            ),
            (&["127.0.0.1:0", "1.1.1.1:0"], Some(&["1.1.1.1:0"])),
            (&["127.0.0.1:0", "[::1]:0"], None),
            (&["10.0.0.1:0"], None),
            // A proxy's stand-in.
            (&["198.18.0.7:0"], Some(&["198.18.0.7:0"])),
            (&[], Some(&[])),
        ];
        let parse = |it: &[&str]| {
            it.iter()
                .map(|text| text.parse().expect("an address"))
                .collect()
        };
        for (found, expected) in cases {
            let result = public("a.example".into(), parse(found)).ok();
            assert_eq!(result, expected.map(parse), "{found:?}");
        }
    }
}
