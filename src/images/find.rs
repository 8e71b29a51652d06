//! The one finder of pictures: takes whatever bytes came, and finds every picture in them.
//!
//! It does not matter whether they are what a document promises, or JSON at all: see
//! [`apifox_client::lenient`]. The gateway may collapse several pictures to one, and keep the
//! reply that it got itself as text in `metadata`: those are found as well. Nor does it matter how
//! a picture is encoded, or whether it is: the body itself may be one.

use std::collections::HashSet;
use std::io::Cursor;
use std::rc::Rc;

use apifox_client::lenient::{Text, Token, Tokens};
use apifox_runtime::{DataUri, Path};
use bytes::Buf;

use super::encoding::Unescaped;
use super::fields::{has_results, is_no_result, is_picture_base64, is_picture_field, shows_again};
use super::image::{Image, Source};
use super::picture::Header;
use super::spool::Spools;

/// How deep a search goes: what is deeper counts for the container at this depth.
const DEEPEST: usize = 10_000;

/// How many values and names of a text are looked at: what comes after a million of small ones is
/// not made out, as that would take longer than anybody waits. Such a body has a flaw, and is kept
/// whole.
pub(crate) const MOST_VALUES: usize = 1 << 20;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes of a text tell whether it is a picture.
const MOST_HEAD: usize = 256;

/// How often the text of a `metadata` may hold another one.
const METADATA: u32 = 3;

impl Image {
    /// Every picture in the body of a reply, as [`Reply::images`](crate::Reply::images)
    /// finds them: for bodies that were kept.
    #[must_use]
    pub fn find(body: &[u8]) -> Vec<Self> {
        find(body, Spools::none())
    }

    /// The same of a reply with this status, as [`Error::images`](crate::Error::images) finds them:
    /// beside a failure those that stand where APIs have what was made.
    #[must_use]
    pub fn find_in_reply(status: u16, body: &[u8]) -> Vec<Self> {
        find_in_reply(status, body, Spools::none())
    }

    /// The same picture in another form, where the item of the body that it is from has it in
    /// two: for where the first is of no use.
    #[must_use]
    pub fn fallback_in(&self, body: &[u8]) -> Option<Self> {
        fallback(self, body, Spools::none())
    }
}

/// A picture, and where else its bytes are.
struct Found {
    image: Image,
    fallback: Option<Source>,
}

impl Found {
    /// A picture in one form.
    fn only(image: Image) -> Self {
        Self {
            image,
            fallback: None,
        }
    }
}

/// Every picture in `body`, each once, in the order of the text.
pub(crate) fn find(body: impl Buf, spools: &Spools) -> Vec<Image> {
    each_once(find_all(body, spools))
}

/// Every picture in the body of a reply with this status: beside a failure those that stand where
/// APIs have what was made.
pub(crate) fn find_in_reply(status: u16, body: impl Buf, spools: &Spools) -> Vec<Image> {
    let mut found = find(body, spools);
    if status >= 300 {
        // What is called so is never sent.
        let is_base64 = |pointer: &str| pointer.ends_with("/b64_json");
        let is_quoted = |name: &str| matches!(name, "body" | "detail" | "details");
        let is_below = |pointer: &str| {
            pointer.split('/').any(has_results) && !pointer.split('/').any(is_quoted)
        };
        found.retain(|image| is_base64(&image.pointer) || is_below(&image.pointer));
    }
    found
}

/// How many pictures `body` has, those that come twice counted twice, and whether it breaks off
/// within one.
pub(crate) fn count(body: impl Buf, spools: &Spools) -> (usize, bool) {
    let Search { found, is_cut, .. } = search(body, spools);
    let is_own = |found: &&Found| !found.image.pointer.starts_with("/metadata");
    let own = found.iter().filter(is_own).count();
    (own.max(each_once(found).len()), is_cut)
}

