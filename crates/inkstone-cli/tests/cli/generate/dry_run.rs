//! `inkstone generate --dry-run`: from flags to bodies.

use serde_json::{Value, json};

use crate::support::command::{bare, inkstone, run};
use crate::support::server::{PIXEL, pixel};

/// The flags `--image` and `--set` need no key, and no address: nothing is sent.
fn body(args: &[&str]) -> Value {
    let run = run(bare().args(["generate", "--dry-run"]).args(args));
    // What it costs is no part of the result.
    let is_cost = run.stderr.starts_with("cost: ") && !run.stderr.contains("warning");
    assert!(run.code == 0 && is_cost, "{args:?}: {run:#?}");
    run.json()
}

fn message(model: &str, content: &Value) -> Value {
    json!({"model": model, "input": {"messages": [{"role": "user", "content": content}]}})
}

#[test]
fn gateway_bodies_are_flat() {
    let cases: [(&[&str], Value); 6] = [
        (
            &["猫"],
            json!({"model": "wan2.7-image-pro", "prompt": "猫"}),
        ),
        (
            &[
                "a",
                "--n",
                "2",
                "--seed",
                "42",
                "--size",
                "1920x1080",
                "--watermark",
            ],
            json!({
                "model": "wan2.7-image-pro", "prompt": "a", "size": "1920x1080",
                "n": 2, "watermark": true, "seed": 42,
            }),
        ),
        // Required fields with only one value, or a default, are filled in.
        (
            &["a", "--model", "qwen-image-max"],
            json!({
                "model": "qwen-image-max", "prompt": "a", "size": "1664x928",
                "n": 1, "watermark": false, "prompt_extend": true,
            }),
        ),
        (
            &[
                "a",
                "--model=qwen-image-max",
                "--size=1328*1328",
                "--prompt-extend=false",
                "--set=x.y=[1]",
            ],
            json!({
                "model": "qwen-image-max", "prompt": "a", "size": "1328*1328", "n": 1,
                "watermark": false, "prompt_extend": false, "x": {"y": [1]},
            }),
        ),
        (
            &[
                "a",
                "--model",
                "qwen-image-edit-2509",
                "--image",
                "https://a/b.png",
            ],
            json!({"model": "qwen-image-edit-2509", "prompt": "a", "image": "https://a/b.png"}),
        ),
        (
            &["a", "--set", "size=\"2K\"", "--watermark", "false"],
            json!({"model": "wan2.7-image-pro", "prompt": "a", "watermark": false, "size": "2K"}),
        ),
    ];
    for (args, expected) in cases {
        assert_eq!(body(args), expected, "{args:?}");
    }
}

#[test]
fn dashscope_bodies_have_messages_and_parameters() {
    let text = json!([{"text": "a"}]);
    let parameters = |mut body: Value, parameters: Value| {
        body["parameters"] = parameters;
        body
    };
    let cases: [(&[&str], Value); 5] = [
        (
            &["a", "--api", "dashscope"],
            message("qwen-image-2.0-pro", &text),
        ),
        (
            &["a", "--model", "qwen-image"],
            message("qwen-image", &text),
        ),
        (
            &[
                "a",
                "--api=dashscope",
                "--image=https://a/1",
                "--image=oss://a/2",
            ],
            message(
                "qwen-image-2.0-pro",
                &json!([{"image": "https://a/1"}, {"image": "oss://a/2"}, {"text": "a"}]),
            ),
        ),
        (
            &[
                "a",
                "--model=qwen-image-2.0",
                "--negative-prompt=b",
                "--size=1664*928",
                "--n=6",
                "--prompt-extend=true",
                "--watermark=false",
                "--seed=0",
            ],
            parameters(
                message("qwen-image-2.0", &text),
                json!({
                    "negative_prompt": "b", "size": "1664*928", "n": 6,
                    "prompt_extend": true, "watermark": false, "seed": 0,
                }),
            ),
        ),
        (
            &["a", "--model=qwen-image", "--set=parameters.n=1"],
            parameters(message("qwen-image", &text), json!({"n": 1})),
        ),
    ];
    for (args, expected) in cases {
        assert_eq!(body(args), expected, "{args:?}");
    }
}

