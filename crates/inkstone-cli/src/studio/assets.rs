//! The files of the page, which are part of the program.

use inkstone_sandbox::PageReply;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Each file: its path, its type, its text.
const FILES: &[(&str, &str, &str)] = &[
    ("/", HTML, include_str!("page/index.html")),
    ("/_studio/style.css", STYLE, include_str!("page/style.css")),
    ("/_studio/parts.css", STYLE, include_str!("page/parts.css")),
    ("/_studio/app.js", SCRIPT, include_str!("page/app.js")),
    ("/_studio/words.js", SCRIPT, include_str!("page/words.js")),
    ("/_studio/dom.js", SCRIPT, include_str!("page/dom.js")),
    ("/_studio/fields.js", SCRIPT, include_str!("page/fields.js")),
    ("/_studio/try.js", SCRIPT, include_str!("page/try.js")),
    (
        "/_studio/gallery.js",
        SCRIPT,
        include_str!("page/gallery.js"),
    ),
    (
        "/_studio/documents.js",
        SCRIPT,
        include_str!("page/documents.js"),
    ),
    (
        "/_studio/highlight.js",
        SCRIPT,
        include_str!("page/highlight.js"),
    ),
    (
        "/_studio/traffic.js",
        SCRIPT,
        include_str!("page/traffic.js"),
    ),
];

pub fn find(path: &str) -> Option<PageReply> {
    let (_, content_type, text) = FILES.iter().find(|(own, ..)| *own == path)?;
    Some(PageReply {
        status: 200,
        content_type,
        body: text.as_bytes().to_vec(),
    })
}
