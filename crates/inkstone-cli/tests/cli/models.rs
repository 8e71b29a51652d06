//! `inkstone models`.

use serde_json::json;

use crate::support::command::{bare, inkstone, run};

#[test]
fn the_tables_fit_a_terminal() {
    let names = inkstone(&["models"]).stdout;
    let names = names.lines().skip(1);
    let names: Vec<_> = names
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    assert!(names.len() > 20 && names.is_sorted());
    for name in &names {
        let run = inkstone(&["models", name]);
        assert_eq!(run.code, 0, "{run:#?}");
        let fields = run.stdout.split("\nprice").next().unwrap();
        for line in fields.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert!(!line.contains("a match of"), "{line}");
        }
    }
    // A name as it is printed is accepted.
    let run = inkstone(&["models", "gateway/wan2.7-image-pro"]);
    let wan = "\
gateway/wan2.7-image-pro
  model      required; wan2.7-image-pro
  prompt     required; 1 or more characters
  size       1K, 2K, 4K or WxH or W*H, 768²–4096² pixels, ratio 1:8–8:1; default
             2K
  n          1–4; default 1
  watermark  true or false; default false
  seed       0–2147483647
  (others)   refused
";
    assert!(run.stdout.starts_with(wan), "{}", run.stdout);
}

#[test]
fn the_json_has_every_model_once_a_path() {
    let documents = inkstone(&["models", "--json"]).json();
    let documents = documents.as_array().unwrap();
    let mut names = Vec::new();
    for document in documents {
        for model in document["models"].as_array().unwrap() {
            names.push((document["path"].as_str().unwrap(), model.as_str().unwrap()));
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!((count, names.len()), (43, 43));

    let plus = documents
        .iter()
        .find(|model| model["document"] == "qwen-image-plus")
        .unwrap();
    let field = |name: &str| {
        let fields = plus["fields"].as_array().unwrap();
        fields.iter().find(|field| field["field"] == name).unwrap()
    };
    assert_eq!(
        *field("parameters.size"),
        json!({
            "field": "parameters.size", "required": false, "type": "string",
            "enum": ["1664*928", "1472*1104", "1328*1328", "1104*1472", "928*1664"],
            "default": "1664*928",
        })
    );
    assert_eq!(field("input.messages[].role")["const"], json!("user"));
}

#[test]
fn the_list_has_a_line_for_each_model_and_filters() {
    let line = |args: &[&str], name: &str| {
        let run = inkstone(&[&["models"], args].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let found = run
            .stdout
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        found.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let wan = "wan2.7-image-pro 12 yes 0.50 CNY dashscope gateway";
    assert_eq!(line(&[], "wan2.7-image-pro").as_deref(), Some(wan));
    let max = "qwen-image-max 1 - 0.50 CNY dashscope gateway";
    assert_eq!(line(&[], "qwen-image-max").as_deref(), Some(max));
    assert_eq!(line(&["--edits"], "qwen-image-max"), None);
    let gateway = line(&["--api", "gateway"], "wan2.7-image-pro");
    assert_eq!(
        gateway.as_deref(),
        Some("wan2.7-image-pro 4 - 0.50 CNY gateway")
    );
    assert_eq!(line(&["--tasks"], "qwen-image-max"), None);
    assert!(line(&["--tasks"], "wan2.7-image").is_some());
}

#[test]
fn where_another_api_takes_a_request_that_is_said() {
    const MODEL: &str = "qwen-image-edit-plus";
    let generate = |model: &str, args: &[&str]| {
        let mut command = bare();
        let image = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sandbox.png");
        command.args(["generate", "--dry-run", "a cat", "--model", model]);
        run(command
            .args(["--image", image, "--image", image])
            .args(args))
    };
    let refused = generate(MODEL, &[]);
    assert_eq!(refused.code, 3, "{refused:#?}");
    let said = "error: the request breaks a rule of gateway/images-edits\n  --image: ";
    assert!(refused.stderr.starts_with(said), "{refused:#?}");
    let hint = "\nhint: dashscope takes it: use --api dashscope\n";
    assert!(refused.stderr.ends_with(hint), "{refused:#?}");
    assert_eq!(generate(MODEL, &["--api=dashscope"]).code, 0);
    // Which API is said already, or none takes it.
    for (model, args) in [
        (MODEL, &["--api=gateway"][..]),
        ("gateway/qwen-image-edit-plus", &[]),
        (MODEL, &["--n=99"]),
    ] {
        let refused = generate(model, args);
        assert!(
            refused.stderr.contains("lists what it accepts"),
            "{refused:#?}"
        );
    }
}
