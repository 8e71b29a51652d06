//! Help texts with models in them: the names are those of the documents.

use inkstone::{ApiFacts, OPERATIONS, Operation, answers_with_task};
use serde_json::Value;
use tr::tr;

/// The models that the APIs have where a command names none.
pub fn default_models() -> String {
    let mut all = ApiFacts::all().iter();
    let first = all.next().map_or("", |facts| facts.default_model.as_str());
    let others = all.map(|facts| format!("; {}: {}", facts.name, facts.default_model));
    let others = others.collect::<String>();
    tr!("The model [default: {first}{others}]", first, others)
}

/// The examples of `inkstone generate`.
pub fn generate() -> String {
    let (first, editor, queued) = (first(), editor(), queued());
    tr!(
        "\
Examples:
  inkstone generate --sandbox \"a ginger cat on a windowsill\"
  inkstone generate --model {first} --size 1920x1080 --n 2 \"a cat\"
  inkstone generate --model {editor} --image cat.png \"add a hat\"
  inkstone generate -o cat.png --prompt-file cat.txt
  inkstone generate --from cat.png.json --size 2K
  inkstone generate --api dashscope --set parameters.seed=7 \"a cat\"
  inkstone generate --async --model {queued} \"a cat\"

`inkstone models` lists the models and what each accepts; `inkstone --help` \
lists the exit codes and the environment variables.",
        first,
        editor,
        queued
    )
}

/// The examples of `inkstone models`.
pub fn models() -> String {
    let first = first();
    tr!(
        "Examples:\n  inkstone models --edits\n  inkstone models {first}",
        first
    )
}

/// The examples of `inkstone task`.
pub fn task() -> String {
    let queued = queued();
    tr!(
        "\
Examples:
  inkstone generate --async --no-wait --model {queued} \"a cat\"
  inkstone task list --status running
  inkstone task wait --out cats
  inkstone task wait 0385dc79-5ff8-4d82-bcb6-6b9e37a1b7d1 --out cats

Tasks are DashScope's unless --api says otherwise; its key is \
DASHSCOPE_API_KEY. Exit code 7 of `wait` means that the task is still running, \
or that the API no longer knows it.",
        queued
    )
}

/// The forms of jobs and price lists, and the exit codes of `inkstone batch`.
pub fn batch() -> String {
    let (first, editor) = (first(), editor());
    tr!(
        "\
The ending of JOBS says what it is: .txt has prompts, .csv and .tsv a table, \
.jsonl and .ndjson JSON lines.

In a file of plain text, each line is a prompt. A table in CSV has the columns \
prompt, and as you like id, model, size, n, seed, negative_prompt, \
prompt_extend, watermark, image, api, async and account; several pictures of a row have | \
between them. Jobs without an id are named after their prompts. Paths of \
pictures start from the directory of JOBS:
  prompt,image,model
  add a hat,cat.png,{editor}

In JSON lines, each line is a job, with an id of your own:
  {{\"id\": \"cat\", \"request\": {{\"model\": \"{editor}\", …}}}}
  {{\"id\": \"dog\", \"api\": \"dashscope\", \"request\": {{…}}}}
  {{\"id\": \"owl\", \"model\": \"{first}\", \"prompt\": \"an owl\"}}
With \"async\": true beside the id, the job is a task: if the batch is stopped \
meanwhile, --resume waits for that task and submits nothing.

--prices takes a list in this form; the longest matching prefix of a model's \
name counts:
  {{\"currency\": \"CNY\", \"date\": \"2026-11-21\", \"source\": \"…\", \"prices\": [
    {{\"model\": \"{first}\", \"per_image\": \"0.25\", \"per_input\": \"0.02\"}}]}}

The budget covers all runs of a batch together. Until its reply arrives, a \
request counts as the most pictures that it may make, with those that go into \
it, and so does an unknown outcome.

The exit code is that of the worst outcome, in this order: 7 unknown, 9 pictures \
not saved, 5 account, 4 refused, 6 throttled, 8 not sent, 130 interrupted, 10 \
budget; 0 if all is done. Ctrl-c waits for requests that were sent; a second \
ctrl-c doesn't. SIGTERM and SIGHUP wait as well, for --grace at most.",
        first,
        editor
    )
}

/// A model of the API that is preferred.
pub fn first() -> &'static str {
    ApiFacts::all()
        .first()
        .map_or("", |facts| &facts.default_model)
}

/// A model that wants a picture.
fn editor() -> &'static str {
    let wants_picture = |operation: &Operation| {
        let document: Value = serde_json::from_str(operation.document).unwrap_or_default();
        let required = document["requestBody"]["jsonSchema"]["required"].as_array();
        required.into_iter().flatten().any(|name| name == "image")
    };
    model_of(wants_picture)
}

/// A model whose pictures can be made by a task.
fn queued() -> &'static str {
    model_of(answers_with_task)
}

/// The first model of an operation like this.
fn model_of(is_like_this: impl Fn(&Operation) -> bool) -> &'static str {
    let mut all = OPERATIONS
        .iter()
        .filter(|operation| !operation.models.is_empty());
    let found = all.find(|operation| is_like_this(operation));
    found
        .and_then(|operation| operation.models.first())
        .map_or("", |model| model)
}

#[cfg(test)]
mod tests {
    use super::{editor, first, queued};

    #[test]
    fn the_documents_have_a_model_for_each_example() {
        for model in [first(), editor(), queued()] {
            assert!(!model.is_empty());
        }
    }
}
