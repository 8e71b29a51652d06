//! The contact sheet: pages of HTML that open from the disk, without network or scripts.
//! Pictures are linked, and loaded when they are scrolled to. A page has a limited number
//! of jobs, so that even ten thousand open quickly.

mod card;
mod html;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::batch::incoming;
use crate::batch::journal::Journal;
use crate::batch::journal::totals::Entry;
use crate::batch::state::State;
use crate::console::counted;
use crate::error::{CliError, Code};

/// How many jobs a page has.
const PAGE: u64 = 200;

/// How many unfinished jobs the first page links to.
const MOST_LINKS: usize = 500;

const STYLE: &str = include_str!("style.css");

/// Forbids scripts and the network, should escaping ever fail.
const POLICY: &str = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'";

/// Writes `index.html` and the pages after it.
pub fn write(journal: &Journal, out: &Path) -> Result<(), CliError> {
    let pages = journal.jobs()?.div_ceil(PAGE).max(1);
    let mut after = 0;
    for number in 1..=pages {
        let mut html = head(journal, number, pages)?;
        for _ in 0..PAGE {
            let Some(entry) = journal.entry(after)? else {
                break;
            };
            after = entry.seq;
            html += &card::html_card(&entry, &journal.files(entry.seq)?);
        }
        html += &foot(number, pages);
        write_page(out, &out.join(file(number)), &html)?;
    }
    remove_after(out, pages);
    Ok(())
}

/// Writes a page, which gets its name when it is complete.
fn write_page(out: &Path, path: &Path, html: &str) -> Result<(), CliError> {
    let write = || -> io::Result<()> {
        let mut file = incoming::new_file(out)?;
        file.write_all(html.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| {
        let path = path.display();
        let message = format!("the contact sheet {path} can't be written: {error}");
        CliError::new(Code::Unsaved, message)
    })
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

fn head(journal: &Journal, number: u64, pages: u64) -> Result<String, CliError> {
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
fn counts(journal: &Journal) -> Result<String, CliError> {
    let found = journal.states()?;
    let states = State::ALL.iter().filter_map(|state| {
        let count = found.get(state.name())?;
        Some(format!("{count} {}", state.name()))
    });
    let states: Vec<_> = states.collect();
    Ok(format!(
        "{}: {} · {} · {}",
        counted(journal.jobs()? as usize, "job"),
        states.join(", "),
        counted(journal.saved_pictures()? as usize, "picture"),
        journal.spent()?.text()
    ))
}

/// Links to the jobs that are not done.
fn not_done(journal: &Journal) -> Result<String, CliError> {
    let (mut links, mut count, mut position, mut after) = (String::new(), 0, 0, 0);
    while let Some(entry) = journal.entry(after)? {
        after = entry.seq;
        let page = position / PAGE + 1;
        position += 1;
        if entry.state == State::Done.name() || entry.state == State::Queued.name() {
            continue;
        }
        count += 1;
        if count <= MOST_LINKS {
            links += &link(&entry, page);
        }
    }
    if count == 0 {
        return Ok(String::new());
    }
    if count > MOST_LINKS {
        links += &format!("<li>and {} more</li>\n", count - MOST_LINKS);
    }
    let open = if count <= 12 { " open" } else { "" };
    let what = counted(count, "job");
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
