//! Where the members of the endpoint object stand in the text of their page.

use std::ops::Range;

use super::blocks::{Block, sections};
use super::error::{Omitted, PageError};
use super::head::Head;

/// The place of a member of the endpoint object in the text of its page.
pub struct Place {
    /// The member's name.
    pub key: &'static str,
    /// The bytes of the page that hold its value.
    pub bytes: Range<usize>,
    /// Whether they are JSON.
    pub is_json: bool,
}

/// Where the members of the endpoint object stand in the text of a page.
pub fn places(text: &str) -> Vec<Place> {
    let lines: Vec<&str> = text.lines().collect();
    let Ok(head) = Head::read("", &lines) else {
        return Vec::new();
    };
    let line_ranges = line_ranges(text);
    let place = |key, start: usize, end: usize, is_json| Place {
        key,
        bytes: byte_range(text, &line_ranges, start, end),
        is_json,
    };
    let head_places = [
        ("name", head.name_at.or(head.route_at)),
        ("method", head.route_at),
        ("path", head.route_at),
    ];
    let line = |(key, at): (_, Option<usize>)| at.map(|at| place(key, at, at + 1, false));
    let mut places: Vec<Place> = head_places.into_iter().filter_map(line).collect();
    for section in sections(&lines, head.end()) {
        let (key, is_json) = match section.block {
            Block::Prose(key) => (key, false),
            Block::Json(key) => (key, true),
            Block::Overview => continue,
        };
        places.push(place(key, section.start, section.end, is_json));
    }
    places
}

/// The bytes of a page that are not read for what is wrong with it: the block, or all of the page
/// where that is not known; none where a block is not there, or its head is incomplete, which other
/// lines make up for.
pub(crate) fn lost_bytes(text: &str, fault: &PageError) -> Option<Range<usize>> {
    if fault.is_of_head() {
        return None;
    }
    let line = line_ranges(text).get(fault.line.saturating_sub(1)).cloned();
    let start = line.map_or(text.len(), |line| line.start);
    let block = match fault.omitted {
        Omitted::Block => places(text).into_iter().find(|place| {
            let is_around = place.bytes.start <= start && start <= place.bytes.end;
            place.is_json && is_around
        }),
        Omitted::Absent => return None,
        Omitted::Field | Omitted::Operation => None,
    };
    Some(block.map_or(0..text.len(), |block| block.bytes))
}

/// The bytes of each line, without its break.
fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut next = 0;
    let range = |line: &str| {
        let start = next;
        next += line.len();
        let line = line
            .strip_suffix('\n')
            .map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        start..start + line.len()
    };
    text.split_inclusive('\n').map(range).collect()
}

/// The bytes from the line `start` up to the line `end`, but always of one line at least.
fn byte_range(text: &str, lines: &[Range<usize>], start: usize, end: usize) -> Range<usize> {
    let last = end.saturating_sub(1).max(start);
    let from = lines.get(start).map_or(text.len(), |line| line.start);
    from..lines.get(last).map_or(text.len(), |line| line.end)
}