/// Another form of a picture in `body`.
pub(crate) fn fallback(image: &Image, body: impl Buf, spools: &Spools) -> Option<Image> {
    let mut found = find_all(body, spools).into_iter();
    let found = found.find(|found| found.image == *image)?;
    Some(Image {
        pointer: image.pointer.clone(),
        source: found.fallback?,
    })
}

fn find_all(body: impl Buf, spools: &Spools) -> Vec<Found> {
    search(body, spools).found
}

/// Searches a body that is in one piece; one that is shared is not copied.
fn search(mut body: impl Buf, spools: &Spools) -> Search<'_> {
    let mut search = Search::new(spools, String::new(), 0);
    if is_picture(body.chunk()) {
        let source = Source::Bytes(body.copy_to_bytes(body.remaining()));
        search.add_whole(source);
        return search;
    }
    match encoded(body.chunk(), spools) {
        Some(source) => search.add_whole(source),
        None => {
            let is_all = search.run(body.chunk());
            search.is_cut |= !is_all;
        }
    }
    if search.found.is_empty() {
        search.found = std::mem::take(&mut search.doubtful);
    }
    search
}

/// Whether a body is a picture, and not a text that begins as one does.
fn is_picture(body: &[u8]) -> bool {
    let is_shown = |c: char| c.is_whitespace() || !c.is_control();
    let is_text = || std::str::from_utf8(body).is_ok_and(|text| text.chars().all(is_shown));
    Header::read(&mut Cursor::new(body)).is_ok() && !is_text()
}

/// The picture that a body stands for as a text, with quotes or without.
fn encoded(body: &[u8], spools: &Spools) -> Option<Source> {
    let text = body.strip_prefix(MARK).unwrap_or(body).trim_ascii();
    let quoted = text.strip_prefix(b"\"");
    let text = quoted.map_or(text, |text| text.strip_suffix(b"\"").unwrap_or(text));
    let is_container = matches!(text.first(), None | Some(b'{' | b'[' | b'<'));
    // No text that is none of these is decoded: it may be long.
    let head = String::from_utf8_lossy(&text[..text.len().min(MOST_HEAD)]);
    let is_picture = match DataUri::parse(&head) {
        Some(uri) => is_picture_base64(Unescaped::plain(uri.base64.as_bytes())),
        None => is_picture_base64(Unescaped::plain(head.as_bytes())),
    };
    let text = Text {
        raw: text,
        is_whole: true,
    };
    let is_picture = is_picture && !is_container;
    is_picture.then(|| source("", &text, spools)).flatten()
}

fn each_once(found: Vec<Found>) -> Vec<Image> {
    let mut images: Vec<Image> = found.into_iter().map(|found| found.image).collect();
    let mut seen = HashSet::new();
    let is_first: Vec<bool> = images
        .iter()
        .map(|image| seen.insert(&image.source))
        .collect();
    let mut is_first = is_first.into_iter();
    images.retain(|_| is_first.next() == Some(true));
    images
}

/// The longest pointer to a picture, in bytes: each picture has one of its own, and a reply may
/// have a key of megabytes above as many pictures.
const LONGEST_POINTER: usize = 4096;

/// An object or array that the search is in.
struct Container {
    kind: u8,
    /// How long the pointer to it is.
    pointer: usize,
    /// The name of the member that comes next, or of the array that the items are in.
    name: Rc<str>,
    /// How many items came.
    items: usize,
    /// Whether it holds nothing that was made.
    is_beside: bool,
    /// Whether it shows what was made a second time.
    is_again: bool,
    /// The picture in each form that this object has.
    base64: Option<usize>,
    url: Option<usize>,
}

struct Search<'s> {
    spools: &'s Spools,
    open: Vec<Container>,
    /// How many containers are open that are too deep to be told apart.
    deeper: usize,
    /// Where the search is. One text, as a reply may have as many members as fit in
    /// it, below keys as long.
    pointer: String,
    /// How long the pointer to all of the text is.
    base: usize,
    found: Vec<Found>,
    /// What counts only where nothing else is found: it may show again what was made, or be of
    /// something else.
    doubtful: Vec<Found>,
    /// Whether the text breaks off within a picture.
    is_cut: bool,
    /// How many texts of `metadata` this is in.
    nested: u32,
}

