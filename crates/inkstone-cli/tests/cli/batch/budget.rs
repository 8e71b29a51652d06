//! Budgets: reached, and never exceeded.

use std::fs;

use serde_json::{Value, json};

use crate::support::scene::{Scene, asked, job, pictures, replies};
use crate::support::server::reply;

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| job(&number.to_string())).collect()
}

#[test]
fn a_batch_stops_before_its_budget_is_exceeded() {
    // 0.20 CNY a picture.
    let cases: [(&[&str], usize); 5] = [
        (&["--max-images=3"], 3),
        (&["--max-images=0"], 0),
        (&["--max-cost=0.99"], 4),
        (&["--max-cost=1"], 5),
        (&["--max-images=4", "--max-cost=0.40"], 2),
    ];
    for (args, sent) in cases {
        let scene = Scene::new(&ids(8));
        let (url, count) = replies(vec![]);
        let run = scene.run_at(&url, args);
        assert_eq!((run.code, asked(&count)), (10, sent), "{args:?} {run:#?}");
        let summary = run.json();
        assert_eq!(summary["stopped"], "budget");
        assert_eq!(summary["jobs"]["queued"], json!(8 - sent));
        // The budget is for the batch, not for each run.
        let mut again = args.to_vec();
        again.push("--resume");
        let run = scene.run_at(&url, &again);
        assert_eq!((run.code, asked(&count)), (10, sent), "{args:?} {run:#?}");
        let run = scene.run_at(&url, &["--resume", "--max-images=8"]);
        assert_eq!((run.code, asked(&count)), (0, 8), "{args:?} {run:#?}");
    }
}

#[test]
fn a_request_counts_at_its_worst_until_its_reply_comes() {
    // Four pictures at most each, and one in fact.
    let wan = |id: usize| json!({"id": id.to_string(), "model": "wan2.7-image-pro", "prompt": "x"});
    let lines: Vec<_> = (0..6).map(|id| wan(id).to_string()).collect();
    let scene = Scene::new(&lines);
    let (url, count) = replies(vec![]);
    let mut command = scene.command(&["--base-url", &url, "--concurrency=4", "--max-images=6"]);
    let run = crate::support::command::run(&mut command);
    assert_eq!((run.code, asked(&count)), (10, 3), "{run:#?}");
    assert_eq!(run.json()["images"]["spent"], 3);
}

#[test]
fn fetching_paid_pictures_frees_no_budget() {
    let mut lines = ids(5);
    lines[0] =
        json!({"id": "0", "model": "qwen-image-2.0-2026-03-03", "prompt": "x", "n": 4}).to_string();
    let scene = Scene::new(&lines);
    let picture = "http://127.0.0.1:1/1.png";
    let body = json!({"created": 1, "data": [{"url": picture}]}).to_string();
    let (url, count) = replies(vec![reply(200, "application/json", &body)]);
    for args in [vec!["--max-images=4"], vec!["--max-images=4", "--resume"]] {
        let run = scene.run_at(&url, &args);
        assert_eq!((run.code, asked(&count)), (9, 4), "{run:#?}");
        assert_eq!(run.json()["images"], json!({"saved": 3, "spent": 4}));
        assert_eq!(run.json()["not_done"][0]["urls"], json!([picture]));
    }
}