#[test]
fn a_size_gets_the_separator_that_the_document_accepts() {
    let cases = [
        ("wan2.7-image-pro", "1920x1080", "/size", "1920x1080"),
        ("wan2.7-image-pro", "1920*1080", "/size", "1920*1080"),
        ("qwen-image-2.0", "1664x928", "/parameters/size", "1664*928"),
        (
            "qwen-image-plus",
            "1664x928",
            "/parameters/size",
            "1664*928",
        ),
    ];
    for (model, given, pointer, expected) in cases {
        let body = body(&["a", "--model", model, "--size", given]);
        assert_eq!(
            body.pointer(pointer),
            Some(&json!(expected)),
            "{model} {given}"
        );
    }
}

#[test]
fn a_picture_becomes_a_data_uri() {
    let directory = tempfile::tempdir().unwrap();
    let gif =
        b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let cases: [(&str, &[u8], &str); 2] = [
        ("a.bin", &pixel(), &format!("data:image/png;base64,{PIXEL}")),
        (
            "b.png",
            gif,
            "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=",
        ),
    ];
    for (name, bytes, expected) in cases {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let body = body(&[
            "a",
            "--model=qwen-image-edit-2509",
            "--image",
            path.to_str().unwrap(),
        ]);
        assert_eq!(body["image"], json!(expected), "{name}");
    }
    let format =
        "give a PNG, JPEG, WebP, GIF, BMP or TIFF file; the first bytes decide, not the name";
    let anew = "open the picture in another program and save it anew, or fetch it again";
    let cut = "is a PNG that is damaged, or cut short";
    let whole = pixel();
    let cases: [(&str, &[u8], &str, &str); 4] = [
        (
            "d.png",
            b"no picture",
            "is not a PNG, JPEG, WebP, GIF, BMP or TIFF",
            format,
        ),
        ("e.png", b"\x89PNG\r\n\x1a\n", cut, anew),
        // Its header is there, and its end is not.
        ("f.png", &whole[..40], cut, anew),
        ("g.png", &whole[..whole.len() - 1], cut, anew),
    ];
    for (name, bytes, message, hint) in cases {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        inkstone(&["generate", "--dry-run", "a", "--image", path]).ended(
            3,
            "",
            &format!("error: --image {path}: {message}\nhint: {hint}\n"),
        );
    }
}

#[test]
fn a_picture_beyond_the_limits_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cat.png");
    let mut bytes = pixel();
    bytes.resize(10_485_761, 0);
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap();
    let cases = [
        ("qwen-image-edit-2509", "gateway"),
        ("qwen-image-2.0", "dashscope"),
    ];
    for (model, api) in cases {
        let args = [
            "generate",
            "--dry-run",
            "a",
            "--model",
            model,
            "--image",
            path,
        ];
        inkstone(&args).ended(
            3,
            "",
            &format!(
                "error: the request breaks a rule of {api}/{model}
  --image {path}: expected a picture of at most 10485760 bytes, found 10485761 bytes
hint: `inkstone models {api}/{model}` lists what it accepts
"
            ),
        );
    }
}

#[test]
fn violations_name_the_flag() {
    inkstone(&["generate", "", "--n=5", "--size=1x1", "--seed=-5", "--set=a.b=1"]).ended(
        3,
        "",
        "error: the request breaks 5 rules of gateway/wan2.7-image-pro
  PROMPT: expected at least 1 character, found \"\"
  --size: expected one of \"1K\", \"2K\", \"4K\"; or from 589824 to 16777216 pixels in all, found \"1x1\"
  --n: expected at most 4, found 5
  --seed: expected at least 0, found -5
  --set a.b: wan2.7-image-pro has no such field, only model, prompt, size, n, watermark, seed
hint: `inkstone models gateway/wan2.7-image-pro` lists what it accepts
",
    );
    inkstone(&["generate", "a", "--model=qwen-image-edit-2509"]).ended(
        3,
        "",
        "error: the request breaks a rule of gateway/qwen-image-edit-2509
  qwen-image-edit-2509 needs --image
hint: `inkstone models gateway/qwen-image-edit-2509` lists what it accepts
",
    );
    // A size that parses gives the more helpful message.
    inkstone(&[
        "generate",
        "a",
        "--model=qwen-image-2.0",
        "--size=9999x9999",
        "--n=7",
    ])
    .ended(
        3,
        "",
        "error: the request breaks 2 rules of dashscope/qwen-image-2.0
  --size: expected from 262144 to 4194304 pixels in all, found \"9999*9999\"
  --n: expected at most 6, found 7
hint: `inkstone models dashscope/qwen-image-2.0` lists what it accepts
",
    );
}
