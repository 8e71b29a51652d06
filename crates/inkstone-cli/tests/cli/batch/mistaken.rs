//! Files that are not what they seem to be: what would be paid for without being meant.

use std::fs;
use std::path::Path;

use crate::support::command::{Run, bare, run, run_with_input};

/// What a batch of these bytes would cost; nothing is written.
fn planned(directory: &Path, file: &str, bytes: &[u8]) -> (i32, String) {
    fs::write(directory.join(file), bytes).unwrap();
    let mut command = bare();
    command.arg("batch").arg(directory.join(file));
    let run: Run = run(command
        .args(["--dry-run", "--out"])
        .arg(directory.join("out")));
    let name = directory.join(file).display().to_string();
    (run.code, run.stderr.replace(&name, file))
}

/// The bytes of a text in UTF-16, without a mark.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

const COLUMNS: &str = "hint: the first row names the columns: id, prompt, model, size, n, seed, \
    negative_prompt, prompt_extend, watermark, image, api, async, account\n";

const QUOTES: &str = "hint: a field that begins with a quote ends with one, and has each of its \
    own twice, as in \"a \"\"big\"\" cat\"\n";

#[test]
fn a_table_whose_cells_are_not_clear_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let cases = [
        (
            "prompt,size\n一只猫,1K\n\"一只狗,1K\n一只鸟,1K\n",
            &["the quote in line 3 is never closed"][..],
            QUOTES,
        ),
        (
            "prompt,size\n\"a cat,1K\na dog,1K\n\"a bird, big\",1K\n",
            &["the quote in line 2 is closed in line 4, and text follows it"],
            QUOTES,
        ),
        (
            "prompt,size\n\"a\"b,1K\n",
            &["the quote in line 2 is closed in line 2, and text follows it"],
            QUOTES,
        ),
        (
            "\"prompt,size\na cat,1K\n",
            &["the quote in line 1 is never closed"],
            QUOTES,
        ),
        (
            "prompt,prompt\na cat,a dog\n",
            &["the column prompt is there twice: columns 1 and 2"],
            COLUMNS,
        ),
        (
            "prompt,image,model,Image,n,N\na,b,c,d,1,2\n",
            &[
                "the column n is there twice: columns 5 and 6",
                "the column image is there twice: columns 2 and 4",
            ],
            COLUMNS,
        ),
    ];
    for (text, problems, hint) in cases {
        let problems: String = problems.iter().map(|told| format!("  {told}\n")).collect();
        let said =
            format!("error: jobs.csv can't be read as a table; nothing was sent\n{problems}{hint}");
        assert_eq!(
            planned(directory.path(), "jobs.csv", text.as_bytes()),
            (3, said),
            "{text}"
        );
    }
    // Cells of several lines, and quotes of their own.
    let text =
        "prompt,size\n\"a cat,\nand a dog\" ,1K\r\n\"a \"\"big\"\" cat\",1K\na 5\" disk,1K\n";
    let (code, stderr) = planned(directory.path(), "jobs.csv", text.as_bytes());
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn texts_with_control_characters_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let zero = "has the control character U+0000; the file may be UTF-16: save it as UTF-8";
    let lines = format!(
        "error: jobs.txt has 2 problems; nothing was sent\n  line 1: {zero}\n  line 2: {zero}\n"
    );
    let table = "error: jobs.csv can't be read as a table; nothing was sent
  line 1: has the control character U+0000