impl<'s> Search<'s> {
    fn new(spools: &'s Spools, pointer: String, nested: u32) -> Self {
        Self {
            spools,
            open: Vec::new(),
            deeper: 0,
            base: pointer.len(),
            pointer,
            found: Vec::new(),
            doubtful: Vec::new(),
            is_cut: false,
            nested,
        }
    }

    /// Adds the picture that all of the text is.
    fn add_whole(&mut self, source: Source) {
        let image = Image {
            pointer: self.pointer.clone(),
            source,
        };
        self.found.push(Found::only(image));
    }

    /// Searches a text; returns whether all of it was looked at.
    fn run(&mut self, text: &[u8]) -> bool {
        let mut left = MOST_VALUES;
        for token in Tokens::new(text) {
            if token.is_value() && left == 0 {
                return false;
            }
            left -= usize::from(token.is_value());
            match token {
                Token::Open(_) if self.open.len() >= DEEPEST => self.deeper += 1,
                Token::Open(kind) => self.enter(kind),
                Token::Close(_) if self.deeper > 0 => self.deeper -= 1,
                Token::Close(kind) => self.leave(kind),
                Token::Name(name) => self.name(&name),
                Token::Text(text) => self.text(&text),
                Token::Scalar(_) => self.pass_item(),
            }
        }
        true
    }

    fn enter(&mut self, kind: u8) {
        self.push_step();
        let outer = self.open.last();
        let is_beside = outer.is_some_and(|outer| outer.is_beside || is_no_result(&outer.name));
        let is_again = outer.is_some_and(|outer| outer.is_again || shows_again(&outer.name));
        // The items of a list are what its name says.
        let name = outer
            .filter(|_| kind == b'[')
            .map(|outer| outer.name.clone());
        self.open.push(Container {
            kind,
            pointer: self.pointer.len(),
            name: name.unwrap_or_default(),
            items: 0,
            is_beside,
            is_again,
            base64: None,
            url: None,
        });
    }

    /// Ends the innermost container of this kind, and those in it.
    fn leave(&mut self, kind: u8) {
        let opening = if kind == b'}' { b'{' } else { b'[' };
        let Some(at) = self.open.iter().rposition(|outer| outer.kind == opening) else {
            return;
        };
        self.open.truncate(at);
        self.pop_step();
        self.pass_item();
    }

    fn name(&mut self, name: &Text<'_>) {
        if let Some(container) = self.open.last_mut()
            && self.deeper == 0
        {
            container.name = name.decode().into();
        }
    }

    /// Another item of an array is over.
    fn pass_item(&mut self) {
        if let Some(container) = self.open.last_mut() {
            container.items += 1;
        }
    }

    /// Adds the step from the innermost container to what comes next.
    fn push_step(&mut self) {
        let Some(container) = self.open.last() else {
            return;
        };
        match container.kind {
            b'[' => self.pointer += &Path::ROOT.index(container.items).to_string(),
            _ => self.pointer += &Path::ROOT.key(&container.name).to_string(),
        }
    }