#[test]
fn a_reply_that_breaks_off_counts_at_its_worst_and_is_kept() {
    let job = |id: usize| json!({"id": id.to_string(), "model": "wan2.7-image-pro", "prompt": "x", "n": 4});
    let lines: Vec<_> = (0..3).map(|id| job(id).to_string()).collect();
    let scene = Scene::new(&lines);
    let pixel = crate::support::server::PIXEL;
    let body =
        format!(r#"{{"data": [{{"b64_json": "{pixel}"}}, {{"b64_json": " {pixel}"}}, {{"b64"#);
    let whole = reply(
        200,
        "application/json",
        &format!("{body}{}", " ".repeat(99)),
    );
    let cut = whole[..whole.len() - 99].to_vec();
    let (url, count) = replies(vec![cut.clone(), cut]);
    let run = scene.run_at(&url, &["--max-images=8"]);
    let summary = run.json();
    assert_eq!((run.code, asked(&count)), (9, 2), "{run:#?}");
    assert_eq!(summary["stopped"], "budget");
    assert_eq!(summary["images"], json!({"saved": 4, "spent": 8}));
    let told = &summary["not_done"][0];
    let said = "; the reply is not whole: what is missing may have been made and billed";
    assert!(told["unmade"].as_str().unwrap().ends_with(said), "{told}");
    let kept = scene.out().join(told["reply"].as_str().unwrap());
    assert_eq!(fs::read_to_string(kept).unwrap(), body);
}

/// What an answer of DashScope to a request for four pictures has, and counts.
fn counting(pictures: usize, usage: &Value) -> Vec<u8> {
    let pixel = crate::support::server::PIXEL;
    let picture = |space: usize| json!({"image": format!("data:image/png;base64,{}{pixel}", "\n".repeat(space)), "type": "image"});
    let content: Vec<Value> = (0..pictures).map(picture).collect();
    let message = json!({"role": "assistant", "content": content});
    let choices = json!([{"finish_reason": "stop", "message": message}]);
    let body = json!({"request_id": "r-1", "output": {"choices": choices}, "usage": usage});
    reply(200, "application/json", &body.to_string())
}

#[test]
fn pictures_that_the_api_counts_are_paid_for() {
    let message = json!({"role": "user", "content": [{"text": "x"}]});
    let request = json!({"model": "wan2.7-image-pro", "input": {"messages": [message]}, "parameters": {"n": 4}});
    let job = json!({"id": "a", "api": "dashscope", "request": request});
    // How many came, what is counted, and what that makes.
    let cases = [
        (2, json!({"image_count": 4}), 4),
        (2, json!({"image_count": 3}), 3),
        (
            2,
            json!({"output_image_count": 4, "input_image_count": 9}),
            4,
        ),
        // The API may bill pictures that were not asked for, though not any number of them.
        (4, json!({"image_count": 5}), 5),
        (2, json!({"image_count": 2}), 2),
        (2, json!({"image_count": 1}), 2),
        (2, json!({}), 2),
    ];
    for (came, usage, spent) in cases {
        let scene = Scene::new(&[job.to_string()]);
        let (url, count) = replies(vec![counting(came, &usage)]);
        let run = scene.run_at_all(&url, &["--concurrency=1"]);
        let summary = run.json();
        let images = json!({"saved": came, "spent": spent});
        assert_eq!(
            (asked(&count), &summary["images"]),
            (1, &images),
            "{usage} {run:#?}"
        );
        let told = summary["not_done"][0]["unmade"]
            .as_str()
            .unwrap_or_default();
        let said =
            "the reply counts more pictures than it has: what is missing may have been billed";
        assert_eq!(
            told.contains(said),
            came < 4 && spent > came,
            "{usage} {summary}"
        );
        // A run that goes on counts the same.
        let again = scene
            .run_at_all(&url, &["--concurrency=1", "--resume"])
            .json();
        assert_eq!((asked(&count), &again["images"]), (1, &images), "{usage}");
    }
}

#[test]
fn more_pictures_than_asked_for_count_as_spent() {
    let scene = Scene::new(&ids(4));
    let pixel = crate::support::server::PIXEL;
    // White space makes it another text, and the same picture.
    let data = [
        pixel.to_owned(),
        format!("{pixel}\n"),
        format!("{pixel}\n\n"),
    ];
    let data = data.map(|picture| json!({"b64_json": picture}));
    let body = json!({"created": 1, "data": data}).to_string();
    let (url, count) = replies(vec![reply(200, "application/json", &body)]);
    let run = scene.run_at(&url, &["--max-images=3"]);
    assert_eq!((run.code, asked(&count)), (10, 1), "{run:#?}");
    assert_eq!(run.json()["images"], json!({"saved": 3, "spent": 3}));
    assert_eq!(scene.pictures(), ["0-2.png", "0-3.png", "0.png"]);
}

#[test]
fn a_limit_on_the_cost_needs_every_price() {
    let scene = Scene::new(&ids(1));
    let list = scene.jobs().with_file_name("prices.json");
    let args = ["--prices", list.to_str().unwrap(), "--max-cost=5"];
    let (url, count) = replies(vec![]);

    fs::write(
        &list,
        r#"{"currency":"EUR","date":"2026-11-20","source":"me","prices":[]}"#,
    )
    .unwrap();
    let run = scene.run_at(&url, &args);
    run.ended(
        2,
        "",
        "error: --max-cost needs the price of every model, but these have none
  qwen-image-2.0-2026-03-03
hint: give their prices with --prices, or use --max-images
",
    );
    let run = scene.run_at(&url, &args[..2]);
    assert_eq!(run.code, 0, "{run:#?}");
    let cost = &run.json()["cost"];
    assert_eq!(
        (&cost["known"], &cost["unpriced_images"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(
        (&cost["prices"]["date"], asked(&count)),
        (&json!("2026-11-20"), 1)
    );

    let scene = Scene::new(&ids(1));
    fs::write(&list, r#"{"currency":"EUR","date":"2026-11-20","source":"me","prices":[{"model":"qwen","per_image":"0.03"}]}"#).unwrap();
    let run = scene.run_at(&url, &args);
    assert_eq!(run.json()["cost"]["by_currency"], json!({"EUR": 0.03}));

    fs::write(&list, "{}").unwrap();
    let run = scene.run_at(&url, &args);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr
            .contains("is not a list of prices: missing field `currency`"),
        "{run:#?}"
    );
}

/// Two pictures of 0.18 from three inputs of 0.02 each: 0.42 a job.
#[test]
fn pictures_that_go_into_requests_count_as_well() {
    let edit = |id: usize| {
        let input = json!({"image": "https://a.example/b.png"});
        let content = json!([input, input, input, {"text": "x"}]);
        let line = json!({"id": id.to_string(), "request": {
            "model": "qwen-image-3.0",
            "input": {"messages": [{"role": "user", "content": content}]},
            "parameters": {"n": 2},
        }});
        line.to_string()
    };
    let lines: Vec<_> = (0..4).map(edit).collect();
    // How many pictures each of the requests makes, how many are sent, and what they cost.
    let cases = [
        ("--max-cost=0.83", 2, 1, 0.42),
        ("--max-cost=0.84", 2, 2, 0.84),
        ("--max-cost=0.41", 2, 0, 0.0),
        ("--max-cost=0.65", 1, 1, 0.24),
        ("--max-cost=0.66", 1, 2, 0.48),
    ];
    for (limit, made, sent, cost) in cases {
        let scene = Scene::new(&lines);
        let (url, count) = replies(vec![pictures(made); 2]);
        for again in [&[limit][..], &[limit, "--resume"]] {
            let run = scene.run_at(&url, again);
            assert_eq!(asked(&count), sent, "{limit} {run:#?}");
            let summary = run.json();
            assert_eq!(summary["stopped"], "budget", "{limit} {run:#?}");
            let spent = &summary["cost"]["by_currency"]["CNY"];
            assert_eq!(spent, &json!(cost), "{limit} {run:#?}");
        }
    }
    let scene = Scene::new(&lines);
    let refused = r#"{"code":"InvalidParameter","message":"no"}"#;
    let refused = reply(400, "application/json", refused);
    let (url, count) = replies(vec![refused, pictures(1)]);
    let run = scene.run_at(&url, &["--max-cost=0.65"]);
    // What was refused costs nothing, and its part of the budget is free again.
    assert_eq!(asked(&count), 2, "{run:#?}");
    assert_eq!(run.json()["cost"]["by_currency"]["CNY"], json!(0.24));
}

/// Model, pictures that go in, parameters, and what a request costs at most.
fn ten_requests() -> [(&'static str, usize, Value, &'static str); 10] {
    [
        (
            "qwen-image-3.0-pro",
            0,
            json!({"size": "1024*1024"}),
            "0.25",
        ),
        (
            "qwen-image-3.0-pro",
            0,
            json!({"size": "1500*1500"}),
            "0.25",
        ),
        (
            "qwen-image-3.0-pro",
            0,
            json!({"size": "1501*1500"}),
            "0.50",
        ),
        (
            "qwen-image-3.0-pro",
            0,
            json!({"size": "2048*1152", "n": 2}),
            "1.00",
        ),
        ("qwen-image-3.0-pro", 3, json!({}), "0.56"),
        ("qwen-image-3.0", 0, json!({"n": 6}), "1.08"),
        ("qwen-image-3.0", 3, json!({"n": 1}), "0.24"),
        ("wan2.7-image", 0, json!({"n": 3}), "0.60"),
        ("wan2.7-image-pro", 0, json!({}), "2.00"),
        (
            "wan2.7-image-pro",
            0,
            json!({"enable_sequential": true}),
            "6.00",
        ),
    ]
}

/// Each at its worst: the size that is not said at the highest price, and the number that is
/// not said at the most that the API is known to make.
#[test]
fn the_price_of_ten_requests_is_right_to_the_cent() {
    let requests = ten_requests();
    let line = |(id, (model, inputs, parameters, _)): (usize, &(&str, usize, Value, &str))| {
        let mut content = vec![json!({"image": "https://a.example/b.png"}); *inputs];
        content.push(json!({"text": "x"}));
        let request = json!({
            "model": model,
            "input": {"messages": [{"role": "user", "content": content}]},
            "parameters": parameters,
        });
        json!({"id": id.to_string(), "api": "dashscope", "request": request}).to_string()
    };
    let lines: Vec<_> = requests.iter().enumerate().map(line).collect();
    for (line, (model, _, parameters, cost)) in lines.iter().zip(&requests) {
        let run = Scene::new(std::slice::from_ref(line)).run(&["--dry-run"]);
        let found = &run.json()["cost_at_most"]["by_currency"]["CNY"];
        let expected: f64 = cost.parse().unwrap();
        assert_eq!(found, &json!(expected), "{model} {parameters} {run:#?}");
    }
    let run = Scene::new(&lines).run(&["--dry-run"]);
    assert_eq!(
        run.json()["cost_at_most"]["by_currency"],
        json!({"CNY": 12.48})
    );
    // A cent less is too little for the last of them.
    let scene = Scene::new(&lines);
    let (url, count) = replies(vec![]);
    let run = scene.run_at(&url, &["--max-cost=0.24"]);
    assert_eq!(
        (run.json()["stopped"].clone(), asked(&count)),
        (json!("budget"), 0),
        "{run:#?}"
    );
}
