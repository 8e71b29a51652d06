//! The tools, called by the client of the SDK.

use serde_json::{Value, json};

use super::agent::Agent;
use crate::support::command::bare;
use crate::support::served::Served;

fn order(call_id: &str, prompt: &str) -> Value {
    json!({"call_id": call_id, "request": {
        "model": "wan2.7-image-pro", "prompt": prompt, "n": 1, "size": "2048x2048",
    }})
}

#[tokio::test]
async fn an_argument_that_a_tool_does_not_have_is_not_left_out() {
    let agent = Agent::with_sandbox().await;
    let mut order = order("1", "a cat");
    order["n"] = 4.into();
    let cases = [
        (
            "generate",
            order,
            "/n: is not an argument of `generate`, which takes `request` and `call_id`",
        ),
        (
            "wait",
            json!({"task_id": "1", "timeout": 5}),
            "/timeout: is not an argument of `wait`, which takes `task_id` and `seconds`",
        ),
        (
            "models",
            json!({"name": "wan2.7-image"}),
            "/name: is not an argument of `models`, which takes `model`",
        ),
    ];
    for (tool, arguments, message) in cases {
        let answer = agent.json(tool, arguments).await;
        assert_eq!(
            answer,
            json!({"error": {"code": "invalid_arguments", "message": message}})
        );
    }
}

#[tokio::test]
async fn an_agent_lists_tools_gets_a_violation_and_then_a_picture() {
    let agent = Agent::with_sandbox().await;
    let tools = agent.client.list_all_tools().await.unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool.name.to_string()).collect();
    let expected = [
        "models",
        "check",
        "price",
        "generate",
        "edit",
        "submit",
        "wait",
        "tasks",
        "batch_status",
    ];
    assert_eq!(names, expected);

    let mut wrong = order("1", "a cat");
    wrong["request"]["n"] = 9.into();
    wrong["request"]["sede"] = 1.into();
    let result = agent.call("generate", wrong).await;
    assert_eq!(result.is_error, Some(true));
    let error = &result.structured_content.unwrap()["error"];
    let violation = |index: usize| {
        let violation = &error["violations"][index];
        (violation["pointer"].clone(), violation["keyword"].clone())
    };
    let mut found = [violation(0), violation(1)];
    found.sort_by_key(|(pointer, _)| pointer.to_string());
    let expected = [
        (json!("/n"), json!("maximum")),
        (json!("/sede"), json!("additionalProperties")),
    ];
    assert_eq!(found, expected, "{error:#}");

    let result = agent.call("generate", order("1", "a cat")).await;
    assert_eq!(result.is_error, Some(false), "{result:#?}");
    let json = result.structured_content.as_ref().unwrap();
    let path = json["pictures"][0]["path"].as_str().unwrap();
    assert!(std::fs::read(path).unwrap().starts_with(b"\x89PNG"));
    let length = serde_json::to_string(&result.content).unwrap().len();
    assert!(length < 200_000, "{length}");
    let thumbnail = result.content.iter().find_map(|content| content.as_image());
    assert_eq!(thumbnail.unwrap().mime_type, "image/jpeg");
    let text = serde_json::to_value(&result.content).unwrap();
    assert_eq!(text[1]["type"], "resource_link");
    assert!(text[1]["uri"].as_str().unwrap().starts_with("file:///"));
}

#[tokio::test]
async fn an_agent_is_answered_in_english_whatever_the_machine_speaks() {
    let mut command = bare();
    command
        .args(["mcp", "--sandbox"])
        .env("LC_ALL", "zh_CN.UTF-8");
    let agent = Agent::start(command).await;
    let wrong = json!({"model": "wan2.7-image-pro", "prompt": "", "n": 9});
    for (name, arguments) in [
        ("check", json!({"request": wrong})),
        ("generate", json!({"call_id": "1", "request": wrong})),
        ("models", json!({"name": "nope"})),
        ("models", json!({"name": "wan2.7-image-pro"})),
        (
            "price",
            json!({"request": {"model": "wan2.7-image-pro", "prompt": "a"}}),
        ),
    ] {
        let result = agent.call(name, arguments).await;
        let text = serde_json::to_string(&result).unwrap();
        let is_chinese = |c: char| ('\u{3000}'..'\u{a000}').contains(&c);
        assert!(!text.contains(is_chinese), "{name}: {text}");
    }
}

#[tokio::test]
async fn the_schemas_of_orders_are_those_of_the_documents() {
    let agent = Agent::with_sandbox().await;
    for tool in agent.client.list_all_tools().await.unwrap() {
        let schema = Value::Object((*tool.input_schema).clone());
        let validator = jsonschema::draft202012::new(&schema);
        let validator = validator.unwrap_or_else(|error| panic!("{}: {error}", tool.name));
        if tool.name != "generate" {
            continue;
        }
        assert!(validator.is_valid(&order("1", "a cat")));
        let wrong = [
            json!({"request": {"model": "wan2.7-image-pro", "prompt": "a cat"}}),
            json!({"call_id": "1", "request": {"model": "wan2.7-image-prp", "prompt": "a"}}),
            json!({"call_id": "1", "request": {"model": "wan2.7-image-pro", "prompt": 1}}),
        ];
        for arguments in wrong {
            assert!(!validator.is_valid(&arguments), "{arguments}");
        }
    }
}

