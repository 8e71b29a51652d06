//! The command that waits for a task again.

use std::path::Path;

use crate::args::api::Api;
use crate::client::address::Address;

/// `inkstone task wait …`, ready to paste into a shell.
pub fn resume_command(
    task_id: &str,
    (api, document): (&str, Option<&Path>),
    out: &Path,
    address: &Address,
) -> String {
    let mut words = vec!["inkstone".to_owned(), "task".to_owned(), "wait".to_owned()];
    words.push(quoted(task_id));
    words.push("--out".to_owned());
    words.push(quoted(&out.display().to_string()));
    match document {
        Some(file) => words.extend(["--document".to_owned(), quoted(&file.display().to_string())]),
        None if api == Api::USUAL_FOR_TASKS => {}
        None => words.extend(["--api".to_owned(), quoted(api)]),
    }
    words.extend(address.flags().iter().map(|flag| quoted(flag)));
    words.join(" ")
}

/// A word of a command, quoted for a shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_reads_a_quoted_text_as_one_word() {
        let cases = [
            ("a-b_c.d/e", "a-b_c.d/e"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("", "''"),
            ("my cats", "'my cats'"),
            ("it's", "'it'\\''s'"),
            ("$(x)", "'$(x)'"),
        ];
        for (text, expected) in cases {
            assert_eq!(quoted(text), expected);
        }
    }
}
