//! The key shows nowhere: not in errors, not in `Debug`, not in what is traced, not
//! even where an API quotes it.

use crate::log::Log;
use crate::server::{Act, Server, http};
use crate::{KEY, cat, client, hasty};

/// Replies that quote the key, wherever an error would show it.
fn quoting() -> Vec<Act> {
    let short = &KEY[..KEY.len() - 3];
    let cut = "x".repeat(505);
    let bodies = [
        format!(r#"{{"code":"{KEY}","message":"{KEY}","request_id":"{KEY}"}}"#),
        format!(r#"{{"error":{{"code":null,"type":"{KEY}","message":"no {KEY}"}}}}"#),
        format!(r#"{{"error":"no (request id: {KEY})"}}"#),
        format!(r#"{{"error":"{cut}{KEY}{cut}"}}"#),
        format!("<html>{KEY}{cut}{KEY}</html>"),
        format!("<html>{KEY} {short}"),
    ];
    let statuses = ["200 OK", "400 No", "401 No", "429 Full", "500 Oops"];
    let headers = [
        format!("x-request-id: {KEY}\r\n"),
        format!("retry-after: 0\r\nlocation: http://a/{KEY}\r\n"),
    ];
    let mut acts = Vec::new();
    for body in &bodies {
        for status in statuses {
            for headers in &headers {
                acts.push(Act::Send(http(status, headers, body)));
            }
        }
    }
    let mut broken = http("200 OK", "", &bodies[0]);
    broken.truncate(broken.len() - 20);
    acts.push(Act::Send(broken));
    acts
}

#[tokio::test]
async fn the_key_is_shown_nowhere() {
    let log = Log::default();
    // Everywhere, as what the other tests trace must not show the key either.
    tracing::subscriber::set_global_default(log.clone()).expect("the only one");
    for act in quoting() {
        let server = Server::start(vec![act]).await;
        let client = client(&server.url).with_retries(hasty());
        let error = client.send(&cat()).await.expect_err("an error");
        let task = client.poll("t").await.expect_err("an error");
        for error in [error, task] {
            let shown = format!("{error} {error:?} {error:#?} {client:?}");
            // Nor most of it, where an excerpt was cut.
            assert!(!shown.contains(&KEY[..8]), "{shown}");
            let code = error.code().unwrap_or_default();
            let id = error.request_id().unwrap_or_default();
            assert!(!format!("{code}{id}").contains(KEY));
        }
    }
    let log = log.0.lock().expect("a lock");
    for traced in [
        "message=sending",
        "message=received",
        "message=trying again",
    ] {
        assert!(log.contains(traced), "{traced}");
    }
    let shown = log.find(&KEY[..8]);
    assert_eq!(shown, None, "{:?}", shown.map(|at| log.get(at..at + 200)));
}

/// One case of each: `apifox-client` has the others.
#[tokio::test]
async fn the_key_stands_where_the_operation_wants_it_or_nowhere() {
    use inkstone::{Credential, Operation, Stage};
    let request = serde_json::to_value(cat()).expect("JSON");
    let server = Server::start(vec![Act::Send(http("200 OK", "", crate::CAT))]).await;
    let secured = |security| Operation {
        security,
        ..inkstone::gateway::wan2_7_image_pro::OPERATION
    };
    let two = secured(&[&[Credential::Query("key")], &[Credential::Header("X-Key")]]);
    let sent = client(&server.url).send_json(&two, &request).await;
    sent.expect("a reply");
    let sent = server.requests().concat();
    let shown: Vec<&str> = sent
        .lines()
        .filter(|line| line.contains("authorization") || line.contains("x-key"))
        .collect();
    assert_eq!(shown, [format!("x-key: {KEY}")], "{sent}");

    let other = secured(&[&[Credential::Other("mutual")]]);
    let sent = client(&server.url).send_json(&other, &request).await;
    let error = sent.expect_err("a refusal");
    assert_eq!(error.stage(), Stage::Configuration);
    assert_eq!(
        error.to_string(),
        "the operation asks for what its document calls `mutual`: give the client each of them \
         by `Builder::credential`"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_reply_shows_no_picture_in_debug() {
    let body = r#"{"created":1,"data":[{"b64_json":"AAAABBBBCCCC"}]}"#;
    let server = Server::start(vec![Act::Send(http("200 OK", "", body))]).await;
    let operation = inkstone::gateway::wan2_7_image_pro::OPERATION;
    let request = serde_json::to_value(cat()).expect("JSON");
    let typed = client(&server.url).send(&cat()).await.expect("a reply");
    let untyped = client(&server.url).send_json(&operation, &request).await;
    let shown = format!("{typed:?} {:?}", untyped.expect("a reply"));
    assert!(!shown.contains("BBBB"), "{shown}");
}

#[tokio::test]
async fn a_reply_that_quotes_the_key_as_its_id_shows_it_nowhere() {
    let bodies = [
        format!(r#"{{"created":1,"data":[],"request_id":"{KEY}"}}"#),
        r#"{"created":1,"data":[]}"#.to_owned(),
    ];
    for body in bodies {
        let answer = http("200 OK", &format!("x-request-id: {KEY}\r\n"), &body);
        let server = Server::start(vec![Act::Send(answer.clone())]).await;
        let reply = client(&server.url).send(&cat()).await.expect("a reply");
        let id = reply.request_id().unwrap_or_default();
        let shown = format!("{reply:?} {id}");
        assert!(!shown.contains(KEY), "{shown}");
        // The same body says nothing of a task, and is an error there.
        let server = Server::start(vec![Act::Send(answer)]).await;
        let error = client(&server.url).poll("t").await.expect_err("no task");
        let shown = format!("{error} {error:?} {:?}", error.request_id());
        assert!(!shown.contains(KEY), "{shown}");
    }
}
