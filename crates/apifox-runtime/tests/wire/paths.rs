//! Paths and what is filled into them.

use apifox_runtime::{Location, Operation, Serialization, Style};
use serde_json::{Value, json};

use crate::{encode, operation, refusal, with};

fn task(path: &'static str, style: Serialization) -> Operation {
    with(operation(path), Location::Path, &[("id", style)])
}

fn path(operation: &Operation, value: Value) -> String {
    let request = json!({ "path": { "id": value } });
    encode(operation, &request).expect("a path").path
}

#[test]
fn values_are_encoded() {
    let cases = [
        (json!("a1"), "/tasks/a1/cancel"),
        (json!("-._~"), "/tasks/-._~/cancel"),
        (json!("a/b"), "/tasks/a%2Fb/cancel"),
        (json!("a?b#c"), "/tasks/a%3Fb%23c/cancel"),
        (json!("100%"), "/tasks/100%25/cancel"),
        (json!("%2e"), "/tasks/%252e/cancel"),
        (json!("任务 1"), "/tasks/%E4%BB%BB%E5%8A%A1%201/cancel"),
        (json!("a\r\nb\\"), "/tasks/a%0D%0Ab%5C/cancel"),
        (json!("{id}"), "/tasks/%7Bid%7D/cancel"),
        (json!("..."), "/tasks/.../cancel"),
        (json!(5), "/tasks/5/cancel"),
        (json!(1.0), "/tasks/1.0/cancel"),
        (json!(true), "/tasks/true/cancel"),
    ];
    let operation = task("/tasks/{id}/cancel", Style::Simple.joined());
    for (value, expected) in cases {
        assert_eq!(path(&operation, value.clone()), expected, "{value}");
    }
}

#[test]
fn the_template_itself_becomes_url_text() {
    let cases = [
        ("/v1/images", "/v1/images"),
        ("", ""),
        ("/图片 a", "/%E5%9B%BE%E7%89%87%20a"),
        ("/a%20b/100%/%zz", "/a%20b/100%25/%25zz"),
        ("/a:b@c;d=e,f!$&'()*+~", "/a:b@c;d=e,f!$&'()*+~"),
        ("/a[b]\\c|\"<>^`\t", "/a%5Bb%5D%5Cc%7C%22%3C%3E%5E%60%09"),
        ("/open{brace", "/open%7Bbrace"),
        ("/shut}brace", "/shut%7Dbrace"),
        ("/a?fixed=1&b=ü", "/a?fixed=1&b=%C3%BC"),
        ("/a#edit", "/a"),
        ("/a?b=1#edit?c", "/a?b=1"),
        ("/a?b=..", "/a?b=.."),
    ];
    for (template, expected) in cases {
        let encoded = encode(&operation(template), &json!(null)).expect(template);
        assert_eq!(encoded.path, expected, "{template}");
    }
}

#[test]
fn placeholders_have_any_name_and_stand_anywhere() {
    let styles = [
        ("任务 id", Style::Simple.joined()),
        ("a/b#c", Style::Simple.joined()),
    ];
    let operation = with(
        operation("/{任务 id}/x{a/b#c}.{任务 id}?q={a/b#c}"),
        Location::Path,
        &styles,
    );
    let request = json!({"path": {"任务 id": "1 2", "a/b#c": "&"}});
    let encoded = encode(&operation, &request).expect("a path");
    assert_eq!(encoded.path, "/1%202/x%26.1%202?q=%26");
}

#[test]
fn a_path_never_leads_elsewhere() {
    let elsewhere = "path parameter `id`: it would make the path lead elsewhere, by `.` or `..`";
    let cases = [
        ("/a/{id}", json!("."), elsewhere),
        ("/a/{id}/b", json!(".."), elsewhere),
        ("/a/.{id}?b", json!("."), elsewhere),
        ("/a/%2E{id}", json!("."), elsewhere),
        ("/a/{id}{id}", json!("."), elsewhere),
        (
            "/a/{id}",
            json!(""),
            "path parameter `id`: it is empty, and the path would lead elsewhere",
        ),
        (
            "/a/{id}",
            json!([]),
            "path parameter `id`: it is empty, and the path would lead elsewhere",
        ),
        (
            "/a/{id}",
            json!(null),
            "path parameter `id`: it is missing, and the path can't do without it",
        ),
        (
            "/a/{id}/{other}",
            json!("x"),
            "path parameter `other`: it is missing, and the path can't do without it",
        ),
        (
            "/a",
            json!("x"),
            "path parameter `id`: the path has no place for it",
        ),
        (
            "/a#{id}",
            json!("x"),
            "path parameter `id`: the path has no place for it",
        ),
        (
            "/a/../{id}",
            json!("x"),
            "the operation's path: it has a segment `.` or `..`",
        ),
    ];
    for (template, value, expected) in cases {
        let request = json!({ "path": { "id": value } });
        let operation = task(template, Style::Simple.joined());
        assert_eq!(refusal(&operation, &request), expected, "{template}");
    }
    let request = json!({"path": {"id": "x"}});
    let two = task("/a/{id}{id}/..{id}", Style::Simple.joined());
    assert_eq!(encode(&two, &request).expect("a path").path, "/a/xx/..x");
}
