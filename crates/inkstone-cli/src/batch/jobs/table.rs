//! Jobs in a table: CSV, as spreadsheets save it.

use std::fs::File;
use std::io;
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};
use tr::tr;

use crate::args::api::Api;
use crate::args::request::RequestArgs;
use crate::batch::jobs::job::{InvalidLine, check_id, noted};
use crate::batch::jobs::lines::{LONGEST, Line, Place, read_at};
use crate::batch::jobs::quotes;
use crate::batch::jobs::wanted::{Wanted, check_characters, not_utf8};
use crate::console;
use crate::error::CliError;
use crate::input;
use crate::request::words::suggest;
use crate::wrap;

/// The names of columns.
const COLUMNS: [&str; 13] = [
    "id",
    "prompt",
    "model",
    "size",
    "n",
    "seed",
    "negative_prompt",
    "prompt_extend",
    "watermark",
    "image",
    "api",
    "async",
    "account",
];

/// How much of a column's name is told, in characters.
const LONGEST_NAME: usize = 40;

/// What stands between several pictures of a row.
const BETWEEN: char = '|';

/// A table: the names of its columns, and what stands between them.
#[derive(Debug)]
pub struct Table {
    columns: Vec<String>,
    delimiter: u8,
}

/// The rows of a table with their places.
pub struct Rows<'a> {
    path: &'a Path,
    reader: Reader<File>,
    record: ByteRecord,
}

impl Table {
    /// Reads the names of the columns.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let unreadable = |error: io::Error| input::unreadable(path, &error);
        let length = std::fs::metadata(path).map_err(unreadable)?.len();
        if length > LONGEST {
            let (name, most) = (path.display(), LONGEST >> 20);
            let message = tr!("{name} is larger than {most} MiB", name, most);
            return Err(
                CliError::invalid(message).hint(tr!("divide the table, or write JSON lines"))
            );
        }
        let delimiter = delimiter(path).map_err(unreadable)?;
        let table = Self {
            columns: Vec::new(),
            delimiter,
        };
        let file = io::BufReader::new(File::open(path).map_err(unreadable)?);
        let problems = quotes::problems(file, delimiter).map_err(unreadable)?;
        if !problems.is_empty() {
            return Err(not_a_table(path, problems).hint(tr!(
                "a field that begins with a quote ends with one, and has each of its own twice, as in \"a \"\"big\"\" cat\""
            )));
        }
        let mut header = ByteRecord::new();
        let mut reader = table.reader(File::open(path).map_err(unreadable)?);
        reader
            .read_byte_record(&mut header)
            .map_err(|error| unreadable(error.into()))?;
        let names: Vec<_> = header.iter().map(String::from_utf8_lossy).collect();
        if let Some(found) = names.iter().find_map(|name| input::control_character(name)) {
            let told = tr!("line {number}: {words}", number = 1, words = found);
            return Err(not_a_table(path, vec![told]).hint(found.hint()));
        }
        let columns: Vec<String> = names.iter().map(|name| column(name)).collect();
        check_columns(path, &columns)?;
        Ok(Self { columns, ..table })
    }

    fn reader<R: io::Read>(&self, from: R) -> Reader<R> {
        let mut builder = ReaderBuilder::new();
        builder
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true);
        builder.from_reader(from)
    }

    /// The rows below the names of columns.
    pub fn rows<'a>(&self, path: &'a Path) -> io::Result<Rows<'a>> {
        let mut rows = Rows {
            path,
            reader: self.reader(File::open(path)?),
            record: ByteRecord::new(),
        };
        rows.reader.read_byte_record(&mut rows.record)?;
        Ok(rows)
    }

    /// What a row asks for.
    pub fn wanted(&self, bytes: &[u8], defaults: RequestArgs) -> Result<Wanted, InvalidLine> {
        let mut record = csv::StringRecord::new();
        let read = self.reader(bytes).read_record(&mut record);
        read.map_err(|_| not_utf8())?;
        record.iter().try_for_each(check_characters)?;
        let mut row = Row {
            wanted: Wanted {
                request: defaults,
                ..Wanted::default()
            },
            problems: Vec::new(),
        };
        let (fields, columns) = (record.len(), self.columns.len());
        if fields > columns {
            row.problems.push(tr!(
                "has {fields} fields, and the table {columns} columns: put a field with a comma in quotes",
                fields,
                columns
            ));
        }
        for (column, field) in self.columns.iter().zip(record.iter()) {
            match field.trim() {
                "" => {}
                field => row.set(column, field),
            }
        }
        match row.problems.is_empty() {
            true => Ok(row.wanted),
            false => Err(InvalidLine::new(row.wanted.id, row.problems)),
        }
    }
}

/// A row as far as it is read.
struct Row {
    wanted: Wanted,
    problems: Vec<String>,
}

