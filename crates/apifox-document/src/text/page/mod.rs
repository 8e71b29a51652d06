//! Reads the text of a published Apifox page into an endpoint object.
//!
//! A page is a name, a line `METHOD /path`, an overview and a few titled
//! blocks, most of them JSON. Two layouts occur: the overview as a Markdown
//! table or as run-together lines, and JSON on one line or pretty-printed.
//! The endpoint object has the keys of an `api` in Apifox's project export.

mod blocks;
mod endpoint;
mod error;
mod head;
mod json;
mod overview;
mod places;
mod rendered;

use blocks::{BODY, Block, RESPONSES, Section, sections};
use head::Head;
use json::{block_json, quoted};
use overview::overview;

pub use endpoint::Endpoint;
pub(crate) use error::AGAIN;
pub use error::{Omitted, PageError};
pub(crate) use places::lost_bytes;
pub use places::{Place, places};

/// Reads `text`, the whole of a published page; `page` names it in errors.
///
/// # Errors
///
/// When the page says method and path neither below its title nor in its overview.
pub fn read(page: &str, text: &str) -> Result<Endpoint, PageError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    let head = match Head::read(page, &lines) {
        Ok(head) => head,
        Err(error) => return rendered::read(page, &lines).ok_or(error),
    };
    let mut members = vec![
        ("name", quoted(head.name)),
        ("method", quoted(head.method)),
        ("path", quoted(head.path)),
    ];
    let sections = sections(&lines, head.end());
    let mut faults: Vec<PageError> = head.fault.into_iter().collect();
    let mut lost = None;
    for section in &sections {
        match section_members(page, section, &lines[section.start..section.end]) {
            Ok(found) => members.extend(found),
            Err(fault) if section.block == Block::Json(BODY) => {
                lost = Some(fault.omitting(Omitted::Operation))
            }
            Err(fault) => faults.push(fault),
        }
    }
    let has = |key| {
        sections
            .iter()
            .any(|section| section.block == Block::Json(key))
    };
    if !has(RESPONSES) {
        let end = (lines.len().max(1), 1);
        let absent = PageError::new(page, Some("响应"), end, "the page has none");
        faults.push(absent.omitting(Omitted::Absent));
        if !has(BODY) {
            let message = "the page ends before it, and before its responses";
            let error = PageError::new(page, Some("请求体"), end, message);
            lost = Some(error.omitting(Omitted::Operation));
        }
    }
    let name = head.name.to_owned();
    Ok(Endpoint::new(name, &members, faults, lost))
}

