//! What a client is set up with: headers, hooks, proxies, clients of the caller's own.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apifox_client::{
    Api, Attempt, Builder, Client, Effect, Hook, Limit, LimitScope, Limiter, RawRequest, Stage,
};
use apifox_runtime::{Node, Operation, Path, Report};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, Request};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::server::{Act, Server, header, ok, reply, serve};
use crate::shop::{KEY, client, operation, sent};

struct Branch;

impl Api for Branch {
    fn headers(&self, _: &Operation, _: &Node<'_>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-branch", HeaderValue::from_static("api"));
        headers
    }
}

#[tokio::test]
async fn headers_come_from_the_caller_the_document_and_the_api() {
    let documented = Operation {
        headers: &[("X-Branch", "document")],
        ..operation("GET")
    };
    let caller = |builder: Builder| builder.header("X-Branch", "caller").user_agent("shop/1");
    let head = sent(&operation("GET"), caller).await;
    assert_eq!(header(&head, "x-branch"), Some("caller"));
    assert_eq!(header(&head, "user-agent"), Some("shop/1"));
    let head = sent(&documented, caller).await;
    assert_eq!(header(&head, "x-branch"), Some("document"));
    let head = sent(&documented, |builder| caller(builder).api(Branch)).await;
    assert_eq!(header(&head, "x-branch"), Some("api"));
    assert_eq!(head.matches("x-branch").count(), 1, "{head}");
}

/// Many servers answer 411 without it; RFC 9110 wants it where a method has a use for content.
#[tokio::test]
async fn a_request_that_could_have_a_body_and_has_none_says_so() {
    let cases = [
        ("POST", Some("0")),
        ("PUT", Some("0")),
        ("PATCH", Some("0")),
        ("QUERY", Some("0")),
        ("GET", None),
        ("HEAD", None),
        ("DELETE", None),
        ("OPTIONS", None),
        ("TRACE", None),
        ("LINK", None),
    ];
    for (method, expected) in cases {
        let bodiless = Operation {
            body: None,
            ..operation(method)
        };
        let head = sent(&bodiless, |builder| builder).await;
        assert_eq!(header(&head, "content-length"), expected, "{head}");
        assert_eq!(header(&head, "content-type"), None, "{head}");
        assert_eq!(header(&head, "transfer-encoding"), None, "{head}");
    }
    let head = sent(&operation("POST"), |builder| builder).await;
    assert_eq!(header(&head, "content-length"), Some("2"), "{head}");
    let server = Server::start(vec![ok()]).await;
    let shop = client(&server.url).build().expect("a client");
    let raw = RawRequest::new(Request::new(Method::POST, shop.base_url().clone()));
    shop.send_raw(raw).await.expect("a reply");
    assert_eq!(
        header(&server.requests().concat(), "content-length"),
        Some("0")
    );
}

#[tokio::test]
async fn a_request_says_what_its_reply_is_read_as() {
    let others = "application/*;q=0.2, text/*;q=0.1";
    let cases: [(&[&str], String); 6] = [
        (&[], "*/*".to_owned()),
        (&["application/json"], format!("application/json, {others}")),
        (
            &["text/csv", "a/b+json"],
            format!("text/csv, a/b+json, {others}"),
        ),
        (&["application/*"], "application/*, text/*;q=0.1".to_owned()),
        // A stream is what a caller asks for in another way.
        (
            &["application/json", "text/event-stream"],
            format!("application/json, {others}"),
        ),
        (
            &["text/event-stream"],
            format!("text/event-stream, {others}"),
        ),
    ];
    for (accept, expected) in cases {
        let accepting = Operation {
            accept,
            ..operation("GET")
        };
        let head = sent(&accepting, |builder| builder).await;
        assert_eq!(header(&head, "accept"), Some(&*expected), "{accept:?}");
        let caller = |builder: Builder| builder.header("Accept", "a/b");
        let head = sent(&accepting, caller).await;
        assert_eq!(header(&head, "accept"), Some("a/b"), "{accept:?}");
    }
}

/// Signs requests, and notes what comes of them.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Vec<String>>>);

