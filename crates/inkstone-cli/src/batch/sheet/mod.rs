//! The contact sheet: pages of HTML that open from the disk, without network. Their one script
//! searches, filters, enlarges and copies; without it the pages are complete.
//! Pictures are linked, and loaded when they are scrolled to. A page has a limited number
//! of jobs, so that even ten thousand open quickly.

mod card;
mod html;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use tr::tr;

use crate::batch::incoming;
use crate::batch::journal::Journal;
use crate::batch::journal::totals::JobPlace;
use crate::batch::state::State;
use crate::client::interrupt::Interrupt;
use crate::error::CliError;
use crate::language::in_english;

/// How many jobs a page has.
const PAGE: u64 = 200;

/// How many unfinished jobs the first page links to.
const MOST_LINKS: usize = 500;

const STYLE: &str = include_str!("style.css");

const SCRIPT: &str = include_str!("sheet.js");

/// Forbids the network, and every script but the page's own, should escaping ever fail.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; \
         script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

/// How many pages before and after its own a page links to, beside the first and the last.
const NEIGHBOURS: u64 = 5;

/// Writes `index.html` and the pages after it, until a signal comes.
pub async fn write(
    journal: &Journal,
    out: &Path,
    is_sandbox: bool,
    interrupt: &mut Interrupt,
) -> Result<(), CliError> {
    let pages = journal.jobs()?.div_ceil(PAGE).max(1);
    // Counted once, and not for each page.
    let counts = in_english(|| counts(journal, is_sandbox))?;
    let mut after = 0;
    for number in 1..=pages {
        // A page takes some milliseconds.
        if interrupt.or(tokio::task::yield_now()).await.is_err() {
            return Err(interrupted(number - 1, pages));
        }
        let mut html = head(&counts, number, pages);
        if number == 1 {
            html += &not_done(journal)?;
        }
        html += &format!("</header>\n{}<main>\n", navigation(number, pages));
        for _ in 0..PAGE {
            let Some(entry) = journal.entry(after)? else {
                break;
            };
            after = entry.seq;
            html += &card::html_card(&entry, &journal.files(entry.seq)?, is_sandbox);
        }
        html += &foot(number, pages);
        write_page(out, &out.join(file(number)), &html)?;
    }
    remove_after(out, pages);
    Ok(())
}

fn interrupted(written: u64, pages: u64) -> CliError {
    let message = tr!(
        "interrupted while the contact sheet was written: {written} of {pages} pages are new",
        written,
        pages
    );
    CliError::interrupted(message).hint(tr!("--resume writes all of it"))
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
        let message = tr!(
            "the contact sheet {path} can't be written: {error}",
            path,
            error
        );
        CliError::unsaved(message)
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

fn head(counts: &str, number: u64, pages: u64) -> String {
    let title = match pages {
        1 => "Contact sheet".to_owned(),
        _ => format!("Contact sheet, page {number} of {pages}"),
    };
    let policy = policy();
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{}</p>
",
        html::text(counts)
    )
}

fn foot(number: u64, pages: u64) -> String {
    let navigation = navigation(number, pages);
    format!("</main>\n{navigation}<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// As in "500 jobs: 498 done, 2 unknown · 498 pictures · 99.60 CNY"; a sandbox costs nothing.
fn counts(journal: &Journal, is_sandbox: bool) -> Result<String, CliError> {
    let found = journal.states()?;
    let states = State::ALL.iter().filter_map(|state| {
        let count = found.get(state)?;
        Some(format!("{count} {}", state.name()))
    });
    let states: Vec<_> = states.collect();
    let cost = match is_sandbox {
        true => String::new(),
        false => format!(" · {}", journal.cost_text()?),
    };
    Ok(format!(
        "{}: {} · {}{cost}",
        counted(journal.jobs()? as usize, "job"),
        states.join(", "),
        counted(journal.saved_pictures()? as usize, "picture"),
    ))
}

/// Links to the jobs that are not done.
fn not_done(journal: &Journal) -> Result<String, CliError> {
    let (places, count) = journal.to_look_at(MOST_LINKS)?;
    if count == 0 {
        return Ok(String::new());
    }
    let mut links: String = places.iter().map(link).collect();
    let others = count.saturating_sub(places.len() as u64);
    if others > 0 {
        links += &format!("<li>and {others} more</li>\n");
    }
    let open = if count <= 12 { " open" } else { "" };
    let what = counted(usize::try_from(count).unwrap_or(usize::MAX), "job");
    Ok(format!(
        "<details{open}>\n<summary>{what} to look at</summary>\n<ul>\n{links}</ul>\n</details>\n"
    ))
}

/// A count with its noun, as in `1 job` or `2 jobs`: the sheet is English.
fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

fn link(job: &JobPlace) -> String {
    format!(
        "<li><a href=\"{}#job-{}\">{}</a> {}</li>\n",
        file(job.position / PAGE + 1),
        job.seq,
        html::text(&job.id),
        job.state.name()
    )
}

/// Links to the first page, the last, and those around this one, if there are several.
fn navigation(number: u64, pages: u64) -> String {
    if pages == 1 {
        return String::new();
    }
    let link = |page: u64| match page == number {
        true => format!("<strong>{page}</strong>"),
        false => format!("<a href=\"{}\">{page}</a>", file(page)),
    };
    let first = number.saturating_sub(NEIGHBOURS).max(1);
    let last = (number + NEIGHBOURS).min(pages);
    let mut links: Vec<_> = (first..=last).map(link).collect();
    if first > 1 {
        links.insert(0, format!("{} …", link(1)));
    }
    if last < pages {
        links.push(format!("… {}", link(pages)));
    }
    format!("<nav aria-label=\"Pages\">{}</nav>\n", links.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::navigation;

    #[test]
    fn a_page_links_to_its_neighbours_however_many_there_are() {
        assert_eq!(navigation(1, 1), "");
        assert_eq!(navigation(2, 3).matches("<a ").count(), 2);
        let first = navigation(1, 5000);
        assert!(
            first.contains("… <a href=\"index-5000.html\">5000</a>"),
            "{first}"
        );
        for number in [1, 2, 6, 7, 8, 2500, 4999, 5000] {
            let links = navigation(number, 5000);
            assert!(links.matches("<a ").count() <= 12, "{links}");
            assert!(
                links.contains(&format!("<strong>{number}</strong>")),
                "{links}"
            );
        }
    }
}
