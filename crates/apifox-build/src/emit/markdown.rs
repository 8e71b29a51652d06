//! The vendor's Markdown, as rustdoc takes it without a warning.
//!
//! It is read as rustdoc reads it and written anew: lists are indented as they are nested, code
//! is never taken for Rust that is to be tested, only whole addresses are links, and HTML is
//! text but for the few tags that Markdown has a sign for.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TextMergeStream};

use crate::code_span::code_span;

/// Longer texts are not read: they mean themselves.
const LONGEST: usize = 100_000;

/// How deeply lists and quotes may lie in each other.
const DEEPEST: usize = 16;

/// The Markdown of a description.
pub(super) fn description(text: &str) -> String {
    let read = (text.len() <= LONGEST).then(|| {
        let text = without_tags(text);
        let mut writer = Writer::default();
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let mut events = TextMergeStream::new(Parser::new_ext(&text, options));
        events.try_for_each(|event| writer.event(event))?;
        writer.finish()
    });
    read.flatten().unwrap_or_else(|| literal(text))
}

/// Text in which every character means itself.
pub(super) fn literal(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let mut out = String::new();
        put_text(&mut out, line.trim(), false);
        out
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What is being written, within what is around it.
#[derive(Default)]
struct Writer {
    out: String,
    around: Vec<Frame>,
    /// Whether text means itself, as in a block of code.
    is_code: bool,
}

/// Something that has begun, and what was written before it.
struct Frame {
    before: String,
    kind: Kind,
}

enum Kind {
    Block,
    Heading(usize),
    Quote,
    /// The number of the next item, where they have numbers.
    List(Option<u64>),
    Item(String),
    Code(String),
    Table(usize),
    /// How many cells it has, if it is the first row.
    Row(Option<usize>),
    Cell,
    /// A sign on both sides.
    Marked(&'static str),
    /// An address, and whether its text is the address.
    Link(String, bool),
    Nothing,
}

impl Writer {
    /// `None` for what is nested too deeply.
    fn event(&mut self, event: Event<'_>) -> Option<()> {
        match event {
            Event::Start(tag) => return self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(text) if self.is_code => self.out.push_str(&text),
            Event::Text(text) => {
                let in_link = self
                    .around
                    .iter()
                    .any(|frame| matches!(frame.kind, Kind::Link(..)));
                put_text(&mut self.out, &text, !in_link);
            }
            Event::Code(code) => self.code(&code),
            Event::InlineHtml(tag) if is_break(&tag) => self.out.push_str("<br>"),
            Event::Html(html) | Event::InlineHtml(html) => {
                put_text(&mut self.out, html.trim_end_matches('\n'), true);
                if html.ends_with('\n') {
                    self.out.push('\n');
                }
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("\\\n"),
            Event::Rule => self.out.push_str("---\n\n"),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                put_text(&mut self.out, &text, true);
            }
            Event::TaskListMarker(_) => {}
        }
        Some(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Option<()> {
        let kind = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Kind::Block,
            Tag::Heading { level, .. } => Kind::Heading(level as usize),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::List(first) => {
                // A list in an item begins on a line of its own.
                if !self.out.is_empty() && !self.out.ends_with('\n') {
                    self.out.push('\n');
                }
                Kind::List(first)
            }
            Tag::Item => Kind::Item(self.marker()),
            Tag::CodeBlock(kind) => {
                self.is_code = true;
                Kind::Code(language(&kind))
            }
            Tag::Table(columns) => Kind::Table(columns.len()),
            Tag::TableHead => Kind::Row(self.columns()),
            Tag::TableRow => Kind::Row(None),
            Tag::TableCell => Kind::Cell,
            Tag::Emphasis => Kind::Marked("*"),
            Tag::Strong => Kind::Marked("**"),
            Tag::Strikethrough => Kind::Marked("~~"),
            Tag::Link {
                dest_url,
                link_type,
                ..
            } => link(&dest_url, link_type),
            Tag::Image { dest_url, .. } => link(&dest_url, LinkType::Inline),
            _ => Kind::Nothing,
        };
        let before = std::mem::take(&mut self.out);
        self.around.push(Frame { before, kind });
        (self.around.len() <= DEEPEST).then_some(())
    }

    fn end(&mut self) {
        let Some(Frame { before, kind }) = self.around.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.out, before);
        match kind {
            Kind::Block => self.block(inner.trim()),
            Kind::Heading(level) => {
                let text = inner.replace('\n', " ");
                self.block(&format!("{} {}", "#".repeat(level), text.trim()));
            }
            Kind::Quote => {
                let lines = inner.trim().lines().map(|line| format!("> {line}"));
                let lines: Vec<String> = lines.collect();
                self.block(lines.join("\n").replace("> \n", ">\n").trim_end());
            }
            Kind::List(_) => self.block(inner.trim_end()),
            Kind::Item(marker) => self.item(&marker, inner.trim()),
            Kind::Code(language) => {
                self.is_code = false;
                let fence = fence(&inner);
                self.block(&format!("{fence}{language}\n{}\n{fence}", inner.trim_end()));
            }
            Kind::Table(_) => self.block(inner.trim_end()),
            Kind::Row(columns) => {
                self.out.push_str(&format!("|{inner}\n"));
                if let Some(columns) = columns {
                    self.out.push_str(&format!("|{}\n", "---|".repeat(columns)));
                }
            }
            Kind::Cell => self
                .out
                .push_str(&format!(" {} |", inner.trim().replace('\n', " "))),
            Kind::Marked(_) if inner.trim().is_empty() => self.out.push_str(&inner),
            Kind::Marked(sign) => self.out.push_str(&format!("{sign}{inner}{sign}")),
            Kind::Link(address, is_bare) if is_bare || inner.trim().is_empty() => {
                self.out.push_str(&format!("<{address}>"));
            }
            Kind::Link(address, _) => self.out.push_str(&format!("[{inner}](<{address}>)")),
            Kind::Nothing => self.out.push_str(&inner),
        }
    }

    /// Adds a block, with an empty line behind it.
    fn block(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        // Text of an item stands before a block without a paragraph around it.
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str("\n\n");
        }
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn item(&mut self, marker: &str, text: &str) {
        let indent = " ".repeat(marker.len());
        for (at, line) in text.lines().enumerate() {
            match (at, line) {
                (0, line) => self.out.push_str(&format!("{marker}{line}\n")),
                (_, "") => self.out.push('\n'),
                (_, line) => self.out.push_str(&format!("{indent}{line}\n")),
            }
        }
        if text.is_empty() {
            self.out.push_str(&format!("{}\n", marker.trim_end()));
        }
    }

    fn marker(&mut self) -> String {
        match self.around.last_mut().map(|frame| &mut frame.kind) {
            Some(Kind::List(Some(number))) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "- ".to_owned(),
        }
    }

    fn columns(&self) -> Option<usize> {
        match self.around.last()?.kind {
            Kind::Table(columns) => Some(columns),
            _ => None,
        }
    }

    fn code(&mut self, code: &str) {
        let in_table = self
            .around
            .iter()
            .any(|frame| matches!(frame.kind, Kind::Cell));
        // There a bar ends the cell, even in code.
        let span = match in_table {
            true => code_span(&code.replace('|', "\\|")),
            false => code_span(code),
        };
        self.out.push_str(&span);
    }

    fn finish(self) -> Option<String> {
        self.around.is_empty().then(|| self.out.trim().to_owned())
    }
}

/// The address of a link, if it is a whole one; otherwise its text alone is kept.
fn link(address: &str, kind: LinkType) -> Kind {
    let starts = ["https://", "http://", "mailto:"];
    let is_whole = starts.iter().any(|start| address.starts_with(start));
    let is_plain = !address.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '\\'));
    match is_whole && is_plain {
        true => Kind::Link(address.to_owned(), kind == LinkType::Autolink),
        false => Kind::Nothing,
    }
}

