//! All expressions of ECMA-262 as trees: with lookaround, references to groups and
//! properties of Unicode, with the flag `u` or without.
//!
//! regress knows the grammar: what is read here, it has accepted. It is also asked which
//! characters a class or an escape stands for where that takes tables of Unicode.

use regex_syntax::hir::ClassUnicode;
use regress::Regex;

use crate::pattern::syntax;

/// How deep groups may be nested.
const DEEPEST: usize = 100;

/// An expression.
pub(super) enum Expression {
    /// One character.
    One(CharSet),
    Start,
    End,
    WordBoundary {
        is_negated: bool,
    },
    /// A group that is referred to by its number.
    Group(usize, Box<Expression>),
    /// What one of these groups has matched.
    Reference(Vec<usize>),
    Alternatives(Vec<Expression>),
    Sequence(Vec<Expression>),
    Look {
        is_behind: bool,
        is_negated: bool,
        inner: Box<Expression>,
    },
    Repeat {
        inner: Box<Expression>,
        min: u32,
        max: Option<u32>,
        is_greedy: bool,
        /// The groups within, from the first to before the last.
        groups: (usize, usize),
    },
}

/// A set of characters.
#[derive(Clone)]
pub(super) enum CharSet {
    Class(ClassUnicode),
    /// Matches one character as all of a text.
    Regress(Box<Regex>),
}

impl CharSet {
    pub fn has(&self, char: char) -> bool {
        match self {
            Self::Class(class) => {
                let ranges = class.ranges();
                let after = ranges.partition_point(|range| range.end() < char);
                ranges.get(after).is_some_and(|range| range.start() <= char)
            }
            Self::Regress(regex) => regex.find(char.encode_utf8(&mut [0; 4])).is_some(),
        }
    }
}

/// Parses an expression that regress has accepted, and counts its groups; `None` where it
/// nests groups too deeply, or has what this does not know.
pub(super) fn parse(source: &str, is_unicode: bool) -> Option<(Expression, usize)> {
    let names = groups(source);
    let count = names.len();
    let mut parser = Parser {
        rest: source,
        is_unicode,
        names,
        opened: 0,
    };
    let expression = parser.alternatives(DEEPEST)?;
    parser.rest.is_empty().then_some((expression, count))
}

/// The names of the groups that can be referred to, empty for those without.
fn groups(source: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut is_in_class = false;
    let mut chars = source.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '(' if !is_in_class => match source[at + 1..].strip_prefix('?') {
                None => names.push(""),
                Some(rest) => names.extend(name(rest)),
            },
            _ => {}
        }
    }
    names
}

/// The name at the start of `<name>…`.
fn name(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('<')?;
    let is_look = rest.starts_with(['=', '!']);
    let (name, _) = rest.split_once('>').filter(|_| !is_look)?;
    Some(name)
}

struct Parser<'s> {
    rest: &'s str,
    is_unicode: bool,
    names: Vec<&'s str>,
    /// How many groups have been opened.
    opened: usize,
}

impl<'s> Parser<'s> {
    fn takes(&mut self, text: &str) -> bool {
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Takes so many bytes.
    fn take(&mut self, bytes: usize) -> Option<&'s str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn alternatives(&mut self, depth: usize) -> Option<Expression> {
        let mut all = vec![self.sequence(depth)?];
        while self.takes("|") {
            all.push(self.sequence(depth)?);
        }
        Some(match all.len() {
            1 => all.remove(0),
            _ => Expression::Alternatives(all),
        })
    }

