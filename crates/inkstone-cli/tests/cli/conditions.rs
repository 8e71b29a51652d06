//! What `inkstone check` says where a rule of one field hangs on another, or sources disagree.

use serde_json::{Value, json};

use crate::support::command::{bare, run_with_input};

/// What is said of a request of these `parameters`, with a picture or without.
fn said(model: &str, is_edit: bool, parameters: &Value) -> String {
    let mut content = vec![json!({"text": "a cat"})];
    if is_edit {
        content.insert(0, json!({"image": "https://example.com/cat.png"}));
    }
    let body = json!({
        "model": model,
        "input": {"messages": [{"role": "user", "content": content}]},
        "parameters": parameters,
    });
    check("dashscope", &body)
}

/// What is said of `body`, without the hint that follows a refusal.
fn check(api: &str, body: &Value) -> String {
    let args = ["check", "--api", api, "-"];
    let run = run_with_input(bare().args(args), body.to_string().as_bytes());
    let lines = run
        .stderr
        .lines()
        .filter(|line| !line.starts_with("hint: "));
    lines.collect::<Vec<_>>().join("\n")
}

const LARGE: &str = "warning: /parameters/size: more than 2048*2048 pixels: the vendor's page \
                     does not allow it, although one test saw 2560*2560 accepted";

#[test]
fn an_area_that_sources_disagree_about_is_a_warning_and_one_that_none_allows_a_refusal() {
    let refused = |size: &str| {
        format!(
            "error: the request breaks a rule of dashscope/qwen-image-3.0\n  \
             /parameters/size: x-area: expected from 262144 to 6553600 pixels in all, \
             found \"{size}\""
        )
    };
    let cases = [
        ("511*512", refused("511*512")),
        ("512*512", String::new()),
        ("2048*2048", String::new()),
        ("2049*2048", LARGE.to_owned()),
        ("2560*2560", LARGE.to_owned()),
        ("2561*2560", refused("2561*2560")),
    ];
    for (size, expected) in cases {
        for model in ["qwen-image-3.0", "qwen-image-3.0-pro"] {
            assert_eq!(said(model, false, &json!({"size": size})), expected);
        }
    }
    for (size, expected) in [("2048*2048", ""), ("2560*2560", LARGE)] {
        let body = json!({"model": "qwen-image-3.0", "prompt": "a cat", "size": size});
        let expected = expected.replace("/parameters/size", "/size");
        assert_eq!(check("compatible-mode", &body), expected);
    }
}

#[test]
fn a_rule_is_told_with_its_condition() {
    let agent = json!({"size": "1024*1024", "prompt_extend_mode": "agent"});
    assert_eq!(said("qwen-image-3.0", false, &agent), "");
    assert_eq!(
        said("qwen-image-3.0", true, &agent),
        "error: the request breaks a rule of dashscope/qwen-image-3.0\n  \
         /parameters/prompt_extend_mode: enum: expected one of \"direct\" where images are \
         given, found \"agent\""
    );
    let mut thinking = json!({"size": "1024*1024", "enable_thinking": true});
    assert_eq!(said("qwen-image-3.0", false, &thinking), "");
    thinking["prompt_extend"] = json!(false);
    assert_eq!(
        said("qwen-image-3.0", false, &thinking),
        "warning: /parameters/enable_thinking: has no effect where prompt_extend is false"
    );
}

#[test]
fn a_request_without_a_size_is_told_what_that_costs() {
    assert_eq!(
        said("qwen-image-3.0-pro", false, &json!({})),
        "warning: (root): without parameters.size the model chooses the size: \
         qwen-image-3.0-pro then makes 2048*2048, at the price of 2K, and edits may be \
         enlarged to 2K"
    );
    let body = json!({"model": "qwen-image-3.0", "prompt": "a cat"});
    assert_eq!(
        check("compatible-mode", &body),
        "warning: (root): without size the model chooses the size, and its price with it"
    );
}
