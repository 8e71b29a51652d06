//! A request as the command that sends it.

use serde_json::Value;

use crate::request::shape::picture_pointers;
use crate::request::words::flags::{FLAGS, Flag, PROMPT};

/// The longest prompt, in bytes, that is given as an argument: systems take 128 KiB.
const LONGEST: usize = 100_000;

/// The flag that sets the field at a path such as `parameters.size`. A value that the flag would
/// not take is left to the document to judge.
pub fn flag(path: &str, value: &Value) -> Vec<String> {
    let name = path.strip_prefix("parameters.").unwrap_or(path);
    let name = name.strip_prefix("input.").unwrap_or(name);
    let mut flags = FLAGS.iter();
    let flag = flags.find(|own| own.field == name && own.flag != PROMPT && own.takes(value));
    let text = match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    match flag {
        Some(Flag {
            flag, is_joined, ..
        }) => match *is_joined || text.starts_with('-') {
            true => vec![format!("{flag}={text}")],
            false => vec![(*flag).to_owned(), text],
        },
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
    with_prompt(&args, prompt(body).unwrap_or_default())
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

/// The program with these flags and this prompt, for a POSIX shell.
pub fn with_prompt(flags: &[String], prompt: &str) -> String {
    let (command, quoted) = (written(flags), quoted(prompt));
    match prompt {
        // As an argument it would mean standard input, or be too long for one.
        _ if prompt == "-" || prompt.len() > LONGEST => {
            format!("printf %s {quoted} | {command} -")
        }
        _ if prompt.starts_with('-') => format!("{command} -- {quoted}"),
        _ => format!("{command} {quoted}"),
    }
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

    use super::{flag, of_body, prompt, quoted, with_prompt};

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
    fn a_value_that_its_flag_would_not_take_is_set_as_it_is() {
        let cases = [
            ("n", json!(2), "--n 2"),
            ("parameters.n", json!("２"), "--set parameters.n=\"２\""),
            ("n", json!(1.5), "--set n=1.5"),
            ("seed", json!(-1), "--seed=-1"),
            ("seed", json!(1e23), "--set seed=1e+23"),
            ("watermark", json!("yes"), "--set watermark=\"yes\""),
            ("size", json!(1024), "--set size=1024"),
        ];
        for (path, value, expected) in cases {
            assert_eq!(flag(path, &value).join(" "), expected);
        }
    }

    #[test]
    fn any_prompt_is_written_so_that_a_shell_gives_it_as_it_is() {
        let flags = ["generate".to_owned()];
        let cases = [
            ("a cat", "inkstone generate 'a cat'"),
            ("-5 °C", "inkstone generate -- '-5 °C'"),
            ("-", "printf %s - | inkstone generate -"),
        ];
        for (prompt, expected) in cases {
            assert_eq!(with_prompt(&flags, prompt), expected);
        }
        let long = "a".repeat(131_072);
        let expected = format!("printf %s {long} | inkstone generate -");
        assert_eq!(with_prompt(&flags, &long), expected);
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
