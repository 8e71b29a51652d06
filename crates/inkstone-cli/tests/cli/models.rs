//! `inkstone models`.

use serde_json::json;

use crate::support::command::inkstone;

#[test]
fn the_table_fits_a_terminal() {
    let run = inkstone(&["models"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for line in run.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let wan = "
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
    assert!(run.stdout.contains(wan), "{}", run.stdout);
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
