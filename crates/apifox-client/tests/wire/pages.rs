//! Replies that are pages of a list: what is asked for, where it ends, and what goes wrong.

use apifox_client::{Error, Stage};
use apifox_runtime::{
    Decode, Endpoint, Location, NextPage, Node, Operation, PagedEndpoint, Pages, Parameter, Path,
    Report, Style,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::server::{Act, Server, reply};
use crate::shop::{Refusal, client, operation};

/// Defines a list of the shop, with the way that its pages follow each other.
macro_rules! list {
    ($name:ident, $next:expr, $items:expr, $more:expr) => {
        #[derive(Serialize)]
        struct $name {
            query: Value,
        }

        impl Decode for $name {
            fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
                query(node, at, report).map(|query| Self { query })
            }
        }

        impl Endpoint for $name {
            type Response = Value;
            type Error = Refusal;
            const OPERATION: &'static Operation = &LIST;
        }

        impl PagedEndpoint for $name {
            type Item = i64;
            const PAGES: Pages = Pages {
                parameter: "/query/page",
                next: $next,
                items: $items,
                more: $more,
            };
        }
    };
}

list!(ByCursor, NextPage::Cursor("/next"), "/pets", None);
list!(ByLast, NextPage::LastItem(""), "/pets", Some("/more"));
list!(ByText, NextPage::LastItem(""), "/pets", Some("/more"));
list!(ByNumber, NextPage::Number(1), "", None);
list!(ByOffset, NextPage::Offset, "/pets", None);

const LIST: Operation = Operation {
    body: None,
    parameters: Some(&[Parameter::new(
        Location::Query,
        "page",
        Style::Form.exploded(),
    )]),
    ..operation("GET")
};

/// A page is asked for by a word of at most four letters.
fn query(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Value> {
    let query = node.get("query")?;
    match query.get("page") {
        Some(Node::String(text)) if (5..1000).contains(&text.len()) => {
            report.violation(at, "maxLength", node, "at most 4 characters")
        }
        _ => Some(query.to_value()),
    }
}

fn page(body: &Value) -> Act {
    let headers = "content-type: application/json\r\n";
    reply("200 OK", headers, &body.to_string())
}

/// The items of a list, the error that it ends with, and what was asked for.
async fn all<E>(request: E, bodies: &[Value]) -> (Vec<i64>, Option<Error>, Vec<String>)
where
    E: PagedEndpoint<Item = i64, Error = Refusal> + Send + Sync + 'static,
{
    let server = Server::start(bodies.iter().map(page).collect()).await;
    let mut items = client(&server.url)
        .build()
        .expect("a client")
        .pages(&request)
        .items();
    let (mut found, mut error) = (Vec::new(), None);
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => found.push(item),
            Err(broken) => error = Some(broken.untyped()),
        }
    }
    assert!(items.next().await.is_none());
    let asked = server.requests();
    let asked = asked.iter().map(|request| {
        let target = request.split(' ').nth(1).expect("a target");
        target.replacen("/pets", "", 1)
    });
    (found, error, asked.collect())
}

#[tokio::test]
async fn each_way_from_page_to_page_ends_with_the_last() {
    let start = || json!({});
    let cursors = [
        json!({"pets": [1, 2], "next": "b"}),
        json!({"pets": [], "next": 7}),
        json!({"pets": [3], "next": ""}),
    ];
    let (items, error, asked) = all(ByCursor { query: start() }, &cursors).await;
    assert!(error.is_none());
    assert_eq!(
        (items, asked),
        (
            vec![1, 2, 3],
            vec!["".into(), "?page=b".into(), "?page=7".to_owned()]
        )
    );

    let last = [
        json!({"pets": [1, 2], "more": true}),
        json!({"pets": [3], "more": false}),
    ];
    let (items, error, asked) = all(ByLast { query: start() }, &last).await;
    assert!(error.is_none());
    assert_eq!(
        (items, asked),
        (vec![1, 2, 3], vec!["".into(), "?page=2".to_owned()])
    );

    let numbers = [json!([1, 2]), json!([3]), json!([])];
    let (items, error, asked) = all(ByNumber { query: start() }, &numbers).await;
    assert!(error.is_none());
    assert_eq!(
        (items, asked),
        (
            vec![1, 2, 3],
            vec!["".into(), "?page=2".into(), "?page=3".to_owned()]
        )
    );

    let offsets = [
        json!({"pets": [1, 2]}),
        json!({"pets": [3]}),
        json!({"pets": null}),
    ];
    let (items, error, asked) = all(
        ByOffset {
            query: json!({"page": 10}),
        },
        &offsets,
    )
    .await;
    assert!(error.is_none());
    assert_eq!(
        (items, asked),
        (
            vec![1, 2, 3],
            vec!["?page=10".into(), "?page=12".into(), "?page=13".to_owned()]
        )
    );
}

