//! Whether the quotes of a table are closed where they should be. What parses tables takes any
//! quotes: one that is never closed makes a single field of the rest of the file.

use std::io::{self, BufRead};

use tr::tr;

use crate::batch::jobs::messages::Messages;

/// How many problems are told; the others are counted.
const MOST: usize = 20;

/// How a field goes on.
#[derive(Clone, Copy)]
enum State {
    /// Nothing of the field was read.
    Start,
    /// It is not in quotes, or no longer.
    Plain,
    Quoted,
    /// After a quote that closes the field, unless another follows.
    Closed,
    /// After white space that follows the closing quote.
    Trailing,
}

/// The quotes of a table, as far as it is read.
struct Quotes {
    delimiter: u8,
    state: State,
    line: u64,
    /// The line in which the last quoted field begins.
    opened: u64,
    problems: Messages,
}

/// What is wrong with the quotes of a table; nothing where all are closed.
pub fn problems(mut table: impl BufRead, delimiter: u8) -> io::Result<Vec<String>> {
    let mut quotes = Quotes {
        delimiter,
        state: State::Start,
        line: 1,
        opened: 1,
        problems: Messages::new(MOST),
    };
    let mut is_first = true;
    loop {
        let bytes = table.fill_buf()?;
        if bytes.is_empty() {
            return Ok(quotes.finish());
        }
        let mark = match is_first && bytes.starts_with(b"\xef\xbb\xbf") {
            true => 3,
            false => 0,
        };
        is_first = false;
        bytes[mark..].iter().for_each(|byte| quotes.read(*byte));
        let length = bytes.len();
        table.consume(length);
    }
}

impl Quotes {
    fn read(&mut self, byte: u8) {
        let ends_field = byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::Closed,
            (State::Closed, b'"') | (State::Quoted, _) => State::Quoted,
            (State::Start, b'"') => {
                self.opened = self.line;
                State::Quoted
            }
            _ if ends_field => State::Start,
            (State::Closed | State::Trailing, b' ' | b'\t') => State::Trailing,
            (State::Closed | State::Trailing, _) => {
                let (line, end) = (self.opened, self.line);
                self.problems.add(|| {
                    tr!(
                        "the quote in line {line} is closed in line {end}, and text follows it",
                        line,
                        end
                    )
                });
                State::Plain
            }
            (State::Start | State::Plain, _) => State::Plain,
        };
        self.line += u64::from(byte == b'\n');
    }

    fn finish(mut self) -> Vec<String> {
        if matches!(self.state, State::Quoted) {
            let line = self.opened;
            let never = || tr!("the quote in line {line} is never closed", line);
            self.problems.add(never);
        }
        self.problems.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::problems;

    #[test]
    fn quotes_that_are_not_closed_where_they_should_be_are_told() {
        let fine = [
            "",
            "prompt,size\n\"a, b\",1K\n\"two\nlines\",\"\"\n",
            "\u{feff}\"prompt\",size\r\n\"a \"\"big\"\" cat\" ,1K\r\n5\" wide,\"\"\n",
            "\"a\"",
        ];
        for text in fine {
            assert!(
                problems(text.as_bytes(), b',').unwrap().is_empty(),
                "{text}"
            );
        }
        let cases: [(&str, &[&str]); 5] = [
            (
                "p,s\na,b\n\"c,d\ne,f\n",
                &["the quote in line 3 is never closed"],
            ),
            ("\u{feff}\"p,s\n", &["the quote in line 1 is never closed"]),
            (
                "p\n\"a\"b\n",
                &["the quote in line 2 is closed in line 2, and text follows it"],
            ),
            (
                "p,s\n\"a,1K\nb,2K\n\"c, d\",1K\n",
                &["the quote in line 2 is closed in line 4, and text follows it"],
            ),
            (
                "p\n\"a\" \"b\"\n\"c\n",
                &[
                    "the quote in line 2 is closed in line 2, and text follows it",
                    "the quote in line 3 is never closed",
                ],
            ),
        ];
        for (text, expected) in cases {
            // However the file comes in.
            let whole = problems(text.as_bytes(), b',').unwrap();
            let slow = std::io::BufReader::with_capacity(3, text.as_bytes());
            assert_eq!(problems(slow, b',').unwrap(), whole, "{text}");
            assert_eq!(whole, expected, "{text}");
        }
        let many = "\"a\"b\n".repeat(30);
        let told = problems(many.as_bytes(), b',').unwrap();
        assert_eq!((told.len(), told[20].as_str()), (21, "… and 10 more"));
    }
}