hint: the file may be UTF-16: save it as UTF-8\n";
    let row = "error: jobs.csv has a problem; nothing was sent
  line 3: has the control character U+001B; remove it\n";
    let json = "error: jobs.jsonl has a problem; nothing was sent
  line 1: is UTF-16: save the file as UTF-8\n";
    let id = "error: jobs.csv has a problem; nothing was sent
  line 2: \"id\" has characters that can't be shown: \"a\\nb\"\n";
    let cases = [
        ("jobs.txt", utf16("cat\ndog"), lines.as_str()),
        ("jobs.csv", utf16("prompt,size\ncat,1K"), table),
        ("jobs.csv", b"prompt\na\tb\na\x1b[31mb\n".to_vec(), row),
        ("jobs.csv", b"prompt,id\na,\"a\nb\"\n".to_vec(), id),
        ("jobs.jsonl", utf16("{\"id\":\"a\"}"), json),
    ];
    for (file, bytes, said) in cases {
        let found = planned(directory.path(), file, &bytes);
        assert_eq!(found, (3, said.to_owned()), "{file}");
    }
    let generate = |args: &[&str], input: &[u8]| {
        let mut command = bare();
        let run = run_with_input(command.args(["generate", "--dry-run"]).args(args), input);
        (run.code, run.stderr)
    };
    let said = "error: standard input, line 2: has the control character U+0000
hint: the file may be UTF-16: save it as UTF-8\n";
    assert_eq!(generate(&["-"], b"a\nb\0"), (3, said.to_owned()));
    let said = "error: PROMPT: has the control character U+0007\nhint: remove it\n";
    assert_eq!(generate(&["a\u{7}"], b""), (3, said.to_owned()));
    let said = "error: --negative-prompt: has the control character U+0085\nhint: remove it\n";
    let args = ["--negative-prompt=\u{85}", "a\tb\r\nc"];
    assert_eq!(generate(&args, b""), (3, said.to_owned()));
}

#[test]
fn what_plainly_is_no_list_of_prompts_is_not_drawn() {
    let directory = tempfile::tempdir().unwrap();
    let cases = [
        (
            "jobs.txt",
            "{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n",
            "JSON lines",
            "jobs.jsonl",
        ),
        (
            "jobs.txt",
            "[\n  {\"id\": \"a\"},\n  {}\n]\n",
            "JSON lines",
            "jobs.jsonl",
        ),
        (
            "jobs.TXT",
            "\u{feff}prompt,size\na,1K\n",
            "a table in CSV",
            "jobs.csv",
        ),
        (
            "jobs.txt",
            "Prompt;Size\r\na;1K\n",
            "a table in CSV",
            "jobs.csv",
        ),
        (
            "jobs",
            "\"prompt\"\tmodel\na\tb\n",
            "a table in CSV",
            "jobs.csv",
        ),
    ];
    for (file, text, form, renamed) in cases {
        let said = format!(
            "error: {file} seems to be {form}, and by its name each line is a prompt; nothing \
             was sent\nhint: rename it to {renamed}\n"
        );
        let found = planned(directory.path(), file, text.as_bytes());
        assert_eq!(found, (3, said), "{text}");
    }
    // No value ends within what is looked at.
    let long = "x".repeat(1 << 17);
    for text in [
        "{\"id\":\"a\"}\n".repeat(10_000),
        format!("[\n{}]", "{\"id\":\n\"a\"},\n".repeat(10_000)),
        format!("{{\"id\":\"a\",\"image\":\"{long}\"}}\n"),
    ] {
        assert_eq!(planned(directory.path(), "jobs.txt", text.as_bytes()).0, 3);
    }
    // A prompt may begin as JSON does, and have a comma.
    for text in [
        "{a} cat\n",
        "[1] a cat\n{}\n",
        "size, model, a cat\n",
        "{\"a\":1}\na cat\n",
        "{\"scene\":\"a cat\",\"style\":\"ink\"}\n",
        "[\"a cat\", \"a dog\"]\n",
    ] {
        let (code, stderr) = planned(directory.path(), "jobs.txt", text.as_bytes());
        assert_eq!(code, 0, "{text}: {stderr}");
    }
}

#[test]
fn standard_input_is_not_a_file_of_jobs() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = bare();
    command.args(["batch", "-", "--sandbox", "--out"]);
    let run = run_with_input(command.arg(directory.path().join("out")), b"a cat\n");
    let said = "error: standard input is not a file, and it has to be read more than once
hint: write the jobs to a file first\n";
    assert_eq!((run.code, run.stderr.as_str()), (2, said), "{run:#?}");
}
