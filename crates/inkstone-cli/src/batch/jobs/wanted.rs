//! Jobs from prompts: what flags would say, in a line or a row.

use sha2::{Digest as _, Sha256};
use tr::tr;

use crate::args::request::RequestArgs;
use crate::batch::jobs::job::{InvalidLine, Job};
use crate::error::CliError;
use crate::hex::hex;
use crate::input;
use crate::request::{body, choose_operation};

/// The most characters of a prompt in the id of its job.
const LONGEST: usize = 40;

/// What a line or a row asks for.
#[derive(Debug, Default)]
pub struct Wanted {
    pub id: Option<String>,
    pub is_task: bool,
    pub account: Option<String>,
    pub request: RequestArgs,
}

/// What a plain line asks for: a picture of what it says.
pub fn plain(bytes: &[u8], defaults: RequestArgs) -> Result<Wanted, InvalidLine> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
    check_characters(text)?;
    Ok(Wanted {
        request: RequestArgs {
            prompt: Some(text.trim().to_owned()),
            ..defaults
        },
        ..Wanted::default()
    })
}

/// What is wrong with bytes in another encoding.
pub fn not_utf8() -> InvalidLine {
    InvalidLine::of(tr!("is not UTF-8: save the file as UTF-8"))
}

/// Refuses a text with control characters, which no prompt has: a picture of them would be paid
/// for.
pub fn check_characters(text: &str) -> Result<(), InvalidLine> {
    match input::control_character(text) {
        None => Ok(()),
        Some(found) => Err(InvalidLine::of(format!("{found}; {}", found.hint()))),
    }
}

/// The job that asks for this, as `inkstone generate` would with the same flags.
pub fn job(wanted: Result<Wanted, InvalidLine>) -> Result<Job, InvalidLine> {
    let Wanted {
        id,
        is_task,
        account,
        request,
    } = wanted?;
    let prompt = request.prompt.as_deref().unwrap_or_default();
    let is_named_after_prompt = id.is_none();
    let own_id = id.unwrap_or_else(|| named_after(prompt));
    let failed = |error: CliError| InvalidLine {
        id: Some(own_id.clone()),
        code: Some(error.code),
        problems: vec![match error.hint {
            Some(hint) => format!("{}; {hint}", error.message),
            None => error.message,
        }],
    };
    let (operation, model) = choose_operation::by_flags(&request, is_task).map_err(failed)?;
    let body = body::build(operation, &model, &request).map_err(failed)?;
    Ok(Job {
        id: own_id,
        operation,
        model,
        body: body.json,
        inputs: body.inputs,
        account,
        is_named_after_prompt,
    })
}

/// An id made of a prompt, which names the pictures: the same for the same prompt, wherever
/// in the file it stands.
fn named_after(prompt: &str) -> String {
    let safe = |c: char| match c {
        c if c.is_alphanumeric() => c,
        _ => '-',
    };
    let all: String = prompt.chars().map(safe).collect();
    let words = all.split('-').filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    if !name.is_empty() && name.chars().count() <= LONGEST {
        return name;
    }
    let hash = hex(&Sha256::digest(prompt)[..3]);
    let start: String = name.chars().take(LONGEST).collect();
    format!("{start}-{hash}").trim_start_matches('-').to_owned()
}

/// The id of another job that is named after the same prompt.
pub fn numbered(id: &str, count: u64) -> String {
    format!("{id}-{count}")
}

/// Whether a job of the journal has an id that a file's has, or one counted from it.
pub fn is_numbered(known: &str, id: &str) -> bool {
    known == id
        || known
            .strip_prefix(id)
            .and_then(|rest| rest.strip_prefix('-')?.parse::<u64>().ok())
            .is_some()
}

#[cfg(test)]
mod tests {
    use super::{is_numbered, named_after};

    #[test]
    fn a_job_is_named_after_its_prompt() {
        let cases = [
            ("a ginger cat", "a-ginger-cat"),
            ("  \"hats\", and/or ties! ", "hats-and-or-ties"),
            ("一只可爱的橘猫，坐在窗台上", "一只可爱的橘猫-坐在窗台上"),
            ("!!!", "7eab10"),
        ];
        for (prompt, id) in cases {
            let found = named_after(prompt);
            match prompt {
                "!!!" => assert_eq!(found.len(), id.len()),
                _ => assert_eq!(found, id),
            }
        }
        let (long, longer) = ("cat ".repeat(30), "cat ".repeat(31));
        assert_ne!(named_after(&long), named_after(&longer));
        assert!(named_after(&long).chars().count() <= 47);
        assert!(is_numbered("cat-2", "cat") && is_numbered("cat", "cat"));
        assert!(!is_numbered("cat-b", "cat") && !is_numbered("cats", "cat"));
    }
}
