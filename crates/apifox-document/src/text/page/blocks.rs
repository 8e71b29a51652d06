//! The blocks of a page: a heading each, and what stands below it.

use super::json::is_blank;

/// The headings of a page, in Chinese and in English, with the key each block has in
/// a project export.
const HEADINGS: [(&[&str], Block); 6] = [
    (&["说明", "description"], Block::Prose("description")),
    (&["概览", "overview"], Block::Overview),
    (
        &["参数", "请求参数", "parameters", "request parameters"],
        Block::Json("parameters"),
    ),
    (&["请求体", "request body"], Block::Json(BODY)),
    (&["响应", "responses", "response"], Block::Json(RESPONSES)),
    (
        &["响应示例", "response examples", "response example"],
        Block::Json("responseExamples"),
    ),
];

/// The key of the block that every page has.
pub(super) const RESPONSES: &str = "responses";

/// The key of the block with the body of a request.
pub(super) const BODY: &str = "requestBody";

/// What a block holds; with its key in a project export, if it has one.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Block {
    Prose(&'static str),
    Overview,
    Json(&'static str),
}

/// A block of a page. Lines are counted from 0.
pub(super) struct Section<'a> {
    pub heading: &'a str,
    pub block: Block,
    /// The first line of its body.
    pub start: usize,
    /// The line after its body.
    pub end: usize,
}

/// The blocks of a page, from the line `from` on. A fence of Markdown around a whole
/// body is not part of it.
pub(super) fn sections<'a>(lines: &[&'a str], from: usize) -> Vec<Section<'a>> {
    let mut found: Vec<Section<'a>> = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(from) {
        let Some(block) = heading(line) else {
            continue;
        };
        // Prose may hold a line that reads like a heading; a block of JSON can't.
        let in_prose = found
            .last()
            .is_some_and(|last| matches!(last.block, Block::Prose(_)));
        if in_prose && matches!(block, Block::Json(_)) && !opens_json(&lines[at + 1..]) {
            continue;
        }
        if let Some(last) = found.last_mut() {
            last.end = at;
        }
        found.push(Section {
            heading: line.trim(),
            block,
            start: at + 1,
            end: lines.len(),
        });
    }
    for section in &mut found {
        (section.start, section.end) = within_fence(lines, section.start, section.end);
    }
    found
}

/// The block whose heading a line is, as text or as Markdown.
fn heading(line: &str) -> Option<Block> {
    let line = line.trim().trim_start_matches('#');
    let line = line.trim_end_matches([':', '：']).trim().to_lowercase();
    let named = HEADINGS
        .iter()
        .find(|(names, _)| names.contains(&line.as_str()));
    named.map(|(_, block)| *block)
}

fn opens_json(lines: &[&str]) -> bool {
    lines
        .iter()
        .map(|line| line.trim_start_matches(is_blank))
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with(['{', '[']) || line.starts_with(FENCE))
}

/// What a fence of Markdown starts with.
const FENCE: &str = "```";

/// The lines inside the Markdown fence that encloses a whole block, if one does.
fn within_fence(lines: &[&str], at: usize, end: usize) -> (usize, usize) {
    let is_filled = |at: &usize| !lines[*at].trim().is_empty();
    let first = (at..end).find(is_filled);
    let last = (at..end).rev().find(is_filled);
    match (first, last) {
        (Some(first), Some(last)) if first < last && lines[first].trim().starts_with(FENCE) => {
            let is_closed = lines[last].trim() == FENCE;
            (first + 1, if is_closed { last } else { end })
        }
        _ => (at, end),
    }
}