impl Hook for Watch {
    fn before(&self, request: &mut Request) -> Result<(), Box<dyn StdError + Send + Sync>> {
        let value = HeaderValue::from_static("signed");
        request.headers_mut().insert("x-signature", value);
        Ok(())
    }

    fn after(&self, attempt: &Attempt<'_>) {
        let stage = attempt.error.map(apifox_client::Error::stage);
        assert!(attempt.duration < Duration::from_secs(60));
        self.0.lock().expect("a lock").push(format!(
            "{} {} {:?} {stage:?}",
            attempt.operation, attempt.number, attempt.status
        ));
    }
}

#[tokio::test]
async fn hooks_see_every_attempt() {
    let script = vec![
        Act::Send(Vec::new()),
        reply("429 Full", "", ""),
        reply("201 Made", "", "{}"),
    ];
    let server = Server::start(script).await;
    let watch = Watch::default();
    let shop = client(&server.url).hook(watch.clone()).build();
    let shop = shop.expect("a client");
    let sent = shop.send_json(&operation("PUT"), &json!({})).await;
    sent.expect("a reply");
    assert_eq!(
        *watch.0.lock().expect("a lock"),
        [
            "shop/pets 1 None Some(OutcomeUnknown)",
            "shop/pets 2 Some(429) Some(Throttled)",
            "shop/pets 3 Some(201) None",
        ]
    );
    for request in server.requests() {
        assert_eq!(header(&request, "x-signature"), Some("signed"));
    }
}

/// A hook that does this before each attempt.
struct Before<F>(F);

impl<F> Hook for Before<F>
where
    F: Fn(&mut Request) -> Result<(), Box<dyn StdError + Send + Sync>> + Send + Sync,
{
    fn before(&self, request: &mut Request) -> Result<(), Box<dyn StdError + Send + Sync>> {
        (self.0)(request)
    }
}

#[tokio::test]
async fn a_hook_can_keep_a_request_but_not_lead_it_elsewhere() {
    let server = Server::start(vec![ok()]).await;
    let failed = |hook| async {
        let shop = client(&server.url).key(KEY).hook(hook).build();
        let shop = shop.expect("a client");
        let sent = shop.send_json(&operation("GET"), &json!({})).await;
        let error = sent.expect_err("nothing is sent");
        assert_eq!(error.stage(), Stage::Configuration);
        assert!(!format!("{error:?}").contains(KEY), "{error:?}");
        error.to_string()
    };
    let no: fn(&mut Request) -> _ = |_| Err(format!("not with {KEY}").into());
    assert_eq!(
        failed(Before(no)).await,
        "a hook keeps the request from being sent: not with …"
    );
    let elsewhere: fn(&mut Request) -> _ = |request| {
        *request.url_mut() = "http://localhost:1/".parse().expect("a URL");
        Ok(())
    };
    assert_eq!(
        failed(Before(elsewhere)).await,
        "the request leads to another host than the API's"
    );
    assert_eq!(server.count(), 0);
}

/// An API that checks more than its documents say.
struct Strict;

impl Api for Strict {
    fn check(&self, _: &Operation, request: &Node<'_>, report: &mut Report) {
        let _: Option<()> = report.violation(Path::ROOT, "x-open", request, "an open shop");
    }
}

#[tokio::test]
async fn an_api_can_check_further() {
    let shop = client("http://127.0.0.1:1").api(Strict).build();
    let shop = shop.expect("a client");
    let error = shop.send_json(&operation("POST"), &json!({})).await;
    let error = error.expect_err("a closed shop");
    assert_eq!((error.stage(), error.attempts()), (Stage::Invalid, 0));
    let keywords: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| violation.keyword)
        .collect();
    assert_eq!(keywords, ["x-open"]);
    // What was not sent has the effect that it would have had, and no error shows the key.
    let shop = client("http://127.0.0.1:1").key(KEY).api(Strict).build();
    let shop = shop.expect("a client");
    let request = json!({"key": KEY});
    let error = shop.send_json(&operation("GET"), &request).await;
    let error = error.expect_err("a closed shop");
    assert_eq!((error.effect(), error.attempts()), (Effect::Safe, 0));
    assert!(!format!("{error} {error:?}").contains(KEY), "{error}");
}

