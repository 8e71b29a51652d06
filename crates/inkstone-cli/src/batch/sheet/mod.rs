//! The contact sheet: pages of HTML that open from the disk, without a network
//! and without scripts. The pictures are shown where they lie, as they are scrolled
//! to; a page has so many jobs, so that it opens as fast for ten thousand.

mod card;
mod html;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::batch::journal::Journal;
use crate::batch::journal::tally::Entry;
use crate::batch::saving;
use crate::batch::state::State;
use crate::batch::ticker;
use crate::exit::{Code, Failure};

/// How many jobs a page has.
const PAGE: u64 = 200;

/// How many jobs that are not done the first page links to.
const LINKED: usize = 500;

const STYLE: &str = include_str!("style.css");

/// Scripts and the network stay out, whatever slipped in.
const POLICY: &str = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'";

/// Writes `index.html` and the pages after it.
pub fn write(journal: &Journal, out: &Path) -> Result<(), Failure> {
    let pages = journal.jobs()?.div_ceil(PAGE).max(1);
    let mut after = 0;
    for number in 1..=pages {
        let path = out.join(file(number));
        let unwritable = |error: io::Error| {
            Failure::new(
                Code::Unsaved,
                format!(
                    "the contact sheet {} can't be written: {error}",
                    path.display()
                ),
            )
        };
        let mut page = Page::begin(out, path.clone()).map_err(unwritable)?;
        page.put(&head(journal, number, pages)?)
            .map_err(unwritable)?;
        for _ in 0..PAGE {
            let Some(entry) = journal.entry(after)? else {
                break;
            };
            after = entry.seq;
            let files = journal.files(entry.seq)?;
            page.put(&card::of(&entry, &files)).map_err(unwritable)?;
        }
        page.put(&foot(number, pages)).map_err(unwritable)?;
        page.finish().map_err(unwritable)?;
    }
    remove_after(out, pages);
    Ok(())
}

/// A page that has its name when it is whole.
struct Page {
    writer: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Page {
    fn begin(out: &Path, path: PathBuf) -> io::Result<Self> {
        Ok(Self {
            writer: BufWriter::new(saving::incoming(out)?),
            path,
        })
    }

    fn put(&mut self, html: &str) -> io::Result<()> {
        self.writer.write_all(html.as_bytes())
    }

    fn finish(self) -> io::Result<()> {
        let file = self.writer.into_inner().map_err(|it| it.into_error())?;
        file.persist(&self.path)?;
        Ok(())
    }
}

fn file(number: u64) -> String {
    match number {
        1 => "index.html".to_owned(),
        _ => format!("index-{number}.html"),
    }
}

/// Removes pages of an earlier, longer sheet.
fn remove_after(out: &Path, pages: u64) {
    let mut number = pages + 1;
    while fs::remove_file(out.join(file(number))).is_ok() {
        number += 1;
    }
}

fn head(journal: &Journal, number: u64, pages: u64) -> Result<String, Failure> {
    let title = match pages {
        1 => "Contact sheet".to_owned(),
        _ => format!("Contact sheet, page {number} of {pages}"),
    };
    let mut head = format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{}</p>
",
        html::text(&counts(journal)?)
    );
    if number == 1 {
        head += &not_done(journal)?;
    }
    Ok(head + "</header>\n" + &navigation(number, pages) + "<main>\n")
}

fn foot(number: u64, pages: u64) -> String {
    format!("</main>\n{}</body>\n</html>\n", navigation(number, pages))
}

/// As in "500 jobs: 498 done, 2 unknown · 498 pictures · 99.60 CNY".
fn counts(journal: &Journal) -> Result<String, Failure> {
    let found = journal.states()?;
    let states = State::ALL.iter().filter_map(|state| {
        let count = found.get(state.name())?;
        Some(format!("{count} {}", state.name()))
    });
    let states: Vec<_> = states.collect();
    Ok(format!(
        "{}: {} · {} · {}",
        counted(journal.jobs()?, "job"),
        states.join(", "),
        counted(journal.saved_pictures()?, "picture"),
        ticker::cost(&journal.spent()?)
    ))
}

fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Links to the jobs that went wrong.
fn not_done(journal: &Journal) -> Result<String, Failure> {
    let (mut links, mut count, mut position, mut after) = (String::new(), 0, 0, 0);
    while let Some(entry) = journal.entry(after)? {
        after = entry.seq;
        let page = position / PAGE + 1;
        position += 1;
        if entry.state == State::Done.name() || entry.state == State::Queued.name() {
            continue;
        }
        count += 1;
        if count <= LINKED {
            links += &link(&entry, page);
        }
    }
    if count == 0 {
        return Ok(String::new());
    }
    if count > LINKED {
        links += &format!("<li>and {} more</li>\n", count - LINKED);
    }
    let open = if count <= 12 { " open" } else { "" };
    let what = counted(count as u64, "job");
    Ok(format!(
        "<details{open}>\n<summary>{what} to look at</summary>\n<ul>\n{links}</ul>\n</details>\n"
    ))
}

fn link(entry: &Entry, page: u64) -> String {
    format!(
        "<li><a href=\"{}#job-{}\">{}</a> {}</li>\n",
        file(page),
        entry.seq,
        html::text(&entry.id),
        html::text(&entry.state)
    )
}

/// Links to all pages, if there are several.
fn navigation(number: u64, pages: u64) -> String {
    if pages == 1 {
        return String::new();
    }
    let link = |page: u64| match page == number {
        true => format!("<strong>{page}</strong>"),
        false => format!("<a href=\"{}\">{page}</a>", file(page)),
    };
    let links: Vec<_> = (1..=pages).map(link).collect();
    format!("<nav aria-label=\"Pages\">{}</nav>\n", links.join("\n"))
}
