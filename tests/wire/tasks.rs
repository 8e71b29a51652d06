//! DashScope's tasks: through all their states, and through all that goes wrong.

use std::time::Duration;

use inkstone::dashscope::qwen_image_plus::{Content, Input, Message, Model, Request, Text};
use inkstone::{
    Client, Error, Limit, Limiter, Outcome, Retries, Stage, Task, TaskFilter, TaskStatus,
};
use serde_json::{Value, json};

use crate::server::{Act, Server, header, http, reply};
use crate::{KEY, hasty};

const MILLISECOND: Duration = Duration::from_millis(1);

fn builder(server: &Server) -> inkstone::Builder {
    let builder = Client::builder(&server.url).key(KEY).retries(hasty());
    builder.polling(MILLISECOND, 5 * MILLISECOND)
}

fn client(server: &Server) -> Client {
    builder(server).build().expect("a client")
}

fn request() -> Request {
    let content = Content::from(Text::new("一只猫".to_owned()));
    Request::new(Model::QwenImage, Input::new(Message::new(content).into()))
}

/// A reply about a task, with more in its `output`.
fn task(status: &str, more: Value) -> Act {
    let mut output = json!({"task_id": "t", "task_status": status});
    let more = more.as_object().cloned().unwrap_or_default();
    output.as_object_mut().expect("an object").extend(more);
    reply(
        "200 OK",
        &json!({"request_id": "r", "output": output}).to_string(),
    )
}

fn succeeded() -> Act {
    task("SUCCEEDED", json!({"results": [{"url": "http://a/1.png"}]}))
}

async fn wait(script: Vec<Act>) -> (Server, Result<Task, Error>) {
    let server = Server::start(script).await;
    let result = client(&server).wait("t").await;
    (server, result)
}