    fn pop_step(&mut self) {
        match self.open.last() {
            Some(container) => self.pointer.truncate(container.pointer),
            // Behind a document, another may follow.
            None => self.pointer.truncate(self.base),
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        let Some(container) = self.open.last() else {
            return;
        };
        let is_item = container.kind == b'[';
        let is_named = is_picture_field(&container.name);
        let is_beside = container.is_beside || is_no_result(&container.name);
        self.is_cut |= !text.is_whole && is_named && !is_beside;
        if &*container.name == "metadata" && !is_item {
            if !is_beside {
                self.metadata(text);
            }
        } else if text.is_whole
            && !is_beside
            && (is_named || is_item)
            && self.pointer.len() + container.name.len() <= LONGEST_POINTER
            && let Some(source) = source(&container.name, text, self.spools)
        {
            let is_doubtful = container.is_again
                || shows_again(&container.name)
                || matches!(source, Source::Base64(_)) && !may_be_base64(&container.name, text);
            self.push_step();
            let image = Image {
                pointer: self.pointer.clone(),
                source,
            };
            match is_doubtful {
                true => self.doubtful.push(Found::only(image)),
                false => self.add(image),
            }
            self.pop_step();
        }
        self.pass_item();
    }

    /// Adds a picture; or another form of one, if its object has both.
    fn add(&mut self, image: Image) {
        let at = self.found.len();
        let Some(container) = self.open.last_mut() else {
            return;
        };
        if container.kind != b'{' {
            self.found.push(Found::only(image));
            return;
        }
        let is_encoded = !matches!(image.source, Source::Url(_));
        let is_b64 = |image: &Image| image.pointer.ends_with("/b64_json");
        let is_pair = |first: &usize| {
            is_b64(&image)
                || self
                    .found
                    .get(*first)
                    .is_some_and(|first| is_b64(&first.image))
        };
        let other = match is_encoded {
            true => container.url.or(container.base64.filter(is_pair)),
            false => container.base64,
        };
        match other.and_then(|other| self.found.get_mut(other)) {
            Some(first) if first.fallback.is_none() => {
                let (here, elsewhere) = match is_encoded {
                    true => (image, first.image.clone()),
                    false => (first.image.clone(), image),
                };
                // What is here already needs no server, but may be a preview.
                let (preferred, other) = match is_b64(&here) {
                    true => (here, elsewhere.source),
                    false => (elsewhere, here.source),
                };
                first.fallback = (preferred.source != other).then_some(other);
                first.image = preferred;
            }
            _ => {
                match is_encoded {
                    true => container.base64 = Some(at),
                    false => container.url = Some(at),
                }
                self.found.push(Found::only(image));
            }
        }
    }

    /// Looks into the reply that a gateway got itself.
    fn metadata(&mut self, text: &Text<'_>) {
        if self.nested >= METADATA {
            return;
        }
        self.push_step();
        let mut inner = Search::new(self.spools, self.pointer.clone(), self.nested + 1);
        self.is_cut |= !inner.run(text.decode().as_bytes());
        self.found.append(&mut inner.found);
        self.doubtful.append(&mut inner.doubtful);
        self.pop_step();
    }
}

/// Where a picture is that a text of this name stands for, if it does: in the file whose
/// placeholder it has, or where it says.
fn source(name: &str, text: &Text<'_>, spools: &Spools) -> Option<Source> {
    let encoded = |text: &str| match spools.find(text) {
        Some(spooled) => Source::Spooled(spooled.clone()),
        None => Source::Base64(text.to_owned()),
    };
    let text = text.decode();
    let trimmed = text.trim();
    if has_scheme(trimmed, "http://") || has_scheme(trimmed, "https://") {
        return Some(Source::Url(trimmed.to_owned()));
    }
    if DataUri::is_data_uri(trimmed) {
        let uri = DataUri::parse(trimmed)?;
        return Some(encoded(uri.base64));
    }
    if let Some(spooled) = spools.find(trimmed) {
        return Some(Source::Spooled(spooled.clone()));
    }
    let is_named = name == "b64_json" && !trimmed.is_empty();
    let is_encoded = is_named || is_picture_base64(Unescaped::plain(trimmed.as_bytes()));
    is_encoded.then(|| Source::Base64(text.into_owned()))
}

/// Whether base64 under this name is of a picture, as it is known for one or says so itself. The base64
/// of anything may begin as that of a picture.
fn may_be_base64(name: &str, text: &Text<'_>) -> bool {
    is_picture_field(name)
        || has_results(name)
        || name.is_empty()
        || DataUri::is_data_uri(text.decode().trim())
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    let start = text.get(..scheme.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::{Source, count, find, find_in_reply};
    use crate::images::spool::Spools;

    /// Pointer, source and fallback of each picture.
    fn found(body: &[u8]) -> Vec<(String, String, Option<String>)> {
        let text = |source| match source {
            Source::Url(text) | Source::Base64(text) => text,
            Source::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Source::Spooled(spooled) => format!("{spooled:?}"),
        };
        let images = find(body, Spools::none()).into_iter();
        images
            .map(|image| {
                let fallback = image.fallback_in(body).map(|image| text(image.source));
                (image.pointer, text(image.source), fallback)
            })
            .collect()
    }

    fn are_found<const N: usize>(cases: [(serde_json::Value, Vec<(&str, &str)>); N]) {
        for (body, expected) in cases {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(pointer, text)| (pointer.to_owned(), text.to_owned(), None))
                .collect();
            assert_eq!(found(body.to_string().as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn every_picture_is_found_once() {
        let cases = [
            (
                json!({"created": 1, "data": [
                    {"url": "https://a/1.png", "b64_json": ""},
                    {"url": "", "b64_json": "AAAA", "revised_prompt": "http://no"},
                ]}),
                vec![
                    ("/data/0/url", "https://a/1.png"),
                    ("/data/1/b64_json", "AAAA"),
                ],
            ),
            (
                json!({"output": {"choices": [{"message": {"content": [
                    {"image": "https://a/1.png"}, {"text": "t"}, {"image": "https://a/2.png"},
                ]}}]}}),
                vec![
                    (
                        "/output/choices/0/message/content/0/image",
                        "https://a/1.png",
                    ),
                    (
                        "/output/choices/0/message/content/2/image",
                        "https://a/2.png",
                    ),
                ],
            ),
            (
                json!({
                    "data": [{"url": "https://a/1.png"}],
                    "metadata": "{\"output\":{\"results\":[{\"url\":\"https://a/1.png\"},{\"url\":\"https://a/2.png\"}]}}",
                }),
                vec![
                    ("/data/0/url", "https://a/1.png"),
                    ("/metadata/output/results/1/url", "https://a/2.png"),
                ],
            ),
            (
                json!([{"image_url": "data:image/png;base64,AAAA", "image": 5}]),
                vec![("/0/image_url", "AAAA")],
            ),
            (json!({"data": [], "metadata": "not json"}), vec![]),
            (json!("https://a/1.png"), vec![]),
        ];
        are_found(cases);
    }

    #[test]
    fn pictures_in_lists_and_urls_as_people_write_them_are_found() {
        let cases = [
            // Lists of texts, and URLs as people write them.
            (
                json!({"images": [" HTTPS://a/1.png ", "x", "\nHttp://a/2.png"], "b~/c": {"url": "https://a/3.png"}}),
                vec![
                    ("/images/0", "HTTPS://a/1.png"),
                    ("/images/2", "Http://a/2.png"),
                    ("/b~0~1c/url", "https://a/3.png"),
                ],
            ),
            (
                json!([["https://a/1.png"], {"data": [["https://a/2.png"]]}]),
                vec![
                    ("/0/0", "https://a/1.png"),
                    ("/1/data/0/0", "https://a/2.png"),
                ],
            ),
            // What tells of a failure leads to manuals.
            (
                json!({"error": {"url": "https://help", "see": ["https://help"]},
                       "data": [{"error": {"url": "https://help"}}, {"url": "https://a/1.png"}]}),
                vec![("/data/1/url", "https://a/1.png")],
            ),
        ];
        are_found(cases);
    }

    #[test]
    fn what_was_sent_is_no_picture_and_beside_a_failure_only_results_are() {
        let sent = || json!({"image": "data:image/png;base64,AAAA", "images": ["https://a/2.png"]});
        let made = json!({"data": [{"url": "https://a/1.png"}], "input": sent(),
            "request": [sent()], "parameters": sent(), "b64_json": "BBBB"});
        let body = made.to_string();
        let pointers = |status, body: &str| -> Vec<String> {
            let images = find_in_reply(status, body.as_bytes(), Spools::none()).into_iter();
            images.map(|image| image.pointer).collect()
        };
        for status in [200, 404, 500] {
            assert_eq!(
                pointers(status, &body),
                ["/data/0/url", "/b64_json"],
                "{status}"
            );
        }
        let sent = json!({"input": {"metadata": made.to_string()}, "error": {"message": "no",
            "metadata": json!({"url": "https://help"}).to_string()},
            "metadata": json!({"url": "https://help"}).to_string()});
        assert_eq!(pointers(200, &sent.to_string()), ["/metadata/url"]);
        assert!(pointers(500, &sent.to_string()).is_empty());
        let failed = json!({"message": "no", "url": "https://plans", "body": {"images": ["https://a/2.png"]},
            "output": {"results": [{"url": "https://a/1.png"}]}});
        let body = failed.to_string();
        assert_eq!(pointers(429, &body), ["/output/results/0/url"]);
        assert_eq!(pointers(200, &body).len(), 3);
    }

    #[test]
    fn one_item_in_two_forms_is_one_picture() {
        let both = [
            json!({"data": [{"url": "https://a/1.png", "b64_json": "AAAA"}]}),
            json!({"data": [{"b64_json": "AAAA", "url": "https://a/1.png"}]}),
        ];
        for body in both {
            let expected = (
                "/data/0/b64_json".to_owned(),
                "AAAA".to_owned(),
                Some("https://a/1.png".to_owned()),
            );
            assert_eq!(found(body.to_string().as_bytes()), [expected], "{body}");
        }
        let two = json!({"data": [
            {"url": "https://a/1.png", "b64_json": "AAAA"},
            {"url": "https://a/2.png", "image": "https://a/3.png"},
        ]});
        assert_eq!(found(two.to_string().as_bytes()).len(), 3);
    }

    #[test]
    fn what_shows_a_picture_again_is_no_other() {
        let preview = "iVBORw0KGgoAAAANSUhEUgAAAAE";
        let items: Vec<_> = (0..4)
            .map(|at| json!({"url": format!("https://a/{at}.png"), "image": preview}))
            .collect();
        let body = json!({"data": items}).to_string();
        let found = found(body.as_bytes());
        let expected: Vec<_> = (0..4)
            .map(|at| {
                let url = format!("https://a/{at}.png");
                (format!("/data/{at}/url"), url, Some(preview.to_owned()))
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(count(body.as_bytes(), Spools::none()), (4, false));
        are_found([
            (
                json!({"data": [{"url": "https://a/1.png", "thumbnails": [{"url": "https://a/2.png"}],
                    "preview": {"image": preview}, "mask": ["https://a/3.png"]}]}),
                vec![("/data/0/url", "https://a/1.png")],
            ),
            // The base64 of anything may begin so.
            (
                json!({"icons": [preview], "others": [[preview]], "data": ["https://a/1.png"]}),
                vec![("/data/0", "https://a/1.png")],
            ),
            // Nothing else is there.
            (
                json!({"data": {"image_base64": [preview]}}),
                vec![("/data/image_base64/0", preview)],
            ),
            (
                json!({"image": "", "masks": [{"url": "https://a/1.png"}]}),
                vec![("/masks/0/url", "https://a/1.png")],
            ),
            (
                json!({"metadata": "{\"thumbnails\": [\"https://a/1.png\"]}"}),
                vec![("/metadata/thumbnails/0", "https://a/1.png")],
            ),
            (json!({"input": {"masks": ["https://a/1.png"]}}), vec![]),
            (json!({"images": [preview]}), vec![("/images/0", preview)]),
            (json!([[preview]]), vec![("/0/0", preview)]),
            (
                json!({"image_url": [preview]}),
                vec![("/image_url/0", preview)],
            ),
        ]);
        let both = json!({"image": preview, "b64_json": "AAAA"}).to_string();
        assert_eq!(count(both.as_bytes(), Spools::none()), (1, false));
    }

    #[test]
    fn a_body_that_is_a_picture_is_not_copied_and_a_text_is_none() {
        let gif = Bytes::from_static(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;");
        let images = find(gif.clone(), Spools::none());
        let is_same = |source: &Source| matches!(source, Source::Bytes(bytes) if bytes.as_ptr() == gif.as_ptr());
        assert!(is_same(&images[0].source), "{images:?}");
        for text in [
            "GIF89a is a format of pictures, 其中一种.\n",
            "BM 2026: cats and what they ate that day, all 54 bytes",
        ] {
            assert!(find(text.as_bytes(), Spools::none()).is_empty(), "{text}");
        }
    }

    #[test]
    fn no_flaw_of_a_body_hides_a_picture() {
        let good = r#"{"data":[{"url":"https://a/1.png"}]}"#;
        let deep = format!("{}{good}{}", "[".repeat(300), "]".repeat(300));
        let bodies: Vec<Vec<u8>> = vec![
            good.into(),
            format!("\u{feff}{good}").into(),
            format!("{good}\n{good} trailing").into(),
            format!("data: {good}\n\n").into(),
            deep.into(),
            br#"{"n":1e400,"s":"\ud800","data":[{"url":"https://a/1.png"}]}"#.to_vec(),
            b"{\"s\":\"\xff\",\"data\":[{\"url\":\"https:\\/\\/a\\/1.png\"}]}".to_vec(),
            good[..good.len() - 3].into(),
            br#"{"data":[{"url":"https://a/1.png"},{"url":"https://a/2.p"#.to_vec(),
        ];
        for body in bodies {
            let shown = String::from_utf8_lossy(&body).into_owned();
            let found = found(&body);
            let urls: Vec<_> = found.iter().map(|found| found.1.as_str()).collect();
            assert_eq!(urls, ["https://a/1.png"], "{shown}");
        }
    }

    #[test]
    fn what_comes_twice_counts_twice_and_is_saved_once() {
        let body = json!({"data": [{"b64_json": "AAAA"}, {"b64_json": "AAAA"}],
            "metadata": "{\"data\":[{\"b64_json\":\"AAAA\"}]}"});
        let body = body.to_string();
        assert_eq!(count(body.as_bytes(), Spools::none()), (2, false));
        assert_eq!(find(body.as_bytes(), Spools::none()).len(), 1);
    }

    /// An outsider's reply may be made to take long to search.
    #[test]
    fn the_time_to_search_grows_with_the_reply_and_not_with_its_square() {
        let urls = (0..200_000).map(|number| json!({"url": format!("https://a/{number}")}));
        let many: serde_json::Value = urls.collect();
        assert_eq!(
            find(many.to_string().as_bytes(), Spools::none()).len(),
            200_000
        );
        let members = (0..200_000).map(|number| (number.to_string(), json!(1)));
        let members: serde_json::Map<_, _> = members.collect();
        let wide = json!({"k".repeat(1_000_000): members}).to_string();
        assert!(find(wide.as_bytes(), Spools::none()).is_empty());
        let urls = (0..90_000).map(|number| json!(format!("http://a/{number}")));
        let urls: Vec<_> = urls.collect();
        let wide = json!({"k".repeat(1_000_000): urls}).to_string();
        assert!(find(wide.as_bytes(), Spools::none()).is_empty());
        let deep = "[".repeat(3_000_000);
        assert!(find(deep.as_bytes(), Spools::none()).is_empty());
        // So many small values are in no reply that brings pictures.
        for (values, expected) in [(600_000, (2, false)), (1_100_000, (1, true))] {
            let many = "[],".repeat(values);
            let many =
                format!(r#"[{{"url":"https://a/1.png"}},{many}{{"url":"https://a/2.png"}}]"#);
            let found = count(many.as_bytes(), Spools::none());
            assert_eq!(found, expected, "{values}");
            let quoted = json!({"metadata": many}).to_string();
            assert_eq!(
                count(quoted.as_bytes(), Spools::none()),
                expected,
                "{values}"
            );
        }
    }
}