#[tokio::test]
async fn nothing_is_asked_for_that_nobody_wants() {
    let body = json!({"pets": [1, 2], "next": "b"});
    let server = Server::start(vec![page(&body)]).await;
    let shop = client(&server.url).build().expect("a client");
    let mut pages = shop.pages(&ByCursor { query: json!({}) });
    assert_eq!(server.count(), 0);
    let first = pages.next().await.expect("a page").expect("a page");
    assert_eq!(first.reply().status(), 200);
    assert_eq!(first.into_items(), Ok(vec![1, 2]));
    assert_eq!(server.count(), 1);
    let mut items = shop.pages(&ByCursor { query: json!({}) }).items();
    for expected in [1, 2] {
        assert_eq!(
            items.next().await.expect("an item").expect("an item"),
            expected
        );
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn what_goes_wrong_ends_it_after_what_came() {
    let start = || json!({});
    let same = [
        json!({"pets": [1], "next": "b"}),
        json!({"pets": [2], "next": "b"}),
    ];
    let long = [json!({"pets": [1], "next": "too long"})];
    let odd = [json!({"pets": [1, "two", 3], "next": "b"})];
    let cases = [
        (
            &same[..],
            &[1, 2][..],
            "page 2 leads to \"b\", as one before it did: the API goes round in circles",
        ),
        (
            &long,
            &[1],
            "the reply leads to a page that can't be asked for: (root): maxLength: expected at \
             most 4 characters",
        ),
        (
            &odd,
            &[1],
            "an item of page 1 is not as its document says: (root): type: ",
        ),
    ];
    for (bodies, expected, message) in cases {
        let (items, error, _) = all(ByCursor { query: start() }, bodies).await;
        let error = error.expect("an error");
        assert_eq!(items, expected, "{error}");
        assert!(error.message().starts_with(message), "{error}");
        assert_eq!(error.stage(), Stage::Unreadable);
        assert!(error.body().is_some());
        // Asking changes nothing.
        assert_eq!(error.attempts(), 1, "{error}");
        assert!(!error.may_have_been_taken(), "{error}");
    }
    let numbers = [json!([1, 2])];
    let (items, error, asked) = all(ByNumber { query: start() }, &numbers).await;
    let error = error.expect("an error");
    assert_eq!(
        error.message(),
        "page 2 is the same as the one before: the API goes round in circles"
    );
    assert_eq!((items, asked.len()), (vec![1, 2], 2));
}

#[tokio::test]
async fn what_is_shown_of_a_page_is_a_line() {
    let long = "x\u{1b}".repeat(2000);
    let round = json!({"pets": [long], "more": true});
    let odd = json!({"pets": vec!["x"; 2000]});
    for body in [round, odd] {
        let server = Server::start(vec![page(&body)]).await;
        let shop = client(&server.url).build().expect("a client");
        let mut pages = shop.pages(&ByText { query: json!({}) });
        let mut error = None;
        while let Some(page) = pages.next().await {
            error = page.err();
        }
        let mut items = shop.pages(&ByLast { query: json!({}) }).items();
        let of_items = items.next().await.expect("an error").expect_err("odd");
        for error in [error, Some(of_items)].into_iter().flatten() {
            let shown = error.to_string();
            assert!(shown.len() < 1000, "{} bytes", shown.len());
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_has_its_type() {
    let refusal = reply("400 Bad Request", "", "{\"reason\": \"no\"}");
    let server = Server::start(vec![refusal]).await;
    let shop = client(&server.url).build().expect("a client");
    let mut pages = shop.pages(&ByCursor { query: json!({}) });
    let error = pages.next().await.expect("an error").expect_err("refused");
    assert_eq!(error.typed().map(|body| body.reason.as_str()), Some("no"));
    assert!(pages.next().await.is_none());
}
