//! Which keys a request shows, and how, by what its document asks for.

use apifox_client::{Builder, Hook, RawRequest, Stage};
use apifox_runtime::{Credential, Location, Operation, Parameter, Style};
use reqwest::{Method, Request};
use serde_json::json;

use crate::server::{Server, header, ok, reply};
use crate::shop::{KEY, client, secured, sent};

type Sets = &'static [&'static [Credential]];

type GiveKeys<'a> = &'a dyn Fn(Builder) -> Builder;

#[tokio::test]
async fn a_key_is_shown_as_the_document_asks() {
    use Credential::{Basic, Bearer, Header};
    let bearer = format!("Bearer {KEY}");
    let cases: [(&[&[Credential]], &str, &str, &str); 6] = [
        (&[], KEY, "authorization", &bearer),
        (&[&[Bearer]], KEY, "authorization", &bearer),
        (&[&[Basic]], "me:it", "authorization", "Basic bWU6aXQ="),
        (&[&[Header("X-Key")]], KEY, "x-key", KEY),
        // A key that is no user and password is shown in another way, if there is one.
        (&[&[Basic], &[Bearer]], KEY, "authorization", &bearer),
        (
            &[&[Basic], &[Bearer]],
            "me:it",
            "authorization",
            "Basic bWU6aXQ=",
        ),
    ];
    for (security, key, name, value) in cases {
        let head = sent(&secured(security), |builder| builder.key(key)).await;
        assert_eq!(header(&head, name), Some(value), "{security:?}");
    }
}

#[tokio::test]
async fn a_key_that_is_no_user_and_password_is_not_sent_as_one() {
    let cases: [&[&[Credential]]; 2] = [&[&[Credential::Basic]], &[&[Credential::Basic], &[]]];
    for security in cases {
        let server = Server::start(vec![ok()]).await;
        let shop = client(&server.url).key(KEY).build().expect("a client");
        let sent = shop.send_json(&secured(security), &json!({})).await;
        let error = sent.expect_err("no password");
        assert_eq!(error.stage(), Stage::Configuration);
        assert_eq!(
            error.to_string(),
            "the operation asks for a user and a password: give the client a key such as \
             user:password"
        );
        assert_eq!(server.count(), 0);
    }
}

