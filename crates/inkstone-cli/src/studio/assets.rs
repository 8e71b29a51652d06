//! The files of the page, which are part of the program.

use inkstone_sandbox::PageReply;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the page: its path, its type, its text.
macro_rules! file {
    ($name:literal, $kind:ident) => {
        (
            concat!("/_studio/", $name),
            $kind,
            include_str!(concat!("page/", $name)),
        )
    };
}

/// The files, with what is found at the address itself.
const FILES: &[(&str, &str, &str)] = &[
    ("/", HTML, include_str!("page/index.html")),
    file!("style.css", STYLE),
    file!("parts.css", STYLE),
    file!("app.js", SCRIPT),
    file!("words.js", SCRIPT),
    file!("dom.js", SCRIPT),
    file!("fields.js", SCRIPT),
    file!("try.js", SCRIPT),
    file!("images.js", SCRIPT),
    file!("orders.js", SCRIPT),
    file!("gallery.js", SCRIPT),
    file!("documents.js", SCRIPT),
    file!("highlight.js", SCRIPT),
    file!("traffic.js", SCRIPT),
];

pub fn find(path: &str) -> Option<PageReply> {
    let (_, content_type, text) = FILES.iter().find(|(own, ..)| *own == path)?;
    Some(PageReply {
        status: 200,
        content_type,
        body: text.as_bytes().to_vec(),
        cookie: None,
    })
}
