//! A job on the contact sheet.

use serde_json::Value;

use crate::batch::journal::totals::Entry;
use crate::batch::sheet::html;
use crate::batch::state::State;

/// The card of a job with these pictures.
pub fn html_card(entry: &Entry, files: &[String]) -> String {
    let id = html::text(&entry.id);
    let state = html::text(&entry.state);
    let mut card = format!("<article id=\"job-{}\" class=\"{state}\">\n", entry.seq);
    card += &pictures(&entry.id, files)
        .unwrap_or_else(|| format!("<div class=\"none\">{state}</div>\n"));
    card += &format!("<div class=\"text\">\n<h2>{id}</h2>\n");
    if let Some(prompt) = prompt(&entry.request) {
        card += &format!(
            "<p class=\"prompt\" dir=\"auto\">{}</p>\n",
            html::text(prompt)
        );
    }
    if let Some(message) = &entry.message {
        card += &format!("<p class=\"message\">{}</p>\n", html::text(message));
    }
    card += &facts(entry);
    card + "</div>\n</article>\n"
}

fn pictures(id: &str, files: &[String]) -> Option<String> {
    let class = match files.len() {
        0 => return None,
        1 => "pictures",
        2..=4 => "pictures many",
        _ => "pictures crowd",
    };
    let mut pictures = format!("<div class=\"{class}\">");
    for (number, file) in files.iter().enumerate() {
        let link = html::link(file);
        let alt = html::text(&format!("{id}, picture {}", number + 1));
        pictures += &format!(
            "<a href=\"{link}\"><img src=\"{link}\" alt=\"{alt}\" loading=\"lazy\" decoding=\"async\"></a>"
        );
    }
    Some(pictures + "</div>\n")
}

fn facts(entry: &Entry) -> String {
    let parameters = entry.request.get("parameters").unwrap_or(&entry.request);
    let parameter = |name: &str| match &parameters[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let is_done = entry.state == State::Done.name();
    let rows = [
        ("State", (!is_done).then(|| entry.state.clone())),
        ("Model", Some(entry.model.clone())),
        ("Size", parameter("size")),
        ("Seed", parameter("seed")),
        ("Request", entry.request_id.clone()),
    ];
    let mut list = "<dl>\n".to_owned();
    for (name, value) in rows {
        let Some(value) = value else { continue };
        let class = match name {
            "State" => " class=\"state\"",
            _ => "",
        };
        list += &format!("<dt>{name}</dt><dd{class}>{}</dd>\n", html::text(&value));
    }
    list + "</dl>\n"
}

/// The prompt, in the place where the API has it.
fn prompt(request: &Value) -> Option<&str> {
    let content = request.pointer("/input/messages/0/content");
    let parts = content.and_then(Value::as_array).into_iter().flatten();
    let text = parts.filter_map(|part| part["text"].as_str()).next();
    let direct = request["prompt"].as_str();
    text.or(direct)
        .or_else(|| request["input"]["prompt"].as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{html_card, prompt};
    use crate::batch::journal::totals::Entry;

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
    fn foreign_text_is_escaped() {
        let entry = Entry {
            seq: 7,
            id: "<b>".to_owned(),
            model: "m&m".to_owned(),
            api: "gateway".to_owned(),
            request: json!({"prompt": "</p><script>x</script>", "size": "2K", "seed": 5}),
            state: "unknown".to_owned(),
            stage: None,
            status: None,
            code: None,
            request_id: Some("\"r\"".to_owned()),
            message: Some("<html>".to_owned()),
            reply_file: None,
            task_id: None,
            unmade: None,
        };
        let card = html_card(&entry, &["a'b.png".to_owned()]);
        let expected = "<article id=\"job-7\" class=\"unknown\">
<div class=\"pictures\"><a href=\"a%27b.png\"><img src=\"a%27b.png\" alt=\"&lt;b&gt;, picture 1\" \
loading=\"lazy\" decoding=\"async\"></a></div>
<div class=\"text\">
<h2>&lt;b&gt;</h2>
<p class=\"prompt\" dir=\"auto\">&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</p>
<p class=\"message\">&lt;html&gt;</p>
<dl>
<dt>State</dt><dd class=\"state\">unknown</dd>
<dt>Model</dt><dd>m&amp;m</dd>
<dt>Size</dt><dd>2K</dd>
<dt>Seed</dt><dd>5</dd>
<dt>Request</dt><dd>&quot;r&quot;</dd>
</dl>
</div>
</article>
";
        assert_eq!(card, expected);
    }
}
