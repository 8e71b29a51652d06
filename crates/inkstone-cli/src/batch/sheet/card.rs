//! A job on the contact sheet.

use serde_json::Value;

use crate::batch::journal::totals::Entry;
use crate::batch::sheet::html;
use crate::batch::state::State;
use crate::request::words::command_line;

/// The card of a job with these pictures.
pub fn html_card(entry: &Entry, files: &[String], is_sandbox: bool) -> String {
    let id = html::text(&entry.id);
    let state = entry.state.name();
    let model = html::text(&entry.model);
    let mut card = format!(
        "<article id=\"job-{}\" class=\"{state}\" data-model=\"{model}\">\n",
        entry.seq
    );
    card += &pictures(&entry.id, files)
        .unwrap_or_else(|| format!("<div class=\"none\">{state}</div>\n"));
    card += &format!("<div class=\"text\">\n<h2>{id}</h2>\n");
    if let Some(prompt) = command_line::prompt(&entry.request) {
        let (shown, exact) = (html::text(prompt), html::exact(prompt));
        let copied = match shown == exact {
            true => String::new(),
            false => format!(" data-exact=\"{exact}\""),
        };
        card += &format!("<p class=\"prompt\" dir=\"auto\"{copied}>{shown}</p>\n");
    }
    if let Some(message) = &entry.message {
        card += &format!("<p class=\"message\">{}</p>\n", html::text(message));
    }
    if let Some(remedy) = remedy(entry) {
        card += &format!("<p class=\"remedy\">{remedy}</p>\n");
    }
    card += &facts(entry);
    card += &copies(entry, is_sandbox);
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

/// What to do about a job that is not done.
fn remedy(entry: &Entry) -> Option<&'static str> {
    Some(match (entry.state, entry.stage.as_deref()) {
        (State::Done, _) => return None,
        (State::Refused, Some("account")) => {
            "Check the key, its region and the account's credit; then run the batch again with --resume."
        }
        (State::Refused, _) => {
            "The same request would be refused again: change it in the file of jobs, and give it a new id."
        }
        (State::Unknown | State::Submitting, _) => {
            "It may have been billed. Look into the API's console before --resume --retry-unknown sends it again."
        }
        (State::Replied, _) => {
            "It is paid for: --resume fetches the pictures that are missing, within a day."
        }
        (State::Waiting, _) => "Its task is running: --resume waits for it and submits nothing.",
        (State::Unsent | State::Queued, _) => "Nothing was billed: --resume sends it.",
    })
}

/// Texts to copy: buttons that work where scripts do. The command of a rehearsal is one as well.
fn copies(entry: &Entry, is_sandbox: bool) -> String {
    let mut request = entry.request.clone();
    if let Some(members) = request.as_object_mut() {
        members
            .entry("model")
            .or_insert_with(|| entry.model.as_str().into());
    }
    let command = command_line::of_body(&entry.api, &request);
    let command = html::exact(&match is_sandbox {
        true => command.replacen(" generate ", " generate --sandbox ", 1),
        false => command,
    });
    format!(
        "<p class=\"copies\"><button type=\"button\" class=\"copy-prompt\">Copy prompt</button>\
         <button type=\"button\" class=\"copy-command\">Copy command</button></p>\n\
         <code class=\"command\" hidden>{command}</code>\n"
    )
}

fn facts(entry: &Entry) -> String {
    let parameters = entry.request.get("parameters").unwrap_or(&entry.request);
    let parameter = |name: &str| match &parameters[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let is_done = entry.state == State::Done;
    let rows = [
        ("State", (!is_done).then(|| entry.state.name().to_owned())),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::html_card;
    use crate::batch::journal::totals::Entry;
    use crate::batch::state::State;

    #[test]
    fn foreign_text_is_escaped() {
        let entry = Entry {
            seq: 7,
            id: "<b>".to_owned(),
            model: "m&m".to_owned(),
            api: "gateway".to_owned(),
            request: json!({"prompt": "</p><script>x</script>", "size": "2K", "seed": 5}),
            state: State::Unknown,
            stage: None,
            status: None,
            code: None,
            request_id: Some("\"r\"".to_owned()),
            message: Some("<html>".to_owned()),
            reply_file: None,
            urls: Vec::new(),
            task_id: None,
            unmade: None,
        };
        let card = html_card(&entry, &["a'b.png".to_owned()], false);
        let expected = "<article id=\"job-7\" class=\"unknown\" data-model=\"m&amp;m\">
<div class=\"pictures\"><a href=\"a%27b.png\"><img src=\"a%27b.png\" alt=\"&lt;b&gt;, picture 1\" \
loading=\"lazy\" decoding=\"async\"></a></div>
<div class=\"text\">
<h2>&lt;b&gt;</h2>
<p class=\"prompt\" dir=\"auto\">&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</p>
<p class=\"message\">&lt;html&gt;</p>
<p class=\"remedy\">It may have been billed. Look into the API's console before --resume \
--retry-unknown sends it again.</p>
<dl>
<dt>State</dt><dd class=\"state\">unknown</dd>
<dt>Model</dt><dd>m&amp;m</dd>
<dt>Size</dt><dd>2K</dd>
<dt>Seed</dt><dd>5</dd>
<dt>Request</dt><dd>&quot;r&quot;</dd>
</dl>
<p class=\"copies\"><button type=\"button\" class=\"copy-prompt\">Copy prompt</button>\
<button type=\"button\" class=\"copy-command\">Copy command</button></p>
<code class=\"command\" hidden>inkstone generate --api gateway --model &#39;m&amp;m&#39; \
--size 2K --seed 5 &#39;&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;&#39;</code>
</div>
</article>
";
        assert_eq!(card, expected);
        let rehearsed = html_card(&entry, &[], true);
        assert!(rehearsed.contains(">inkstone generate --sandbox --api gateway --model "));
    }
}