#[tokio::test]
async fn no_key_is_needed_where_the_document_asks_for_none() {
    let cases: [&[&[Credential]]; 2] = [&[], &[&[Credential::Bearer], &[]]];
    for security in cases {
        let head = sent(&secured(security), |builder| builder).await;
        assert_eq!(header(&head, "authorization"), None, "{security:?}");
    }
    let server = Server::start(vec![ok()]).await;
    let shop = client(&server.url).build().expect("a client");
    let operation = secured(&[&[Credential::Bearer]]);
    let error = shop.send_json(&operation, &json!({})).await;
    let error = error.expect_err("no key");
    assert_eq!(error.stage(), Stage::Configuration);
    assert_eq!(
        error.to_string(),
        "the operation asks for a key: give the client one"
    );
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn no_key_is_sent_where_none_is_wanted() {
    let head = sent(&secured(&[&[]]), |builder| builder.key(KEY)).await;
    assert!(!head.contains(KEY), "{head}");
    // What it is sent, a server sends back.
    let trace = |security| Operation {
        method: "TRACE",
        body: None,
        ..secured(security)
    };
    let cases: [Sets; 4] = [
        &[],
        &[&[Credential::Bearer]],
        &[&[Credential::Header("X-Key")]],
        &[&[Credential::Query("key")]],
    ];
    for security in cases {
        let callers = |builder: Builder| builder.key(KEY).header("Authorization", "Basic bWU6aXQ=");
        let head = sent(&trace(security), callers).await;
        assert!(head.starts_with("TRACE /pets "), "{head}");
        assert_eq!(header(&head, "authorization"), None, "{security:?}");
        assert!(!head.contains(KEY), "{head}");
        sent(&trace(security), |builder| builder).await;
    }
    let server = Server::start(vec![ok()]).await;
    let shop = client(&server.url).key(KEY).build().expect("a client");
    let raw = RawRequest::new(Request::new(Method::TRACE, shop.base_url().clone()));
    shop.send_raw(raw).await.expect("a reply");
    let head = server.requests().concat();
    assert!(!head.contains(KEY), "{head}");
}

/// The path, and the headers that keys were shown in.
fn shown(request: &str) -> String {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let names = ["authorization", "x-key", "x-app", "cookie"];
    let headers = names.map(|name| header(request, name).map(|value| format!(" {name}: {value}")));
    format!(
        "{path}{}",
        headers.into_iter().flatten().collect::<String>()
    )
}

#[tokio::test]
async fn a_set_of_credentials_is_sent_whole_and_what_is_in_sight_last() {
    use Credential::{Bearer, Cookie, Header, Query};
    let one = |builder: Builder| builder.key("sk/a+b");
    let two = |builder: Builder| builder.key(KEY).credential(Header("x-app"), "app");
    let three = |builder: Builder| two(builder).credential(Query("k e y"), "other");
    let cases: [(Sets, GiveKeys<'_>, &str); 12] = [
        (&[&[Query("k e y")]], &one, "/pets?k%20e%20y=sk%2Fa%2Bb"),
        (&[&[Cookie("sid")]], &one, "/pets cookie: sid=sk/a+b"),
        // What logs along the way show comes last, whatever the document's order.
        (
            &[&[Query("k")], &[Header("X-Key")]],
            &one,
            "/pets x-key: sk/a+b",
        ),
        // A key that is meant for a credential is for no other.
        (&[&[Header("X-App")]], &two, "/pets x-app: app"),
        (
            &[&[Bearer]],
            &two,
            "/pets authorization: Bearer sk-never-to-be-shown",
        ),
        (&[&[Bearer], &[Header("X-App")]], &two, "/pets x-app: app"),
        // Of several the other key is for the one that is left.
        (
            &[&[Header("X-Key"), Header("X-App")]],
            &two,
            "/pets x-key: sk-never-to-be-shown x-app: app",
        ),
        (
            &[&[Query("k e y"), Header("X-App"), Cookie("sid")]],
            &three,
            "/pets?k%20e%20y=other x-app: app cookie: sid=sk-never-to-be-shown",
        ),
        (
            &[
                &[Header("X-Key"), Cookie("sid"), Header("X-App")],
                &[Bearer],
            ],
            &two,
            "/pets authorization: Bearer sk-never-to-be-shown",
        ),
        (
            &[&[Header("X-Key"), Cookie("sid"), Header("X-App")], &[]],
            &two,
            "/pets",
        ),
        // What the document does not mention gets no key that is meant for something else.
        (
            &[],
            &|builder| builder.credential(Header("x-app"), "app"),
            "/pets",
        ),
        (&[&[]], &three, "/pets"),
    ];
    for (security, keys, expected) in cases {
        let request = sent(&secured(security), keys).await;
        assert_eq!(shown(&request), expected, "{security:?}");
    }
}

#[tokio::test]
async fn what_a_request_gives_itself_is_not_given_twice() {
    use Credential::{Cookie, Header, Query};
    const fn parameter(location: Location, name: &'static str) -> Parameter {
        Parameter::new(location, name, Style::Form.exploded())
    }
    const GIVEN: &[Parameter] = &[
        parameter(Location::Query, "key"),
        parameter(Location::Query, "page"),
        Parameter::new(Location::Header, "X-Key", Style::Simple.joined()),
        parameter(Location::Cookie, "sid"),
        parameter(Location::Cookie, "theme"),
    ];
    const SETS: Sets = &[&[Query("key"), Header("x-key"), Cookie("sid")]];
    let operation = Operation {
        parameters: Some(GIVEN),
        body: None,
        ..secured(SETS)
    };
    let cases = [
        (
            json!({"query": {"key": "a"}, "header": {"X-Key": "b"}, "cookie": {"sid": "c"}}),
            "/pets?key=a x-key: b cookie: sid=c",
        ),
        (
            json!({"query": {"page": 2}, "cookie": {"theme": "dark"}}),
            "/pets?page=2&key=one x-key: two cookie: theme=dark; sid=three",
        ),
    ];
    for (request, expected) in cases {
        let server = Server::start(vec![ok()]).await;
        let shop = client(&server.url)
            .credential(Query("key"), "one")
            .credential(Header("X-KEY"), "two")
            .credential(Cookie("sid"), "three");
        let shop = shop.build().expect("a client");
        shop.send_json(&operation, &request).await.expect("a reply");
        assert_eq!(shown(&server.requests().concat()), expected);
    }
    // Without a key the request has to give all of it, or the client's own headers.
    let keyed = secured(&[&[Header("X-Key")]]);
    let request = sent(&keyed, |builder| builder.header("x-key", "own"));
    assert_eq!(shown(&request.await), "/pets x-key: own");
    let both = secured(&[&[Header("X-Key"), Header("X-App")]]);
    let request = sent(&both, |builder| builder.key(KEY).header("x-app", "own"));
    assert_eq!(
        shown(&request.await),
        "/pets x-key: sk-never-to-be-shown x-app: own"
    );
}

#[tokio::test]
async fn what_there_is_no_key_for_is_said_and_not_sent() {
    use Credential::{Bearer, Cookie, Header, Other, Query};
    let each = "give the client each of them by `Builder::credential`";
    let cases: [(Sets, String); 6] = [
        (
            &[&[Header("X-Key"), Query("app")], &[Bearer, Cookie("sid")]],
            format!(
                "the operation asks for a key in the header `X-Key` and a key in the query as \
                 `app`, or a token and a key in the cookie `sid`: {each}"
            ),
        ),
        (
            &[&[Other("hmac")]],
            format!("the operation asks for what its document calls `hmac`: {each}"),
        ),
        // One of them would be lost.
        (
            &[&[Bearer, Header("Authorization")]],
            format!(
                "the operation asks for a token and a key in the header `Authorization`: {each}"
            ),
        ),
        (
            &[&[Header("no name")]],
            "the key can't be sent: the name of its header is not valid".to_owned(),
        ),
        (
            &[&[Cookie("sid")]],
            "the key can't be sent: it has characters that no cookie can hold".to_owned(),
        ),
        (
            &[&[Header("X-Key"), Other("hmac")]],
            format!(
                "the operation asks for a key in the header `X-Key` and what its document calls \
                 `hmac`: {each}"
            ),
        ),
    ];
    for (security, expected) in cases {
        let server = Server::start(vec![ok()]).await;
        let shop = client(&server.url).key("a;b").build().expect("a client");
        let sent = shop.send_json(&secured(security), &json!({})).await;
        let error = sent.expect_err("no key");
        assert_eq!(error.stage(), Stage::Configuration);
        assert_eq!(error.to_string(), expected);
        assert_eq!(server.count(), 0);
    }
    let empty = client("https://shop.example").credential(Query("key"), " ");
    let error = empty.build().expect_err("no key");
    assert_eq!(
        error.to_string(),
        "the key is empty or cannot be sent in a header"
    );
}

/// Signs what is sent.
struct Sign;

impl Hook for Sign {
    fn before(
        &self,
        request: &mut Request,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        request.headers_mut().insert("x-app", "signed".parse()?);
        Ok(())
    }
}

#[tokio::test]
async fn what_a_hook_sends_is_named_as_a_credential() {
    let signed = secured(&[&[Credential::Other("hmac")]]);
    let request = sent(&signed, |builder| {
        builder
            .credential(Credential::Other("hmac"), "secret-of-hmac")
            .hook(Sign)
    });
    assert_eq!(shown(&request.await), "/pets x-app: signed");
}

#[tokio::test]
async fn no_key_of_several_is_shown_in_what_comes_back() {
    // The first is the start of the third.
    let keys = ["sk-the-third", "sk-the/second+one", "sk-the-third-one"];
    let quoted = format!("{} {} {}", keys[0], keys[1], "sk-the%2Dthird-one");
    let body = json!({"error": {"message": quoted}}).to_string();
    let id = format!("x-request-id: {}\r\n", keys[2]);
    let server = Server::start(vec![reply("400 Bad Request", &id, &body)]).await;
    let shop = client(&server.url)
        .key(keys[0])
        .credential(Credential::Query("key"), keys[1])
        .credential(Credential::Header("X-App"), keys[2]);
    let shop = shop.build().expect("a client");
    let operation = secured(&[&[Credential::Query("key"), Credential::Header("X-App")]]);
    let error = shop.send_json(&operation, &json!({})).await;
    let error = error.expect_err("refused");
    let request = server.requests().concat();
    assert_eq!(
        shown(&request),
        "/pets?key=sk-the%2Fsecond%2Bone x-app: sk-the-third-one"
    );
    let kept = String::from_utf8_lossy(error.body().expect("a body")).into_owned();
    let told = format!("{error} {error:?} {kept} {:?}", error.headers());
    for key in keys {
        assert!(!told.contains(key) && !told.contains("-one"), "{told}");
    }
    // Nor where nobody answers, whose error tells the URL.
    let shop = client("http://127.0.0.1:1").credential(Credential::Query("key"), keys[1]);
    let shop = shop.build().expect("a client");
    let operation = secured(&[&[Credential::Query("key")]]);
    let error = shop.send_json(&operation, &json!({})).await;
    let told = format!("{:?}", error.expect_err("nobody is there"));
    assert!(!told.contains("second"), "{told}");
}
