//! `inkstone check` of a file with a request on each line, as many as there are.

use std::borrow::Cow;
use std::path::Path;

use apifox_document::Severity;
use inkstone::{Node, Operation};
use serde_json::{Value, json};
use tr::tr;

use crate::args::api::Api;
use crate::args::check::CheckArgs;
use crate::batch::jobs::job;
use crate::batch::jobs::lines::{Line, Lines, too_long};
use crate::commands::check::{self, Given, NoDocument};
use crate::console;
use crate::error::CliError;
use crate::in_order::{in_order, threads};
use crate::input;
use crate::language::libraries;
use crate::request::choose_operation::{by_candidates, candidates, task_by_body};
use crate::request::document;
use crate::request::verdict::{Verdict, violation_json, warning_json};
use crate::request::words::explain::{self, shown};

/// How many bytes of lines a thread gets at a time, and how many lines.
const CHUNK: (usize, usize) = (256 << 10, 1000);

/// Whether a file has a request on each line, by its ending.
pub fn has_lines(file: &Path) -> bool {
    let ending = file.extension().unwrap_or_default();
    ["jsonl", "ndjson"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// Checks every line.
pub fn run(args: &CheckArgs) -> Result<(), CliError> {
    let mut counts = Counts::default();
    run_on(threads(), args, |chunk| {
        counts.requests += chunk.counts.requests;
        counts.invalid += chunk.counts.invalid;
        match chunk.text.is_empty() {
            true => Ok(()),
            false => console::raw(chunk.text.as_bytes()),
        }
    })?;
    conclude(args, counts)
}

fn conclude(args: &CheckArgs, counts: Counts) -> Result<(), CliError> {
    let Counts { requests, invalid } = counts;
    let file = args.file.display();
    if requests == 0 {
        let message = tr!("{file} has no requests", file);
        return Err(CliError::invalid(message));
    }
    if invalid > 0 {
        let message = tr!(
            "{invalid} of the {requests} requests in {file} are not valid",
            invalid,
            requests,
            file
        );
        return Err(CliError::invalid(message));
    }
    match args.json {
        true => Ok(()),
        false => console::line(&tr!("valid: {requests} requests", requests)),
    }
}

/// How many requests there are, and how many of them break a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    requests: u64,
    invalid: u64,
}

/// What is said of some lines.
#[derive(Debug, Default)]
struct Chunk {
    text: String,
    counts: Counts,
}

/// Checks the lines on so many threads; what is said of them comes in their order.
fn run_on(
    threads: usize,
    args: &CheckArgs,
    take: impl FnMut(Chunk) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let unreadable = |error: std::io::Error| input::unreadable(&args.file, &error);
    let mut lines = Lines::open(&args.file).map_err(unreadable)?;
    // What is wrong with the document is said once.
    if let Some(given) = Given::read(args)? {
        console::problems(given.checker.skipped(), Severity::Warning);
    }
    let next = || {
        let chunk = chunk(&mut lines).map_err(unreadable)?;
        Ok((!chunk.is_empty()).then_some(chunk))
    };
    let worker = || {
        let given = Given::read(args).ok().flatten();
        let mut judge = Judge {
            args,
            given,
            candidates: None,
        };
        move |lines: Vec<Line>| judge.chunk(&lines)
    };
    in_order(threads, next, worker, take)
}

/// The next lines that are not blank.
fn chunk(lines: &mut Lines) -> std::io::Result<Vec<Line>> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while bytes < CHUNK.0
        && chunk.len() < CHUNK.1
        && let Some(line) = lines.next()?
    {
        let text = line.bytes.as_deref().unwrap_or(b"too long");
        if !text.trim_ascii().is_empty() {
            bytes += text.len();
            chunk.push(line);
        }
    }
    Ok(chunk)
}

/// What one thread checks lines with.
struct Judge<'a> {
    args: &'a CheckArgs,
    given: Option<Given>,
    /// The operations with the model of the last request, and of its API.
    candidates: Option<(Option<&'static str>, String, Vec<&'static Operation>)>,
}

/// A verdict, and the name of the document.
type Judged = Result<(Verdict<'static>, String), Box<NoDocument>>;

impl Judge<'_> {
    fn chunk(&mut self, lines: &[Line]) -> Chunk {
        let mut chunk = Chunk::default();
        for line in lines {
            let judged = self.line(line);
            let is_valid = judged
                .as_ref()
                .is_ok_and(|(verdict, _)| verdict.violations.is_empty());
            chunk.counts.requests += 1;
            chunk.counts.invalid += u64::from(!is_valid);
            let number = line.place.number;
            match self.args.json {
                true => chunk.text += &as_json(number, &judged),
                false => chunk.text += &as_text(number, &judged),
            }
        }
        chunk
    }

    /// The verdict on a line, and the name of the document.
    fn line(&mut self, line: &Line) -> Judged {
        let Some(bytes) = &line.bytes else {
            return Err(unreadable("", too_long()));
        };
        let node = Node::parse(bytes);
        let node = node.map_err(|error| unreadable("json", tr!("is not JSON: {error}", error)))?;
        match &self.given {
            Some(given) => Ok(given.judge(&node.to_value(), &node)),
            None => self.request(node),
        }
    }

    /// The verdict on a request, by the document of its model.
    fn request(&mut self, node: Node<'_>) -> Judged {
        let Job { api, is_task, body } = read(node)?;
        let api = api.or(self.args.api);
        let none = || {
            let model = body.get("model").map(Node::to_value);
            Box::new(check::no_document(api, model.as_ref()))
        };
        let model = body.get("model").and_then(Node::as_str).ok_or_else(none)?;
        let found = match is_task {
            false => by_candidates(self.candidates(api, model), &body),
            true => task_by_body(api, model, &body.to_value())
                .and_then(|operation| by_candidates(&[operation], &body)),
        };
        let (operation, report) = found.ok_or_else(none)?;
        let request = document::request_node(operation, &body);
        let verdict = Verdict::of(operation, &request, report);
        Ok((verdict, document::title(operation)))
    }

    /// The operations with a model: mostly it is that of the line before.
    fn candidates(&mut self, api: Option<Api>, model: &str) -> &[&'static Operation] {
        let name = api.map(Api::name);
        let is_known =
            |known: &(Option<&str>, String, _)| (known.0, known.1.as_str()) == (name, model);
        let known = self.candidates.take().filter(is_known);
        let known = known.unwrap_or_else(|| (name, model.to_owned(), candidates(api, model)));
        &self.candidates.insert(known).2
    }
}

