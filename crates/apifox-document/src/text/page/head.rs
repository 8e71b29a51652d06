//! The head of a page: its title, and the line `METHOD /path`.

use super::error::{PageError, ROUTE, TITLE};
use super::overview::overview_value;

pub(super) const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

const EXPECTED: &str = "expected a line such as `POST /v1/images/generations` after the title";

/// What comes before the blocks of a page.
pub(super) struct Head<'a> {
    pub name: &'a str,
    pub method: &'static str,
    pub path: &'a str,
    /// The line of the title, from 0.
    pub name_at: Option<usize>,
    /// The line of method and path, from 0.
    pub route_at: Option<usize>,
    /// What is missing in it.
    pub fault: Option<PageError>,
}

impl<'a> Head<'a> {
    /// Reads the title and the line `METHOD /path`. A page that was copied without them
    /// still has method and path in its overview; the path then serves as the title.
    ///
    /// # Errors
    ///
    /// When the page says method and path nowhere.
    pub fn read(page: &str, lines: &[&'a str]) -> Result<Self, PageError> {
        let mut filled = (0..).zip(lines).filter(|(_, line)| !line.trim().is_empty());
        let Some((first_at, first)) = filled.next() else {
            return Err(PageError::new(page, None, (1, 1), "the page is empty"));
        };
        if let Some((at, line)) = filled.next()
            && let Some((method, path)) = route(line)
        {
            return Ok(Self {
                name: first.trim(),
                method,
                path,
                name_at: Some(first_at),
                route_at: Some(at),
                fault: None,
            });
        }
        match route(first) {
            Some(route) => Ok(Self::without_title(page, route, first_at)),
            None => Self::from_overview(page, lines),
        }
    }

    fn without_title(page: &str, (method, path): (&'static str, &'a str), at: usize) -> Self {
        let message = "the page starts after its title";
        Self {
            name: path,
            method,
            path,
            name_at: None,
            route_at: Some(at),
            fault: Some(PageError::new(page, Some(TITLE), (1, 1), message)),
        }
    }

    fn from_overview(page: &str, lines: &[&'a str]) -> Result<Self, PageError> {
        let fault = |block| PageError::new(page, block, (2.min(lines.len()), 1), EXPECTED);
        let row = |label| lines.iter().find_map(|line| overview_value(line, label));
        let method = row("Method").and_then(known_method);
        let path = row("Path").filter(|path| is_path(path));
        let (Some(method), Some(path)) = (method, path) else {
            return Err(fault(None));
        };
        Ok(Self {
            name: path,
            method,
            path,
            name_at: None,
            route_at: None,
            fault: Some(fault(Some(ROUTE))),
        })
    }

    /// The first line of the blocks, from 0.
    pub fn end(&self) -> usize {
        self.route_at.map_or(0, |at| at + 1)
    }
}

fn route(line: &str) -> Option<(&'static str, &str)> {
    let (method, path) = line.trim().split_once(char::is_whitespace)?;
    Some((known_method(method)?, path.trim())).filter(|(_, path)| {
        // In lower case it may be the start of a sentence.
        METHODS.contains(&method) || is_path(path) && !path.contains(char::is_whitespace)
    })
}

fn known_method(name: &str) -> Option<&'static str> {
    METHODS
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(name))
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') || text.contains("://")
}