fn injected(policy: Policy) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(policy).no_proxy();
    builder.user_agent("mine/1").build().expect("a client")
}

#[tokio::test]
async fn a_client_of_the_callers_own_is_used_if_it_follows_no_redirect() {
    let mine = |builder: Builder| builder.http_client(injected(Policy::none()));
    let head = sent(&operation("GET"), mine).await;
    assert_eq!(header(&head, "user-agent"), Some("mine/1"));
    for policy in [
        Policy::default(),
        Policy::limited(3),
        Policy::custom(|attempt| attempt.stop()),
    ] {
        let builder = client("https://shop.example").http_client(injected(policy));
        let error = builder.build().expect_err("redirects");
        assert_eq!(error.stage(), Stage::Configuration);
        assert!(error.to_string().contains("redirects"), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(vec![ok()]).await;
    for (status, path, stage) in [
        ("301 Moved", "/pets", Stage::Refused),
        ("302 Found", "/pets/", Stage::Refused),
        // It may lead to what came of a request that was taken.
        ("301 Moved", "/pets/7", Stage::OutcomeUnknown),
        ("302 Found", "/pictures/7", Stage::OutcomeUnknown),
        ("303 See", "/pets", Stage::OutcomeUnknown),
        ("307 Moved", "/v2/pets", Stage::Refused),
        ("308 Moved", "/v2/pets", Stage::Refused),
    ] {
        let location = format!("location: {}{path}\r\n", elsewhere.url);
        let server = Server::start(vec![reply(status, &location, "")]).await;
        let shop = client(&server.url).key(KEY).build().expect("a client");
        let sent = shop.send_json(&operation("POST"), &json!({})).await;
        let error = sent.expect_err(status);
        assert_eq!(error.stage(), stage, "{status}");
        let named = format!(
            "the API redirects to {}{path}, where nothing was sent",
            elsewhere.url
        );
        assert!(error.to_string().starts_with(&named), "{error}");
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn requests_go_through_the_proxy_that_is_given() {
    let proxy = Server::start(vec![ok()]).await;
    let shop = client("http://shop.example").allow_http(true);
    let shop = shop.proxy(Some(&proxy.url)).build().expect("a client");
    let sent = shop.send_json(&operation("GET"), &json!({})).await;
    sent.expect("a reply");
    let request = proxy.requests().concat();
    assert!(
        request.starts_with("GET http://shop.example/pets "),
        "{request}"
    );
    let closed = "http://u:secret@127.0.0.1:1";
    let shop = client("http://shop.example").allow_http(true);
    let shop = shop.proxy(Some(closed)).build().expect("a client");
    let sent = shop.send_json(&operation("POST"), &json!({})).await;
    let error = sent.expect_err("no proxy there");
    assert_eq!(error.stage(), Stage::NotSent);
    let shown = error.to_string();
    assert!(
        shown.contains("by the proxy http://127.0.0.1:1") && !shown.contains("secret"),
        "{shown}"
    );
    let error = client("https://shop.example").proxy(Some("http://u:secret@"));
    let error = error.build().expect_err("no URL").to_string();
    assert!(
        error.contains("proxy") && !error.contains("secret"),
        "{error}"
    );
}

/// As [RFC 1928](https://www.rfc-editor.org/rfc/rfc1928) has it: who connects says that it has no
/// password and where to, and everything after that goes there.
#[tokio::test]
async fn requests_go_through_a_socks_proxy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let proxied = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.expect("a greeting");
        stream.write_all(&[5, 0]).await.expect("an answer");
        let mut wanted = [0; 5];
        stream.read_exact(&mut wanted).await.expect("a request");
        let mut host = vec![0; usize::from(wanted[4]) + 2];
        stream.read_exact(&mut host).await.expect("a host");
        let connected = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        stream.write_all(&connected).await.expect("an answer");
        let requests = Arc::default();
        serve(stream, vec![vec![ok()]], Arc::clone(&requests)).await;
        let requests = requests.lock().expect("a lock").concat();
        (
            greeting,
            String::from_utf8_lossy(&host[..host.len() - 2]).into_owned(),
            requests,
        )
    });
    let shop = client("http://shop.example").allow_http(true);
    let shop = shop.proxy(Some(&format!("socks5h://{address}"))).build();
    let shop = shop.expect("a client");
    let sent = shop.send_json(&operation("GET"), &json!({})).await;
    sent.expect("a reply");
    let (greeting, host, request) = proxied.await.expect("a proxy");
    assert_eq!((greeting, host.as_str()), ([5, 1, 0], "shop.example"));
    assert!(request.starts_with("GET /pets "), "{request}");
}

#[tokio::test]
async fn a_limiter_has_operations_wait() {
    let limiter = Limiter::new().with("shop", "pets", Limit::new(1, Duration::from_secs(60)));
    let server = Server::start(vec![ok()]).await;
    let shop = client(&server.url).limiter(limiter);
    let shop = shop.deadline(Duration::from_millis(300)).build();
    let shop = shop.expect("a client");
    let first = shop.send_json(&operation("GET"), &json!({})).await;
    first.expect("a reply");
    let error = shop.send_json(&operation("GET"), &json!({})).await;
    let error = error.expect_err("too many");
    assert_eq!((error.stage(), error.attempts()), (Stage::NotSent, 0));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_request_of_no_document_goes_to_the_api_alone() {
    let server = Server::start(vec![ok()]).await;
    let shop = client(&server.url).key(KEY).header("x-branch", "north");
    let shop: Client = shop.build().expect("a client");
    let url = shop.base_url().join("health?deep=1").expect("a URL");
    let raw = RawRequest {
        expects_json: true,
        limit: Some(LimitScope {
            api: "shop".into(),
            name: "health".into(),
        }),
        ..RawRequest::new(Request::new(Method::GET, url))
    };
    assert_eq!(raw.effect, Effect::Safe);
    let exchange = shop.send_raw(raw).await.expect("a reply");
    assert_eq!(exchange.received.json, json!({}));
    let head = server.requests().concat();
    assert!(head.starts_with("GET /health?deep=1 "), "{head}");
    assert_eq!(header(&head, "x-branch"), Some("north"));
    assert_eq!(
        header(&head, "authorization"),
        Some(&*format!("Bearer {KEY}"))
    );
    let elsewhere = "http://localhost:1/".parse().expect("a URL");
    let raw = RawRequest::new(Request::new(Method::GET, elsewhere));
    let error = shop.send_raw(raw).await.expect_err("another host");
    assert_eq!(error.stage(), Stage::Configuration);
}

#[test]
fn a_client_that_can_not_work_is_not_built() {
    let addresses = [
        (
            "http://shop.example",
            "plain http to shop.example would show the key to the network: use https, or allow http",
        ),
        (
            "shop.example",
            "the base URL \"shop.example\" has no scheme: write https://shop.example",
        ),
        (
            "localhost:8787/v1/",
            "the base URL \"localhost:8787/v1/\" has no scheme: write http://localhost:8787/v1",
        ),
        (
            "u:p@shop.example",
            "the base URL must not hold a user name or password",
        ),
        (
            "/v1",
            "the base URL \"/v1\" is not a URL: relative URL without a base",
        ),
        (
            "ftp://shop.example",
            "the base URL \"ftp://shop.example\" is neither http nor https",
        ),
        (
            "https://u:p@shop.example",
            "the base URL must not hold a user name or password",
        ),
        (
            "https://shop.example/?a=1",
            "the base URL \"https://shop.example/?a=1\" must end with its path: leave \"?a=1\" out",
        ),
    ];
    let shop = || client("https://shop.example");
    let no_key = "the key is empty or cannot be sent in a header";
    let others = [
        (shop().key("a\nb"), no_key),
        (shop().key(" "), no_key),
        (
            shop().header("a b", "c"),
            "the header \"a b\" cannot be sent",
        ),
        (
            shop().root_certificates("none"),
            "the root certificates are not PEM: there is none",
        ),
    ];
    let addresses = addresses.map(|(url, expected)| (client(url).key(KEY), expected));
    for (builder, expected) in addresses.into_iter().chain(others) {
        let error = builder.build().expect_err(expected);
        assert_eq!(error.stage(), Stage::Configuration, "{error}");
        assert_eq!(error.to_string(), expected);
    }
}