/// The members of the endpoint object that a block holds, as JSON.
fn section_members(
    page: &str,
    section: &Section<'_>,
    body: &[&str],
) -> Result<Vec<(&'static str, String)>, PageError> {
    Ok(match section.block {
        Block::Prose(key) => {
            let prose = body.join("\n");
            let prose = Some(prose.trim()).filter(|prose| !prose.is_empty());
            prose
                .map(|prose| (key, quoted(prose)))
                .into_iter()
                .collect()
        }
        Block::Overview => overview(body),
        Block::Json(key) => {
            vec![(key, block_json(page, section.heading, section.start, body)?)]
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, read};

    const COMPACT: &str = "m-1\nPOST /v1/x\n说明\n行一\n响应\n行二\n概览\n| Method | POST |\n|---|---|\n| Path | /v1/x |\n| Type | http |\n| Status | -2 |\n请求体\n{ \"n\": 1e3 }\n响应\n[]\n";
    const PRETTY: &str = "m-1\r\n\r\nPOST /v1/x\r\n\r\nMethodPOST\r\nPath/v1/x\r\nTypehttp\r\nStatus-2\r\n\r\n说明\r\n\r\n行一\r\n响应\r\n行二\r\n\r\n概览\r\n\r\nMethodPOST\r\nPath/v1/x\r\nTypehttp\r\nStatus-2\r\n\r\n请求体\r\n\r\n{\r\n  \"n\": 1e3\r\n}\r\n\r\n响应\r\n\r\n[]";

    #[test]
    fn both_layouts_read_alike() {
        let expected = "{\n  \"name\": \"m-1\",\n  \"method\": \"POST\",\n  \"path\": \"/v1/x\",\n  \"description\": \"行一\\n响应\\n行二\",\n  \"type\": \"http\",\n  \"status\": -2,\n  \"requestBody\": {\n    \"n\": 1e3\n  },\n  \"responses\": []\n}\n";
        assert_eq!(read("a", COMPACT).expect("compact").json, expected);
        assert_eq!(read("a", PRETTY).expect("pretty").json, expected);
    }

    #[test]
    fn a_page_may_be_in_english_or_copied_as_markdown() {
        let expected = read("a", COMPACT).expect("compact").json;
        let english = COMPACT
            .replace("说明\n", "Description\n")
            .replace("概览\n", "Overview\n")
            .replace("请求体\n", "Request Body\n")
            .replace("\n响应\n[]", "\nResponses\n[]");
        let markdown = COMPACT
            .replace("概览\n", "## 概览\n")
            .replace(
                "请求体\n{ \"n\": 1e3 }",
                "## 请求体：\n\n```json\n{ \"n\": 1e3 }\n```\n",
            )
            .replace("POST /v1/x\n", "post /v1/x\n");
        let copied = COMPACT.replace("{ \"n\": 1e3 }", "{\u{a0}\"n\": 1e3\u{3000}}\u{200b}");
        for page in [english, markdown, copied] {
            let read = read("a", &page).expect("a page");
            let plain: serde_json::Value = serde_json::from_str(&read.json).expect("JSON");
            assert_eq!(plain.to_string(), {
                let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
                expected.to_string()
            });
            assert_eq!(read.faults, []);
        }
    }

    #[test]
    fn the_head_of_a_page_may_be_missing() {
        let untitled = read("p.txt", "POST /x\n请求体\n{}\n").expect("route");
        assert_eq!(untitled.name, "/x");
        assert_eq!(untitled.faults[0].block.as_deref(), Some("title"));
        let page = "概览\n| Method | POST |\n| Path | /x |\n请求体\n{}\n";
        let headless = read("p.txt", page).expect("overview");
        assert!(
            headless
                .json
                .contains("\"path\": \"/x\",\n  \"requestBody\"")
        );
        let faults: Vec<_> = headless.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "p.txt:2:1: block METHOD /path: expected a line such as `POST \
                 /v1/images/generations` after the title",
                "p.txt:5:1: block 响应: the page has none",
            ]
        );
    }

    #[test]
    fn faults_are_located() {
        let cases = [
            ("", "p.txt:1:1: the page is empty"),
            (
                "m\nhello\n",
                "p.txt:2:1: expected a line such as `POST /v1/images/generations` after the title",
            ),
            (
                "m\nPOST /x\n请求体\n\n{ \"图\": 1,\n \"图\" 2 }\n响应\n[]\n",
                "p.txt:6:6: block 请求体: not JSON: expected `:`; copy the page again, with the whole block",
            ),
            (
                "m\nPOST /x\n请求体\n{ \"a\": [1, 2\n响应\n[]\n",
                "p.txt:4:12: block 请求体: not JSON: EOF while parsing a list; copy the page again, with the whole block",
            ),
            (
                "m\nPOST /x\n请求体\n{\n\"图\n}\n响应\n[]\n",
                "p.txt:5:2: block 请求体: not JSON: control character (\\u0000-\\u001F) found while parsing a string; copy the page again, with the whole block",
            ),
            (
                "m\nPOST /x\n请求体\n\n响应\n[]\n",
                "p.txt:3:1: block 请求体: the block is empty: copy the page again, with its JSON",
            ),
        ];
        for (page, expected) in cases {
            let first = |mut endpoint: Endpoint| {
                let lost = endpoint.lost.take();
                lost.unwrap_or_else(|| endpoint.faults.remove(0))
            };
            let error = read("p.txt", page).map(first);
            let error = error.unwrap_or_else(|error| error);
            assert_eq!(error.to_string(), expected);
        }
    }
}
