//! A request as the command that sends it.

use serde_json::Value;

use crate::request::shape::picture_pointers;

/// The fields that have flags of their own, and whether the value is joined by `=`.
const FLAGS: [(&str, &str, bool); 6] = [
    ("size", "--size", false),
    ("n", "--n", false),
    ("seed", "--seed", false),
    ("watermark", "--watermark", true),
    ("negative_prompt", "--negative-prompt", false),
    ("prompt_extend", "--prompt-extend", false),
];

/// The flag that sets the field at a path such as `parameters.size`.
pub fn flag(path: &str, value: &Value) -> Vec<String> {
    let name = path.strip_prefix("parameters.").unwrap_or(path);
    let name = name.strip_prefix("input.").unwrap_or(name);
    let flag = FLAGS.iter().find(|(own, ..)| *own == name);
    let text = match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    match flag {
        Some((_, flag, false)) if !text.starts_with('-') => vec![(*flag).to_owned(), text],
        Some((_, flag, _)) => vec![format!("{flag}={text}")],
        None => vec!["--set".to_owned(), format!("{path}={value}")],
    }
}

/// The command of a body that goes to `api`. Pictures that the body holds itself are named
/// `picture.png`.
pub fn of_body(api: &str, body: &Value) -> String {
    let mut args = vec!["generate".to_owned(), "--api".to_owned(), api.to_owned()];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let model = text(&body["model"]).unwrap_or_default();
    args.extend(["--model".to_owned(), model]);
    let own = ["model", "prompt", "image", "input", "parameters"];
    let members = body.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| !own.contains(&name.as_str()));
    args.extend(members.flat_map(|(name, value)| flag(name, value)));
    for object in ["parameters", "input"] {
        let members = body[object].as_object().into_iter().flatten();
        let members = members.filter(|(name, _)| !["prompt", "messages"].contains(&name.as_str()));
        args.extend(members.flat_map(|(name, value)| flag(&format!("{object}.{name}"), value)));
    }
    let images = picture_pointers(body).into_iter();
    for image in images.filter_map(|pointer| body.pointer(&pointer)?.as_str()) {
        let named = if image.starts_with("data:") {
            "picture.png"
        } else {
            image
        };
        args.extend(["--image".to_owned(), named.to_owned()]);
    }
    let prompt = prompt(body).unwrap_or_default();
    if prompt.starts_with('-') {
        args.push("--".to_owned());
    }
    args.push(prompt.to_owned());
    written(&args)
}

/// The prompt of a body, in the place where the API has it.
pub fn prompt(body: &Value) -> Option<&str> {
    let content = body.pointer("/input/messages/0/content");
    let parts = content.and_then(Value::as_array).into_iter().flatten();
    let text = parts.filter_map(|part| part["text"].as_str()).next();
    let direct = body["prompt"].as_str();
    text.or(direct).or_else(|| body["input"]["prompt"].as_str())
}

/// The program with these arguments, for a POSIX shell.
pub fn written(args: &[String]) -> String {
    let words = args.iter().map(|arg| quoted(arg));
    words.fold("inkstone".to_owned(), |command, word| {
        format!("{command} {word}")
    })
}

/// A word for a POSIX shell.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{of_body, prompt, quoted};

    #[test]
    fn words_are_quoted_for_a_shell() {
        let cases = [
            ("--size", "--size"),
            ("1024*1024", "'1024*1024'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
            ("a=$HOME", "'a=$HOME'"),
            ("a-b_c.d/e", "a-b_c.d/e"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("my cats", "'my cats'"),
            ("$(x)", "'$(x)'"),
        ];
        for (word, expected) in cases {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn the_prompt_is_found_in_every_form_of_request() {
        let cases = [
            (json!({"prompt": "a cat"}), Some("a cat")),
            (json!({"input": {"prompt": "a cat"}}), Some("a cat")),
            (
                json!({"input": {"messages": [{"content": [{"image": "i"}, {"text": "a cat"}]}]}}),
                Some("a cat"),
            ),
            (json!({}), None),
        ];
        for (request, expected) in cases {
            assert_eq!(prompt(&request), expected, "{request}");
        }
    }

    #[test]
    fn a_body_is_written_as_the_command_that_sends_it() {
        let flat = json!({"model": "m", "prompt": "-1 °C", "size": "2K", "seed": -1, "x": [1],
            "image": ["https://example.com/a.png", "data:image/png;base64,AAAA"]});
        let expected = "inkstone generate --api gateway --model m --size 2K --seed=-1 \
                        --set 'x=[1]' --image https://example.com/a.png --image picture.png \
                        -- '-1 °C'";
        assert_eq!(of_body("gateway", &flat), expected);
        let nested = json!({"model": "m", "parameters": {"n": 2, "watermark": false},
            "input": {"messages": [{"content": [{"image": "https://e.com/b"}, {"text": "a cat"}]}]}});
        let expected = "inkstone generate --api dashscope --model m --n 2 --watermark=false \
                        --image https://e.com/b 'a cat'";
        assert_eq!(of_body("dashscope", &nested), expected);
    }
}