#[tokio::test]
async fn a_call_that_is_repeated_is_submitted_once_after_a_restart_as_well() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let flags = ["--max-cost", "5.00"];
    let agent = Agent::in_front_of(&sandbox, out.path(), &flags).await;
    let first = agent.json("generate", order("1", "a cat")).await;
    let again = agent.json("generate", order("1", "a cat")).await;
    assert_eq!(
        (&first["repeated"], &again["repeated"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(first["pictures"], again["pictures"]);
    let other = agent.json("generate", order("1", "a dog")).await;
    assert_eq!(other["error"]["code"], "call_id_reused");
    drop(agent);
    // The directory is free again once the server has ended.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let agent = Agent::in_front_of(&sandbox, out.path(), &flags).await;
    let again = agent.json("generate", order("1", "a cat")).await;
    assert_eq!(first["pictures"], again["pictures"]);
    assert_eq!(sandbox.stats()["submitted"], 1);
}

#[tokio::test]
async fn nothing_is_spent_without_a_budget_or_beyond_it() {
    let sandbox = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let agent = Agent::in_front_of(&sandbox, &out.path().join("a"), &[]).await;
    let refused = agent.json("generate", order("1", "a cat")).await;
    assert_eq!(refused["error"]["code"], "no_budget");
    let checked = agent
        .json("check", json!({"request": order("1", "a cat")["request"]}))
        .await;
    assert_eq!(
        (&checked["valid"], &checked["cost"]["most"]),
        (&json!(true), &json!(0.5))
    );

    let agent = Agent::in_front_of(&sandbox, &out.path().join("b"), &["--max-cost", "0.60"]).await;
    let made = agent.json("generate", order("1", "a cat")).await;
    assert!(made["pictures"][0]["path"].is_string(), "{made:#}");
    let refused = agent.json("generate", order("2", "a dog")).await;
    assert_eq!(refused["error"]["code"], "over_budget");
    let price = agent
        .json("price", json!({"request": order("2", "a dog")["request"]}))
        .await;
    assert_eq!(price["spent"][0]["cost"], 0.5, "{price:#}");
    assert_eq!(sandbox.stats()["submitted"], 1);
}

#[tokio::test]
async fn pictures_go_in_as_files_and_tasks_are_waited_for() {
    let agent = Agent::with_sandbox().await;
    let made = agent.json("generate", order("1", "a cat")).await;
    let path = made["pictures"][0]["path"].clone();
    let content = json!([{"role": "user", "content": [{"image": path}, {"text": "add a hat"}]}]);
    let request = json!({"model": "wan2.7-image", "input": {"messages": content},
        "parameters": {"n": 1}});
    let edited = agent
        .json("edit", json!({"call_id": "2", "request": request}))
        .await;
    // Whoever makes it again by its sidecar finds the file.
    let picture = edited["pictures"][0]["path"].as_str().unwrap();
    let sidecar = std::fs::read(format!("{picture}.json")).unwrap();
    let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
    assert_eq!(sidecar["inputs"][0]["path"], path, "{sidecar:#}");
    assert_eq!(sidecar["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    // Nobody writes into the pipe, and nobody waits for that.
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe.png");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    let mut paths = vec!["/no/such/file.png", directory.path().to_str().unwrap()];
    paths.extend(
        made.is_ok_and(|made| made.success())
            .then(|| pipe.to_str().unwrap()),
    );
    for path in paths {
        let mut missing = request.clone();
        missing["input"]["messages"][0]["content"][0]["image"] = path.into();
        let refused = agent
            .json("edit", json!({"call_id": "3", "request": missing}))
            .await;
        assert_eq!(refused["error"]["code"], "invalid_image", "{path}");
    }

    let submitted = agent
        .json("submit", json!({"call_id": "4", "request": request}))
        .await;
    let task_id = submitted["task_id"].as_str().unwrap().to_owned();
    let again = agent
        .json("submit", json!({"call_id": "4", "request": request}))
        .await;
    assert_eq!(again["task_id"], json!(task_id));
    let waited = agent.json("wait", json!({"task_id": task_id})).await;
    assert!(waited["pictures"][0]["path"].is_string(), "{waited:#}");
    let again = agent.json("wait", json!({"task_id": task_id})).await;
    assert_eq!(waited["pictures"], again["pictures"]);
    let tasks = agent.json("tasks", json!({})).await;
    assert_eq!(tasks["tasks"].as_array().unwrap().len(), 1, "{tasks:#}");
}

#[tokio::test]
async fn what_is_looked_up_sends_nothing() {
    let agent = Agent::with_sandbox().await;
    let models = agent.json("models", json!({})).await;
    assert!(models["documents"].as_array().unwrap().len() > 5);
    let one = agent
        .json("models", json!({"model": "wan2.7-image-pro"}))
        .await;
    assert!(
        one["documents"][0]["request"]["properties"]["prompt"].is_object(),
        "{one:#}"
    );
    let unknown = agent
        .json("models", json!({"model": "wan2.7-image-prp"}))
        .await;
    let message = unknown["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("did you mean \"wan2.7-image-pro\" or \"wan2.7-image\"?"),
        "{message}"
    );
    let none = agent
        .json("batch_status", json!({"directory": "/no/such"}))
        .await;
    assert_eq!(none["error"]["code"], "no_batch");
    for arguments in [json!({}), json!({"request": 1}), json!({"request": {}})] {
        let refused = agent.json("check", arguments.clone()).await;
        assert!(refused["error"]["code"].is_string(), "{arguments}");
    }
}