/// The first line of each request.
fn lines(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let lines = requests.iter().filter_map(|it| it.lines().next());
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_task_is_submitted_waited_for_and_over() {
    let server = Server::start(vec![
        task("PENDING", json!({})),
        task("PENDING", json!({})),
        task("RUNNING", json!({"submit_time": "2026-11-21 03:00:00.000"})),
        succeeded(),
    ])
    .await;
    let client = builder(&server)
        .workspace("ws-1")
        .build()
        .expect("a client");
    let submission = client.submit(&request()).await.expect("a submission");
    assert_eq!(submission.task_id(), "t");
    assert_eq!(submission.reply().request_id(), Some("r"));
    let task = client.wait(submission.task_id()).await.expect("a task");
    assert_eq!((task.id(), task.outcome()), ("t", Some(Outcome::Succeeded)));
    assert_eq!(task.images().len(), 1);
    assert_eq!(task.reply().request_id(), Some("r"));

    let query = "GET /api/v1/tasks/t HTTP/1.1";
    let submit = "POST /api/v1/services/aigc/multimodal-generation/generation HTTP/1.1";
    assert_eq!(lines(&server), [submit, query, query, query]);
    let sent = server.requests();
    let authorization = format!("Bearer {KEY}");
    for (request, asynchronous) in sent.iter().zip([Some("enable"), None, None, None]) {
        assert_eq!(header(request, "x-dashscope-async"), asynchronous);
        assert_eq!(header(request, "x-dashscope-workspace"), Some("ws-1"));
        assert_eq!(header(request, "authorization"), Some(&*authorization));
    }
}

/// What came of a task, in a line: the stage, whether to try again, whether it may
/// have been billed, and the message.
async fn made(act: Act) -> String {
    let (_server, result) = wait(vec![act]).await;
    match result.expect("a task").into_pictures() {
        Ok(reply) => format!("{} pictures", reply.images().len()),
        Err(error) => {
            assert_eq!(error.task_id(), Some("t"));
            assert!(error.body().is_some_and(|it| !it.is_empty()));
            let (stage, again) = (error.stage(), error.is_retryable());
            let billed = error.may_have_been_billed();
            format!("{stage:?} {again} {billed}: {error}")
        }
    }
}

#[tokio::test]
async fn a_task_makes_pictures_or_an_error_says_why_not() {
    let facts = "(HTTP 200, code {}, request id r, task id t)";
    let fails = |code: &str, message: &str| json!({"code": code, "message": message});
    let none = json!({"results": [fails("Throttling", "slow"), fails("B", KEY)]});
    let cases = [
        (succeeded(), "1 pictures", None),
        (
            task("FAILED", json!({"results": [{"url": "http://a/1.png"}]})),
            "1 pictures",
            None,
        ),
        (
            task("FAILED", fails("DataInspectionFailed", "not this")),
            "Refused false false: the task failed: not this",
            Some("DataInspectionFailed"),
        ),
        (
            task("FAILED", fails("InternalError.Timeout", "m")),
            "Refused true false: the task failed: m",
            Some("InternalError.Timeout"),
        ),
        (
            task("FAILED", fails("Arrearage", "m")),
            "Account false false: the task failed: m",
            Some("Arrearage"),
        ),
        (
            task("SUCCEEDED", none),
            "Throttled true false: the task failed: slow; …",
            Some("Throttling"),
        ),
        (
            task("FAILED", json!({})),
            "Refused false false: the task failed, and no reason was given",
            None,
        ),
        (
            task("CANCELED", json!({})),
            "Refused false false: the task was cancelled",
            None,
        ),
        (
            task("SUCCEEDED", json!({})),
            "Unreadable false true: the task succeeded and holds no picture; it may have been billed",
            None,
        ),
        (
            task("UNKNOWN", json!({})),
            "OutcomeUnknown false true: the API knows no such task, or no more: it forgets a \
             task after 24 hours; it may have been billed",
            None,
        ),
    ];
    for (act, expected, code) in cases {
        let expected = match code {
            _ if expected.ends_with("pictures") => expected.to_owned(),
            Some(code) => format!("{expected} {}", facts.replace("{}", code)),
            None => format!("{expected} {}", facts.replace("code {}, ", "")),
        };
        assert_eq!(made(act).await, expected);
    }
}

#[tokio::test]
async fn a_task_that_failed_says_each_reason_once_and_three_at_most() {
    let many: Vec<String> = (0..5_000)
        .map(|number| format!("reason {number}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases: [(&[&str], &str); 3] = [
        (&["not this"; 4], "not this"),
        (&["a", "b", "a", "c", "d", "e", "d"], "a; b; c, and 2 more"),
        (&many, "reason 0; reason 1; reason 2, and 4997 more"),
    ];
    for (messages, expected) in cases {
        let results: Vec<_> = messages
            .iter()
            .map(|message| json!({"code": "B", "message": message}))
            .collect();
        let expected = format!(
            "Refused false false: the task failed: {expected} (HTTP 200, code B, request id r, \
             task id t)"
        );
        let failed = task("SUCCEEDED", json!({"results": results}));
        assert_eq!(made(failed).await, expected);
    }
}

/// How a task ends: what comes of it, how many pictures there are, and what failed.
type End = (Act, Outcome, usize, &'static [&'static str]);

fn ends() -> Vec<End> {
    let failed = json!({"code": "InternalError.Timeout", "message": "m"});
    let partial = json!({"results": [
        {"url": "http://a/1.png", "orig_prompt": "p"},
        {"code": "DataInspectionFailed", "message": "no"},
    ]});
    let none = json!({"results": [{"code": "A", "message": "a"}, {"code": "B", "message": "b"}]});
    let choices = json!({"code": "", "message": "fine", "choices": [
        {"message": {"content": [{"image": "http://a/1.png"}, {"image": "http://a/2.png"}]}},
    ]});
    let on_top = json!({
        "code": "InvalidParameter", "message": "size",
        "output": {"task_id": "t", "task_status": "FAILED"},
    });
    vec![
        (succeeded(), Outcome::Succeeded, 1, &[]),
        (task("SUCCEEDED", choices), Outcome::Succeeded, 2, &[]),
        (
            task("SUCCEEDED", partial),
            Outcome::Partial,
            1,
            &["no (code DataInspectionFailed)"],
        ),
        (
            task("SUCCEEDED", none),
            Outcome::Partial,
            0,
            &["a (code A)", "b (code B)"],
        ),
        (
            task("FAILED", failed),
            Outcome::Failed,
            0,
            &["m (code InternalError.Timeout)"],
        ),
        (
            task("FAILED", json!({"message": "m"})),
            Outcome::Failed,
            0,
            &["m"],
        ),
        (task("FAILED", json!({})), Outcome::Failed, 0, &[]),
        (
            reply("200 OK", &on_top.to_string()),
            Outcome::Failed,
            0,
            &["size (code InvalidParameter)"],
        ),
        (task("CANCELED", json!({})), Outcome::Canceled, 0, &[]),
        (
            reply("200 OK", r#"{"output":{"task_status":"UNKNOWN"}}"#),
            Outcome::Unknown,
            0,
            &[],
        ),
    ]
}

#[tokio::test]
async fn every_end_of_a_task_is_an_outcome() {
    for (act, outcome, images, failures) in ends() {
        // Held up is not over, and neither is what nobody has heard of.
        let script = vec![
            task("SUSPENDED", json!({})),
            task("THINKING", json!({})),
            act,
        ];
        let (server, result) = wait(script).await;
        let task = result.expect("a task");
        assert_eq!(task.outcome(), Some(outcome), "{task:?}");
        assert_eq!(task.images().len(), images, "{task:?}");
        let found: Vec<_> = task.failures().iter().map(ToString::to_string).collect();
        assert_eq!(found, failures, "{task:?}");
        assert_eq!(server.count(), 3, "{task:?}");
    }
}

#[tokio::test]
async fn a_question_is_asked_again_whatever_went_wrong() {
    let broken = [
        Act::Send(vec![]),
        Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()),
        reply("200 OK", "<html>"),
        reply("500 Oops", ""),
        reply("502 Oops", "<html>"),
        reply("429 Full", ""),
        reply("408 Late", ""),
    ];
    for act in broken {
        let (server, result) = wait(vec![act, succeeded()]).await;
        let task = result.expect("a task");
        assert_eq!((server.count(), task.reply().attempts()), (2, 2));
    }
}

#[tokio::test]
async fn a_question_without_an_answer_costs_nothing_and_names_the_task() {
    let cases = [
        (reply("500 Oops", ""), Stage::OutcomeUnknown, 4, true),
        (reply("401 No", ""), Stage::Account, 1, false),
        (reply("404 No", ""), Stage::Refused, 1, false),
        (reply("200 OK", "{}"), Stage::Unreadable, 1, true),
    ];
    for (act, stage, questions, retryable) in cases {
        let server = Server::start(vec![act]).await;
        let error = client(&server).poll("t").await.expect_err("no task");
        assert_eq!(error.stage(), stage, "{error}");
        assert_eq!(error.task_id(), Some("t"), "{error}");
        assert_eq!(error.is_retryable(), retryable, "{error}");
        assert!(!error.may_have_been_billed(), "{error}");
        assert!(!error.to_string().contains("billed"), "{error}");
        assert_eq!(server.count(), questions, "{error}");
    }
}

#[tokio::test]
async fn a_wait_is_given_up_after_five_questions_in_a_row() {
    let (server, result) = wait(vec![reply("500 Oops", "")]).await;
    let error = result.expect_err("no answer");
    assert_eq!(server.count(), 5 * 4);
    assert_eq!(
        error.to_string(),
        "the API failed: an empty body (HTTP 500, task id t, 4 attempts)"
    );
    // The task goes on: waiting again is free, submitting it again is not.
    assert!(error.is_retryable() && error.may_have_been_billed());

    let down = reply("500 Oops", "");
    let mut script = vec![down; 4 * 4];
    script.extend([
        task("RUNNING", json!({})),
        reply("500 Oops", ""),
        succeeded(),
    ]);
    let (server, result) = wait(script).await;
    result.expect("an answer in time");
    assert_eq!(server.count(), 4 * 4 + 3);

    let (server, result) = wait(vec![reply("401 No", "")]).await;
    let error = result.expect_err("no key");
    assert_eq!((error.stage(), server.count()), (Stage::Account, 1));
    assert_eq!(error.task_id(), Some("t"));

    let away = Act::Send(http("429 Full", "retry-after: 1814400\r\n", ""));
    let (server, result) = wait(vec![away]).await;
    let error = result.expect_err("three weeks");
    assert_eq!((error.stage(), server.count()), (Stage::Throttled, 1));
}

#[tokio::test]
async fn a_wait_that_is_late_gives_the_task_back() {
    let cases = [
        (
            task("RUNNING", json!({})),
            "the deadline of 200ms passed before the task was over; it was RUNNING at last (task id t)",
        ),
        (
            Act::Hold(vec![]),
            "the deadline of 200ms passed before the task was over (task id t)",
        ),
    ];
    for (act, message) in cases {
        let server = Server::start(vec![act]).await;
        let client = client(&server).with_deadline(200 * MILLISECOND);
        let error = client.wait("t").await.expect_err("late");
        assert_eq!(error.to_string(), message);
        assert_eq!(error.stage(), Stage::Unfinished);
        assert_eq!(error.task_id(), Some("t"));
        assert!(error.is_retryable() && error.may_have_been_billed());
    }
}

#[tokio::test]
async fn a_submission_is_made_once_and_its_reply_is_kept() {
    let picture = json!({"output": {"results": [{"url": "http://a/1.png"}]}}).to_string();
    let cases = [
        (Act::Send(vec![]), Stage::OutcomeUnknown, None),
        (reply("500 Oops", ""), Stage::OutcomeUnknown, Some("")),
        (reply("200 OK", "{}"), Stage::Unreadable, Some("{}")),
        (
            reply("200 OK", &picture),
            Stage::Unreadable,
            Some(&*picture),
        ),
    ];
    for (act, stage, body) in cases {
        let server = Server::start(vec![act]).await;
        let error = client(&server).submit(&request()).await;
        let error = error.expect_err("no task");
        assert_eq!(error.stage(), stage, "{error}");
        assert_eq!(error.body().map(|it| &it[..]), body.map(str::as_bytes));
        assert!(error.may_have_been_billed() && !error.is_retryable());
        assert_eq!(server.count(), 1, "{error}");
    }
    // What was not taken is submitted again, and a task beside a code is a task.
    let full = reply("429 Full", r#"{"code":"Throttling","message":"m"}"#);
    let odd = r#"{"code":"x","message":"y","output":{"task_id":"t","task_status":"PENDING"}}"#;
    let server = Server::start(vec![full, reply("200 OK", odd)]).await;
    let body = serde_json::to_value(request()).expect("JSON");
    let operation = inkstone::dashscope::qwen_image_plus::OPERATION;
    let submission = client(&server).submit_json(&operation, &body).await;
    assert_eq!(submission.expect("a task").task_id(), "t");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn an_id_is_one_step_of_the_path_whatever_it_is() {
    let server = Server::start(vec![succeeded()]).await;
    let client = client(&server);
    for id in ["a/../b?c#d", "任务"] {
        client.poll(id).await.expect("a task");
    }
    client.cancel("a b").await.expect("a reply");
    for id in ["", ".", ".."] {
        let error = client.poll(id).await.expect_err("no id");
        assert_eq!(
            error.to_string(),
            format!("the task's id is not valid (task id {id})")
        );
        assert_eq!(error.stage(), Stage::Invalid);
    }
    assert_eq!(
        lines(&server),
        [
            "GET /api/v1/tasks/a%2F..%2Fb%3Fc%23d HTTP/1.1",
            "GET /api/v1/tasks/%E4%BB%BB%E5%8A%A1 HTTP/1.1",
            "POST /api/v1/tasks/a%20b/cancel HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn only_a_pending_task_is_cancelled() {
    let no = r#"{"code":"UnsupportedOperation","message":"running","request_id":"r"}"#;
    let lost = Act::Send(vec![]);
    let script = vec![
        reply("200 OK", r#"{"request_id":"r"}"#),
        reply("400 No", no),
        lost,
    ];
    let server = Server::start(script).await;
    let client = client(&server);
    let reply = client.cancel("t").await.expect("a reply");
    assert_eq!(reply.request_id(), Some("r"));
    let error = client.cancel("t").await.expect_err("too late");
    assert_eq!(error.code(), Some("UnsupportedOperation"));
    assert_eq!(
        (error.stage(), error.task_id()),
        (Stage::Refused, Some("t"))
    );
    // Cancelling is free, but what came of it has to be looked up.
    let error = client.cancel("t").await.expect_err("lost");
    assert_eq!(error.stage(), Stage::OutcomeUnknown);
    assert!(!error.may_have_been_billed() && !error.is_retryable());
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn tasks_are_listed_as_asked_for() {
    let list = json!({"request_id": "r", "total": 2, "data": [
        {"task_id": "a", "status": "FAILED", "model_name": "m"},
        {"task_id": "b"},
    ]});
    let server = Server::start(vec![reply("200 OK", &list.to_string())]).await;
    let client = client(&server);
    let filter = TaskFilter {
        page_no: Some(2),
        page_size: Some(10),
        start_time: Some("20261121000000".into()),
        end_time: Some("20261122000000".into()),
        model_name: Some("qwen image&".into()),
        status: Some(TaskStatus::Failed),
    };
    let page = client.list(&filter).await.expect("a list");
    let found: Vec<_> = page
        .tasks()
        .into_iter()
        .map(|it| (it.id, it.status, it.model))
        .collect();
    let expected = [
        (
            "a".to_owned(),
            Some(TaskStatus::Failed),
            Some("m".to_owned()),
        ),
        ("b".to_owned(), None, None),
    ];
    assert_eq!(found, expected);
    assert_eq!(page.reply().json(), &list);
    client.list(&TaskFilter::default()).await.expect("a list");
    assert_eq!(
        lines(&server),
        [
            "GET /api/v1/tasks?page_no=2&page_size=10&start_time=20261121000000&end_time=20261122000000&model_name=qwen+image%26&status=FAILED HTTP/1.1",
            "GET /api/v1/tasks HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn a_task_counts_as_under_way_as_long_as_its_submission_is_kept() {
    let server = Server::start(vec![task("PENDING", json!({}))]).await;
    let limit = Limit::new(100, MILLISECOND).concurrent(1);
    let limiter = Limiter::published().with("dashscope", "qwen-image", limit);
    let client = builder(&server).limiter(limiter).build().expect("a client");
    let first = client.submit(&request()).await.expect("a submission");
    let hurried = client.with_deadline(100 * MILLISECOND);
    let error = hurried.submit(&request()).await.expect_err("no place");
    assert_eq!(error.stage(), Stage::NotSent);
    hurried.poll("t").await.expect("questions need no place");
    drop(first);
    hurried.submit(&request()).await.expect("a place");
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn inputs_in_the_apis_own_storage_are_resolved() {
    let operation = inkstone::dashscope::qwen_image_2_0::OPERATION;
    for (image, expected) in [
        ("oss://b/1.png", Some("enable")),
        ("http://b/oss://1.png", None),
    ] {
        let server = Server::start(vec![succeeded()]).await;
        let body = json!({"model": "qwen-image-2.0", "input": {"messages": [
            {"role": "user", "content": [{"image": image}, {"text": "t"}]},
        ]}});
        let client = client(&server).with_retries(Retries::none());
        client.send_json(&operation, &body).await.expect("a reply");
        let request = server.requests().remove(0);
        let found = header(&request, "x-dashscope-ossresourceresolve");
        assert_eq!(found, expected, "{image}");
    }
}
