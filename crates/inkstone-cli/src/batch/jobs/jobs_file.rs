//! The file of a batch: JSON lines, plain lines or a table, and what its jobs have in common.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tr::tr;

use crate::args::api::Api;
use crate::args::batch::BatchArgs;
use crate::args::request::RequestArgs;
use crate::batch::jobs::job::{self, InvalidLine, Job};
use crate::batch::jobs::lines::{self, Line, Lines, Place};
use crate::batch::jobs::table::{self, Table};
use crate::batch::jobs::wanted;
use crate::error::CliError;
use crate::input;

/// How much of a file decides on its form, in bytes.
const START: u64 = 64 << 10;

/// How the jobs are written.
#[derive(Debug)]
enum Form {
    /// A JSON object a line.
    Json,
    /// A prompt a line.
    Plain,
    /// A row a job, below the names of columns.
    Table(Table),
}

/// The file of a batch.
#[derive(Debug)]
pub struct JobsFile {
    pub path: PathBuf,
    /// The directory that paths of pictures start from.
    directory: PathBuf,
    form: Form,
    /// The API for jobs that name none.
    api: Option<Api>,
    /// What prompts ask for that say nothing else.
    defaults: RequestArgs,
    /// The accounts that jobs may name; `None` where the journal is not shared.
    accounts: Option<Vec<String>>,
}

/// The jobs of a file with their places.
pub enum Records<'a> {
    Lines(Lines),
    Rows(Box<crate::batch::jobs::table::Rows<'a>>),
}

impl Records<'_> {
    /// The next job that is not a blank line; `None` after the last one.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let line = match self {
                Self::Lines(lines) => lines.next()?,
                Self::Rows(rows) => rows.next()?,
            };
            let is_blank = |line: &Line| {
                let bytes = line.bytes.as_deref();
                bytes.is_some_and(|bytes| bytes.trim_ascii().is_empty())
            };
            if !line.as_ref().is_some_and(is_blank) {
                return Ok(line);
            }
        }
    }
}

impl JobsFile {
    /// The file that a command names. It is read twice, which a pipe does not allow.
    pub fn open(args: &BatchArgs) -> Result<Self, CliError> {
        let path = &args.jobs;
        let unreadable = |error: io::Error| input::unreadable(path, &error);
        // What comes in at standard input is read once, and gone then.
        let is_file = match input::is_stdin(path) {
            true => false,
            false => std::fs::metadata(path).map_err(unreadable)?.is_file(),
        };
        if !is_file {
            let name = input::name(path);
            return Err(CliError::usage(tr!(
                "{name} is not a file, and it has to be read more than once",
                name
            ))
            .hint(tr!("write the jobs to a file first")));
        }
        Ok(Self {
            path: path.clone(),
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            form: form(path)?,
            api: args.api,
            defaults: RequestArgs {
                api: args.api,
                model: args.model.clone(),
                size: args.size.clone(),
                n: args.n,
                ..RequestArgs::default()
            },
            accounts: args.journal.as_ref().map(|_| args.worker.account.clone()),
        })
    }

    pub fn records(&self) -> io::Result<Records<'_>> {
        Ok(match &self.form {
            Form::Json | Form::Plain => Records::Lines(Lines::open(&self.path)?),
            Form::Table(table) => Records::Rows(Box::new(table.rows(&self.path)?)),
        })
    }

    /// Whether jobs may lack an id, and are named after their prompts then.
    pub fn names_jobs(&self) -> bool {
        !matches!(self.form, Form::Json)
    }

    /// The job that these bytes are, not checked yet.
    pub fn read(&self, bytes: &[u8]) -> Result<Job, InvalidLine> {
        let defaults = RequestArgs {
            relative_to: self.directory.clone(),
            ..self.defaults.clone()
        };
        let job = match &self.form {
            Form::Json => job::read(bytes, self.api, &self.directory),
            Form::Plain => wanted::job(wanted::plain(bytes, defaults)),
            Form::Table(table) => wanted::job(table.wanted(bytes, defaults)),
        }?;
        match self.wrong_account(&job) {
            None => Ok(job),
            Some(problem) => Err(InvalidLine::new(Some(job.id), vec![problem])),
        }
    }

    /// What is wrong with the account that a job names: nobody would send it.
    fn wrong_account(&self, job: &Job) -> Option<String> {
        let name = job.account.as_ref()?;
        match &self.accounts {
            None => Some(tr!("\"account\" needs a shared journal: see --journal")),
            Some(known) if known.contains(name) => None,
            Some(_) => Some(tr!(
                "the account {name} is none of those that --account gives",
                name = format!("{name:?}")
            )),
        }
    }

    /// The job at a place where [`records`](Self::records) found one.
    pub fn read_at(&self, place: Place) -> io::Result<Result<Job, InvalidLine>> {
        let bytes = lines::read_at(&self.path, place)?;
        Ok(self.read(&bytes))
    }
}

/// How the jobs in a file are written, by its ending and else by its first character. A file of
/// prompts that plainly is another one's is refused: each of its lines would be drawn.
fn form(path: &Path) -> Result<Form, CliError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match ending.to_lowercase().as_str() {
        "json" | "jsonl" | "ndjson" => return Ok(Form::Json),
        "csv" | "tsv" => return Ok(Form::Table(Table::read(path)?)),
        _ => {}
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(START).read_to_end(&mut start))
        .map_err(|error| input::unreadable(path, &error))?;
    let start = input::without_mark(&start);
    if table::is_header(start) {
        return Err(another_form(path, &tr!("a table in CSV"), "csv"));
    }
    let is_text = ending.eq_ignore_ascii_case("txt");
    match start.trim_ascii_start().first() {
        Some(b'{' | b'[') if is_text && is_json(start) => {
            Err(another_form(path, &tr!("JSON lines"), "jsonl"))
        }
        Some(b'{' | b'[') if !is_text => Ok(Form::Json),
        None if !is_text => Ok(Form::Json),
        _ => Ok(Form::Plain),
    }
}

/// Members of a job, or of a request; another object may be a prompt that is written as JSON.
const OF_JOBS: [&str; 5] = ["id", "model", "prompt", "request", "input"];

/// Whether the start of a file is objects and arrays of JSON, one after the other, and nothing
/// else, and jobs are among them. Braces alone may be a prompt's.
fn is_json(start: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(start).into_iter::<Value>();
    let (mut is_first, mut has_jobs) = (true, false);
    loop {
        match values.next() {
            Some(Ok(Value::Array(items))) => has_jobs |= items.iter().any(is_job),
            Some(Ok(object @ Value::Object(_))) => has_jobs |= is_job(&object),
            None => return has_jobs,
            // The value that is cut off where the start ends. No prompt is as long as that.
            Some(Err(error)) if error.is_eof() && start.len() as u64 + 3 >= START => {
                return has_jobs || is_first;
            }
            Some(_) => return false,
        }
        is_first = false;
    }
}

fn is_job(value: &Value) -> bool {
    OF_JOBS.iter().any(|member| value.get(member).is_some())
}

/// The error of a file whose lines would be drawn as prompts, and plainly are none.
fn another_form(path: &Path, form: &str, ending: &str) -> CliError {
    let name = path.display();
    let message = tr!(
        "{name} seems to be {form}, and by its name each line is a prompt; nothing was sent",
        name,
        form
    );
    let renamed = path.with_extension(ending);
    let renamed = renamed.file_name().unwrap_or_default().to_string_lossy();
    CliError::invalid(message).hint(tr!("rename it to {renamed}", renamed))
}