impl Row {
    fn set(&mut self, column: &str, field: &str) {
        let Wanted {
            id,
            is_task,
            account,
            request,
        } = &mut self.wanted;
        let problems = &mut self.problems;
        let text = || Some(field.to_owned());
        match column {
            "id" => *id = noted(check_id(field.to_owned()), problems),
            "account" => *account = text(),
            "prompt" => request.prompt = text(),
            "model" => request.model = text(),
            "size" => request.size = text(),
            "negative_prompt" => request.negative_prompt = text(),
            "image" => {
                request.image = field
                    .split(BETWEEN)
                    .map(|path| path.trim().to_owned())
                    .collect()
            }
            "n" => request.n = number(column, field, problems),
            "seed" => request.seed = number(column, field, problems),
            "prompt_extend" => request.prompt_extend = flag(column, field, problems),
            "watermark" => request.watermark = flag(column, field, problems),
            "async" => *is_task = flag(column, field, problems).unwrap_or_default(),
            "api" => match Api::find(field) {
                Some(api) => request.api = Some(api),
                None => {
                    let names: Vec<_> = Api::all().map(Api::name).collect();
                    let names = names.join(", ");
                    problems.push(tr!("api: {field} is none of {names}", field, names));
                }
            },
            // Others were refused with the names of the columns.
            _ => {}
        }
    }
}

fn number(column: &str, field: &str, problems: &mut Vec<String>) -> Option<i64> {
    let wrong = |_| tr!("{column}: {field} is not a whole number", column, field);
    noted(field.parse().map_err(wrong), problems)
}

fn flag(column: &str, field: &str, problems: &mut Vec<String>) -> Option<bool> {
    let flag = match field.to_lowercase().as_str() {
        "true" | "yes" | "1" | "是" => Ok(true),
        "false" | "no" | "0" | "否" => Ok(false),
        _ => Err(tr!(
            "{column}: {field} is neither true nor false",
            column,
            field
        )),
    };
    noted(flag, problems)
}

impl Rows<'_> {
    /// The next row; `None` after the last one.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        let Some(start) = self.record.position() else {
            return Ok(None);
        };
        let place = Place {
            number: i64::try_from(start.line()).unwrap_or(i64::MAX),
            offset: start.byte(),
            length: self.reader.position().byte() - start.byte(),
        };
        let bytes = read_at(self.path, place)?;
        // A row may have empty fields alone, as spreadsheets leave them behind.
        let is_blank = self
            .record
            .iter()
            .all(|field| field.trim_ascii().is_empty());
        Ok(Some(Line {
            place,
            bytes: Some(if is_blank { Vec::new() } else { bytes }),
        }))
    }
}

/// What stands between columns: a tab or a semicolon where the first line has no comma.
fn delimiter(path: &Path) -> io::Result<u8> {
    use std::io::{BufRead as _, Read as _};
    let mut line = Vec::new();
    io::BufReader::new(File::open(path)?)
        .take(64 << 10)
        .read_until(b'\n', &mut line)?;
    Ok(delimiter_of(&line))
}

fn delimiter_of(line: &[u8]) -> u8 {
    let has = |sign: u8| line.contains(&sign);
    match (has(b','), has(b'\t'), has(b';')) {
        (false, true, _) => b'\t',
        (false, false, true) => b';',
        _ => b',',
    }
}

/// Whether a text begins with the names of columns, as a table does.
pub fn is_header(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    let line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let delimiter = char::from(delimiter_of(line.as_bytes()));
    let names = line
        .split(delimiter)
        .map(|name| column(name.trim_matches(['"', '\r'])));
    let mut has_prompt = false;
    let mut known = names.map(|name| {
        has_prompt |= name == "prompt";
        COLUMNS.contains(&name.as_str())
    });
    known.all(|known| known) && has_prompt
}

/// A column's name, as it is meant.
pub fn column(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
    name.replace([' ', '-'], "_")
}

fn check_columns(path: &Path, columns: &[String]) -> Result<(), CliError> {
    let mut problems = Vec::new();
    for column in columns
        .iter()
        .filter(|column| !COLUMNS.contains(&column.as_str()))
    {
        let column = wrap::cut(column, LONGEST_NAME);
        let similar = suggest::nearest(&column, COLUMNS.iter().copied(), 1);
        problems.push(match similar.first() {
            Some(similar) => tr!(
                "there is no column {column}: did you mean {similar}?",
                column,
                similar
            ),
            None => tr!("there is no column {column}", column),
        });
    }
    problems.extend(
        COLUMNS
            .iter()
            .filter_map(|column| repeated(column, columns)),
    );
    if !columns.iter().any(|column| column == "prompt") {
        problems.push(tr!("the column prompt is missing"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    let names = console::printable(&COLUMNS.join(", "));
    Err(not_a_table(path, problems).hint(tr!("the first row names the columns: {names}", names)))
}

/// What there is to say of a column that is there more than once: only one could count.
fn repeated(column: &str, columns: &[String]) -> Option<String> {
    let same = |(index, name): (usize, &String)| (name == column).then_some(index + 1);
    let mut places = columns.iter().enumerate().filter_map(same);
    let (first, second) = (places.next()?, places.next()?);
    Some(tr!(
        "the column {column} is there twice: columns {first} and {second}",
        column,
        first,
        second
    ))
}

/// The error of a table none of whose rows can be read.
fn not_a_table(path: &Path, problems: Vec<String>) -> CliError {
    let name = path.display();
    let message = tr!("{name} can't be read as a table; nothing was sent", name);
    CliError::invalid(message).details(problems)
}