    fn sequence(&mut self, depth: usize) -> Option<Expression> {
        let mut terms = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let before = self.opened;
            let term = self.term(depth)?;
            terms.push(self.repeated(term, before)?);
        }
        Some(Expression::Sequence(terms))
    }

    fn term(&mut self, depth: usize) -> Option<Expression> {
        let anchors = [
            ("^", Expression::Start),
            ("$", Expression::End),
            ("\\b", Expression::WordBoundary { is_negated: false }),
            ("\\B", Expression::WordBoundary { is_negated: true }),
        ];
        for (text, anchor) in anchors {
            if self.takes(text) {
                return Some(anchor);
            }
        }
        match self.rest.chars().next()? {
            '(' => self.group(depth.checked_sub(1)?),
            '[' => self.class(),
            '\\' => self.escape(),
            '.' => self.set(1),
            char => {
                self.take(char.len_utf8())?;
                Some(Expression::One(CharSet::Class(syntax::range(char, char))))
            }
        }
    }

    fn group(&mut self, depth: usize) -> Option<Expression> {
        let looks = [
            ("(?=", false, false),
            ("(?!", false, true),
            ("(?<=", true, false),
            ("(?<!", true, true),
        ];
        for (text, is_behind, is_negated) in looks {
            if self.takes(text) {
                let inner = Box::new(self.closed(depth)?);
                return Some(Expression::Look {
                    is_behind,
                    is_negated,
                    inner,
                });
            }
        }
        if self.takes("(?:") {
            return self.closed(depth);
        }
        self.take(1)?;
        if self.takes("?") {
            let name = name(self.rest)?;
            self.take(name.len() + 2)?;
        }
        self.opened += 1;
        let index = self.opened;
        Some(Expression::Group(index, Box::new(self.closed(depth)?)))
    }

    /// What stands before the end of a group.
    fn closed(&mut self, depth: usize) -> Option<Expression> {
        let inner = self.alternatives(depth)?;
        self.takes(")").then_some(inner)
    }

    /// A term and how often it is repeated; `before` is how many groups there were before.
    fn repeated(&mut self, term: Expression, before: usize) -> Option<Expression> {
        let (min, max) = match self.rest.chars().next() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match counts(self.rest) {
                Some((min, max, bytes)) => {
                    self.take(bytes - 1)?;
                    (min, max)
                }
                None => return Some(term),
            },
            _ => return Some(term),
        };
        self.take(1)?;
        Some(Expression::Repeat {
            inner: Box::new(term),
            min,
            max,
            is_greedy: !self.takes("?"),
            groups: (before + 1, self.opened + 1),
        })
    }

    fn class(&mut self) -> Option<Expression> {
        let mut bytes = self.rest.bytes().enumerate().skip(1);
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b']' => return self.set(at + 1),
                _ => {}
            }
        }
        None
    }

    fn escape(&mut self) -> Option<Expression> {
        let escaped = self.rest.chars().nth(1)?;
        let has_names = self.names.iter().any(|name| !name.is_empty());
        match escaped {
            '1'..='9' => {
                let digits = self.rest[1..]
                    .bytes()
                    .take_while(u8::is_ascii_digit)
                    .count();
                let number: usize = self.rest[1..=digits].parse().ok()?;
                self.take(1 + digits)?;
                // Without the flag, others are characters by their code.
                (number <= self.names.len()).then(|| Expression::Reference(vec![number]))
            }
            'k' if self.is_unicode || has_names => {
                self.take(2)?;
                let name = name(self.rest)?;
                self.take(name.len() + 2)?;
                let numbered = self.names.iter().zip(1..);
                let named = numbered.filter(|(other, _)| **other == name);
                Some(Expression::Reference(
                    named.map(|(_, number)| number).collect(),
                ))
            }
            _ => self.set(escape_length(self.rest, self.is_unicode)?),
        }
    }

    /// The set of characters that the next bytes stand for.
    fn set(&mut self, bytes: usize) -> Option<Expression> {
        let source = self.take(bytes)?;
        if let Some(class) = syntax::parse_set(source).filter(|_| self.is_unicode) {
            return Some(Expression::One(CharSet::Class(class)));
        }
        let flags = if self.is_unicode { "u" } else { "" };
        let regex = Regex::with_flags(&format!("^(?:{source})$"), flags).ok()?;
        Some(Expression::One(CharSet::Regress(Box::new(regex))))
    }
}

/// The numbers of `{3}`, `{3,}` or `{3,5}`, and how long that is.
fn counts(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let (inner, _) = text.strip_prefix('{')?.split_once('}')?;
    // What no text is long enough for is as good as any such number.
    let number = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let (min, max) = match inner.split_once(',') {
        None => (number(inner)?, Some(number(inner)?)),
        Some((min, "")) => (number(min)?, None),
        Some((min, max)) => (number(min)?, Some(number(max)?)),
    };
    Some((min, max, inner.len() + 2))
}

/// How many bytes the escape at the start of `text` takes, which stands for one character.
fn escape_length(text: &str, is_unicode: bool) -> Option<usize> {
    let rest = &text[1..];
    let escaped = rest.chars().next()?;
    let hexadecimal = |start: usize, length: usize| {
        let digits = rest.get(start..start + length)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let until_brace = || Some(rest.find('}')? + 2);
    let is_digit = |at: usize| rest[at..].starts_with(|char: char| char.is_ascii_digit());
    match escaped {
        'p' | 'P' if is_unicode => until_brace(),
        'u' if is_unicode && rest[1..].starts_with('{') => until_brace(),
        'u' => Some(match hexadecimal(1, 4) {
            // A pair of surrogates is one character.
            Some(0xd800..0xdc00) if is_unicode && rest[5..].starts_with("\\u") => {
                match hexadecimal(7, 4) {
                    Some(0xdc00..0xe000) => 12,
                    _ => 6,
                }
            }
            Some(_) => 6,
            None => 2,
        }),
        'x' => Some(if hexadecimal(1, 2).is_some() { 4 } else { 2 }),
        'c' => rest[1..]
            .starts_with(|char: char| char.is_ascii_alphabetic())
            .then_some(3),
        '0' => (!is_digit(1)).then_some(2),
        other => Some(1 + other.len_utf8()),
    }
}
