//! The curl commands of a page.

use std::ops::Range;

/// A curl command, and where it stands in its text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Command {
    pub method: Option<String>,
    pub url: String,
    /// The name and the value of each header.
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// The name and the value of each part of a form.
    pub parts: Vec<(String, String)>,
    pub bytes: Range<usize>,
    /// Whether the text ends in it, so that it may be cut off.
    pub is_open: bool,
}

/// The options that a value follows, but for those that are read.
const WITH_VALUE: [&str; 14] = [
    "-A",
    "-b",
    "-e",
    "-m",
    "-o",
    "-u",
    "-w",
    "-x",
    "--connect-timeout",
    "--cookie",
    "--max-time",
    "--output",
    "--user",
    "--user-agent",
];

/// The commands of a text, in its order.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = next_curl(text, from) {
        let (words, end) = words(text, at);
        let mut command = command(&words, at..end);
        command.is_open = end == text.len();
        found.extend((!command.url.is_empty()).then_some(command));
        from = end.max(at + 1);
    }
    found
}

/// Where the next word `curl` stands that an argument follows.
fn next_curl(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let mut starts = rest.match_indices("curl").map(|(at, _)| from + at);
    starts.find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + "curl".len()..].trim_start_matches([' ', '\t']);
        let is_word = before.is_none_or(|c| c.is_whitespace() || "$`>(;|&".contains(c));
        let has_gap = text[at + "curl".len()..].starts_with([' ', '\t']);
        is_word && has_gap && after.starts_with(['-', '\'', '"', 'h', '$', '{', '\\'])
    })
}

/// The words of the command at `start`, as a shell splits them, and where it ends. JSON that a
/// page has right after a quoted word is not part of it.
fn words(text: &str, start: usize) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text[start..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        match c {
            '\\' if next == Some('\n') => drop(rest.next()),
            '\\' if next == Some('\r') => drop(rest.nth(1)),
            '\\' => word
                .get_or_insert_default()
                .extend(rest.next().map(|(_, escaped)| escaped)),
            '\'' | '"' => {
                let inner = quoted(&mut rest, c);
                word.get_or_insert_default().push_str(&inner);
                if let Some((at, '{' | '[')) = rest.peek().copied()
                    && inner.trim_start().starts_with(['{', '['])
                {
                    words.extend(word);
                    return (words, start + at);
                }
            }
            '\n' | '\r' | ';' | '|' | '&' | '`' if word.is_none() || c != '&' => {
                words.extend(word);
                return (words, start + at);
            }
            ' ' | '\t' => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, text.len())
}

/// The text up to the closing quote. Within double quotes a backslash escapes.
fn quoted(rest: &mut impl Iterator<Item = (usize, char)>, quote: char) -> String {
    let mut inner = String::new();
    while let Some((_, c)) = rest.next() {
        match c {
            c if c == quote => break,
            '\\' if quote == '"' => match rest.next() {
                Some((_, '\n')) | None => {}
                Some((_, c @ ('"' | '\\' | '$' | '`'))) => inner.push(c),
                Some((_, c)) => inner.extend(['\\', c]),
            },
            c => inner.push(c),
        }
    }
    inner
}

fn command(words: &[String], bytes: Range<usize>) -> Command {
    let mut command = Command {
        bytes,
        ..Command::default()
    };
    let mut is_query = false;
    let mut words = words.iter().skip(1).map(String::as_str);
    while let Some(word) = words.next() {
        let (name, value) = option(word);
        let mut value = || {
            value
                .or_else(|| words.next())
                .unwrap_or_default()
                .to_owned()
        };
        match name {
            "-X" | "--request" => command.method = Some(value().to_ascii_uppercase()),
            "-H" | "--header" => command.headers.extend(header(&value())),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json"
            | "--data-urlencode" => command.data(&value()),
            "-F" | "--form" | "--form-string" => command.parts.extend(pair(&value(), '=')),
            "--url" => command.url = value(),
            "-G" | "--get" => is_query = true,
            "-I" | "--head" => command.method = Some("HEAD".to_owned()),
            name if WITH_VALUE.contains(&name) => drop(value()),
            name if name.starts_with('-') => {}
            url if command.url.is_empty() => url.clone_into(&mut command.url),
            _ => {}
        }
    }
    if let Some(query) = command.body.take_if(|_| is_query) {
        let mark = if command.url.contains('?') { '&' } else { '?' };
        command.url = format!("{}{mark}{query}", command.url);
    }
    command
}

/// The name of an option, and the value that is written together with it: `--url=…`, `-XPOST`.
fn option(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
    }
    let is_short = word.len() > 2
        && ["-X", "-H", "-d", "-F"]
            .iter()
            .any(|name| word.starts_with(name));
    match is_short {
        true => (&word[..2], Some(&word[2..])),
        false => (word, None),
    }
}

fn header(text: &str) -> Option<(String, String)> {
    pair(text, ':').filter(|(name, _)| !name.is_empty())
}

fn pair(text: &str, mark: char) -> Option<(String, String)> {
    let (name, value) = text.split_once(mark)?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

impl Command {
    /// Adds data; several are joined as those of a form.
    fn data(&mut self, value: &str) {
        self.body = Some(match self.body.take() {
            Some(body) => format!("{body}&{value}"),
            None => value.to_owned(),
        });
    }

    /// The method that it sends.
    pub fn method(&self) -> &str {
        let is_sent = self.body.is_some() || !self.parts.is_empty();
        let by_default = if is_sent { "POST" } else { "GET" };
        self.method.as_deref().unwrap_or(by_default)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn commands_are_read_as_a_shell_reads_them() {
        let text = "Run:\n$ curl --location --request put 'https://a.example/x?b=1' \\\n\
            --header 'Content-Type: application/json' \\\n-H \"Authorization: Bearer $KEY\" \\\n\
            --data-raw '{\n\"a\": \"it is\"\n}'{\"reply\": 1}\ncurl is a program.\n\
            curl -XDELETE https://a.example/y/{id}; ls\n\
            curl -G https://a.example/z -d q=1 --data-urlencode r=2\n\
            curl https://a.example/f -F file=@x.png -F n=1";
        let found = commands(text);
        let routes: Vec<(&str, &str)> = found
            .iter()
            .map(|command| (command.method(), command.url.as_str()))
            .collect();
        assert_eq!(
            routes,
            [
                ("PUT", "https://a.example/x?b=1"),
                ("DELETE", "https://a.example/y/{id}"),
                ("GET", "https://a.example/z?q=1&r=2"),
                ("POST", "https://a.example/f"),
            ]
        );
        assert_eq!(found[0].body.as_deref(), Some("{\n\"a\": \"it is\"\n}"));
        assert_eq!(found[0].header("authorization"), Some("Bearer $KEY"));
        assert!(text[found[0].bytes.end..].starts_with("{\"reply\": 1}"));
        assert_eq!(found[3].parts.len(), 2);
    }
}