/// The language of a block of code. Without one, rustdoc would test it as Rust.
fn language(kind: &CodeBlockKind<'_>) -> String {
    let CodeBlockKind::Fenced(info) = kind else {
        return "text".to_owned();
    };
    let word = info.split([' ', ',', '{']).next().unwrap_or_default();
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    const KNOWN: [&str; 14] = [
        "bash",
        "console",
        "curl",
        "http",
        "html",
        "java",
        "javascript",
        "js",
        "json",
        "python",
        "sh",
        "shell",
        "xml",
        "yaml",
    ];
    match is_word && KNOWN.contains(&&*word.to_ascii_lowercase()) {
        true => word.to_ascii_lowercase(),
        false => "text".to_owned(),
    }
}

/// More backticks than stand together in a text.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn is_break(tag: &str) -> bool {
    matches!(
        tag.to_ascii_lowercase().replace([' ', '/'], "").as_str(),
        "<br>"
    )
}

/// Adds text in which every character means itself; addresses are links if wanted.
fn put_text(out: &mut String, text: &str, links: bool) {
    let mut rest = text;
    while let Some(at) = rest
        .find("http://")
        .into_iter()
        .chain(rest.find("https://"))
        .min()
    {
        let (before, address) = rest.split_at(at);
        put_characters(out, before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '\\' | '|');
        let end = address.find(ends).unwrap_or(address.len());
        let kept =
            address[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*']);
        let has_host = kept.len() > "https://".len();
        match links && has_host {
            true => out.push_str(&format!("<{kept}>")),
            // rustdoc takes a bare address for a forgotten link.
            false => {
                let (scheme, host) = kept.split_once("://").unwrap_or((kept, ""));
                out.push_str(&format!("{scheme}\\://"));
                put_characters(out, host);
            }
        }
        rest = &address[kept.len()..];
    }
    put_characters(out, rest);
}

fn put_characters(out: &mut String, text: &str) {
    let starts_line = out.is_empty() || out.ends_with('\n');
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < text.len() && digits.starts_with(['.', ')']);
    if starts_line && is_number {
        let (number, rest) = text.split_at(text.len() - digits.len());
        out.push_str(number);
        out.push('\\');
        put_escaped(out, rest);
        return;
    }
    if starts_line && text.starts_with(['-', '+', '=']) {
        out.push('\\');
    }
    put_escaped(out, text);
}

fn put_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '[' | ']' | '<' | '>' | '*' | '_' | '`' | '#' | '|' | '~' | '&'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Text with signs of Markdown in place of the tags that it has signs for.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut address = None;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = tag.find('>').filter(|end| *end <= 1000);
        let sign = end.and_then(|end| sign(&tag[1..end], &mut address));
        match (sign, end) {
            (Some(sign), Some(end)) => {
                out.push_str(&sign);
                rest = &tag[end + 1..];
            }
            _ => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What Markdown has for a tag; `address` is that of the link that has begun.
fn sign(tag: &str, address: &mut Option<String>) -> Option<String> {
    let name = tag.split_whitespace().next().unwrap_or_default();
    let name = name.trim_end_matches('/').to_ascii_lowercase();
    let sign = match name.as_str() {
        "p" | "/p" | "ul" | "/ul" | "ol" | "/ol" | "div" | "/div" => "\n\n",
        "li" => "\n- ",
        "/li" => "\n",
        "b" | "/b" | "strong" | "/strong" => "**",
        "i" | "/i" | "em" | "/em" => "*",
        "code" | "/code" => "`",
        "a" => {
            let (_, value) = tag.split_once("href=")?;
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            *address = value[1..]
                .split_once(quote)
                .map(|(address, _)| address.to_owned());
            "["
        }
        "/a" => return address.take().map(|address| format!("](<{address}>)")),
        _ => return None,
    };
    Some(sign.to_owned())
}

#[cfg(test)]
mod tests {
    use super::description;

    #[test]
    fn markdown_is_kept_and_what_would_warn_is_not() {
        let cases = [
            (
                "A *word* and **two**, `code`.",
                "A *word* and **two**, `code`.",
            ),
            (
                "- a\n- b\n  lazy\nlazier\n    - c\n\n      d",
                "- a\n- b\n  lazy\n  lazier\n  - c\n\n    d",
            ),
            ("3. a\n4. b", "3. a\n4. b"),
            ("# Title #\ntext", "# Title\n\ntext"),
            ("> a\nb\n\nc", "> a\n> b\n\nc"),
            ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
            ("```rust\nlet x = 1;", "```text\nlet x = 1;\n```"),
            ("```json\n{\"a\": 1}\n```", "```json\n{\"a\": 1}\n```"),
            ("a\n\n    indented", "a\n\n```text\nindented\n```"),
            (
                "| a | b |\n|---|:--|\n| 1 | `x\\|y`<br>z |",
                "| a | b |\n|---|---|\n| 1 | `x\\|y`<br>z |",
            ),
            (
                "see [it](https://a.example/b_c) or [that](/docs#x)",
                "see [it](<https://a.example/b_c>) or that",
            ),
            (
                "see https://a.example/b_c. And [x], [y][z]",
                "see <https://a.example/b_c>. And \\[x\\], \\[y\\]\\[z\\]",
            ),
            (
                "![a cat](https://a.example/cat.png)",
                "[a cat](<https://a.example/cat.png>)",
            ),
            (
                "<p>One <b>big</b> <a href=\"https://a.example\">link</a></p><p>Two</p>",
                "One **big** [link](<https://a.example>)\n\nTwo",
            ),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            (
                "a Vec<String> & <script>x</script>",
                "a Vec\\<String\\> \\& \\<script\\>x\\</script\\>",
            ),
            ("[a]: https://a.example \"b\"", ""),
            ("2019\\. was", "2019\\. was"),
            ("\\- no list", "\\- no list"),
            ("a lonely * and _ and `", "a lonely \\* and \\_ and \\`"),
        ];
        for (text, expected) in cases {
            assert_eq!(description(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let texts = [
            "- a\n\n  ```json\n  {}\n  ```\n- b\n\n1. c\n   > d",
            "a\n***\nb\n===\n\n| x |\n|-|\n| *y* |",
            "**a** *b **c** d* ~~e~~ \\* &amp; &lt;",
        ];
        for text in texts {
            let once = description(text);
            assert_eq!(description(&once), once, "{text}");
        }
    }

    #[test]
    fn what_is_nested_without_end_means_itself() {
        let deep = ">".repeat(5000);
        assert_eq!(description(&deep), "\\>".repeat(5000));
    }
}