/// A request as the file of a batch may have it: alone, or with members beside it or around it
/// that say where it goes.
struct Job<'a> {
    api: Option<Api>,
    is_task: bool,
    body: Node<'a>,
}

fn read(node: Node<'_>) -> Result<Job<'_>, Box<NoDocument>> {
    let Node::Object(mut members) = node else {
        return Err(unreadable("type", tr!("is not a JSON object")));
    };
    let mut own = |name: &str| take(&mut members, name).map(|value| value.to_value());
    own("id");
    let api = job::own_api(own("api")).map_err(|problem| unreadable("enum", problem))?;
    let not_of_type = |problem| unreadable("type", problem);
    let is_task = job::is_task(own("async")).map_err(not_of_type)?;
    job::account(own("account")).map_err(not_of_type)?;
    let body = match take(&mut members, "request") {
        None => Node::Object(members),
        Some(request) => match members.first() {
            None if matches!(request, Node::Object(_)) => request,
            None => return Err(unreadable("type", tr!("\"request\" is not a JSON object"))),
            Some((name, _)) => {
                let problem = job::beside_request(name);
                return Err(unreadable("additionalProperties", problem));
            }
        },
    };
    Ok(Job { api, is_task, body })
}

fn take<'a>(members: &mut Vec<(Cow<'a, str>, Node<'a>)>, name: &str) -> Option<Node<'a>> {
    let at = members.iter().position(|(found, _)| found == name)?;
    Some(members.remove(at).1)
}

/// A line that has no request that could be checked.
fn unreadable(keyword: &str, message: String) -> Box<NoDocument> {
    Box::new(NoDocument {
        violation: check::violation("", keyword, "", &message),
        error: CliError::invalid(message),
    })
}

fn as_json(number: i64, judged: &Judged) -> String {
    let (document, violations, warnings): (Option<&str>, Vec<Value>, Vec<Value>) = match judged {
        Ok((verdict, document)) => (
            Some(document),
            verdict.violations.iter().map(violation_json).collect(),
            verdict.warnings.iter().map(warning_json).collect(),
        ),
        Err(none) => (None, vec![none.violation.clone()], Vec::new()),
    };
    let json = json!({
        "line": number,
        "valid": violations.is_empty(),
        "document": document,
        "violations": violations,
        "warnings": warnings,
    });
    format!("{}\n", console::json_text(&json.to_string()))
}

fn as_text(number: i64, judged: &Judged) -> String {
    let mut text = String::new();
    let mut tell = |words: &str| {
        text += &console::printable(&tr!("line {number}: {words}", number, words));
        text.push('\n');
    };
    match judged {
        Ok((verdict, document)) => {
            for violation in &verdict.violations {
                let words = explain::in_body(verdict.operation, violation);
                tell(&format!("{words} ({document})"));
            }
            for warning in &verdict.warnings {
                let message = libraries::rule(&warning.message);
                let place = shown(&warning.pointer);
                tell(&tr!("warning: {place}: {message}", place, message));
            }
        }
        Err(none) => match &none.error.hint {
            Some(hint) => tell(&format!("{}; {hint}", none.error.message)),
            None => tell(&none.error.message),
        },
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{Counts, run_on};
    use crate::args::check::CheckArgs;

    /// What is said of a file, by so many threads.
    fn said(threads: usize, args: &CheckArgs) -> (String, Counts) {
        let (mut text, mut counts) = (String::new(), Counts::default());
        let took = run_on(threads, args, |chunk| {
            text += &chunk.text;
            counts.requests += chunk.counts.requests;
            counts.invalid += chunk.counts.invalid;
            Ok(())
        });
        took.unwrap();
        (text, counts)
    }

    #[test]
    fn any_number_of_threads_says_the_same() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("requests.jsonl");
        let mut lines = String::new();
        for number in 0..3000 {
            let line = match number % 7 {
                0 => format!(r#"{{"model":"wan2.7-image-pro","prompt":"{number}","n":9}}"#),
                1 => format!(r#"{{"id":"{number}","model":"qwen-image-2.0","input":{{}}}}"#),
                2 => format!(r#"{{"model":"{number}"}}"#),
                3 => "{".to_owned(),
                4 => String::new(),
                _ => format!(r#"{{"model":"wan2.7-image-pro","prompt":"{number}","n":1}}"#),
            };
            writeln!(lines, "{line}").unwrap();
        }
        std::fs::write(&file, lines).unwrap();
        for json in [false, true] {
            let args = CheckArgs {
                file: file.clone(),
                api: None,
                document: None,
                operation: None,
                reply: None,
                json,
            };
            let (text, counts) = said(1, &args);
            assert_eq!((counts.requests, counts.invalid), (2572, 1716));
            for threads in [2, 3, 8] {
                assert_eq!(said(threads, &args), (text.clone(), counts), "{threads}");
            }
        }
    }
}
