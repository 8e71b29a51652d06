//! The regular expressions that a table decides: those of ASCII characters, groups,
//! alternatives and counts, which mean the same under every flag.

/// A set of ASCII characters, a bit each.
pub(super) type Characters = u128;

/// An expression, between its anchors.
#[derive(Debug)]
pub(super) struct Expression {
    pub part: Part,
    /// Whether it matches only from the beginning: `^`.
    pub from_start: bool,
    /// Whether it matches only up to the end: `$`.
    pub to_end: bool,
}

/// A part of an expression.
#[derive(Debug)]
pub(super) enum Part {
    /// One of some characters.
    One(Characters),
    Sequence(Vec<Part>),
    Choice(Vec<Part>),
    Repeated {
        part: Box<Part>,
        least: usize,
        most: Option<usize>,
    },
}

/// How deep groups may lie within groups.
const DEEPEST: usize = 16;

/// Reads an expression; `None` where it is of another kind, or none at all.
pub(super) fn parse(source: &str) -> Option<Expression> {
    let inner = source.strip_prefix('^');
    let mut rest = Rest(inner.unwrap_or(source).as_bytes());
    let part = rest.choice(DEEPEST)?;
    let (from_start, to_end) = (inner.is_some(), rest.takes(b'$'));
    // An anchor belongs to one alternative alone.
    let is_anchored = !matches!(part, Part::Choice(_)) || !(from_start || to_end);
    (rest.0.is_empty() && is_anchored).then_some(Expression {
        part,
        from_start,
        to_end,
    })
}

/// What is left to be read.
struct Rest<'s>(&'s [u8]);

impl Rest<'_> {
    /// Goes on past `byte`, if that is next.
    fn takes(&mut self, byte: u8) -> bool {
        let after = self.0.strip_prefix(&[byte]);
        self.0 = after.unwrap_or(self.0);
        after.is_some()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        first.is_ascii().then_some(*first)
    }

    /// Alternatives, none of them empty.
    fn choice(&mut self, depth: usize) -> Option<Part> {
        let mut alternatives = vec![self.sequence(depth)?];
        while self.takes(b'|') {
            alternatives.push(self.sequence(depth)?);
        }
        match alternatives.len() {
            1 => alternatives.pop(),
            _ => Some(Part::Choice(alternatives)),
        }
    }

    fn sequence(&mut self, depth: usize) -> Option<Part> {
        let mut parts = Vec::new();
        while let Some(next) = self.0.first() {
            if b"|)$".contains(next) {
                break;
            }
            let part = self.one(depth)?;
            parts.push(self.counted(part)?);
        }
        (!parts.is_empty()).then_some(Part::Sequence(parts))
    }

    fn one(&mut self, depth: usize) -> Option<Part> {
        match self.next()? {
            b'(' => {
                // Other groups than these look around, or have names.
                if self.takes(b'?') && !self.takes(b':') {
                    return None;
                }
                let part = self.choice(depth.checked_sub(1)?)?;
                self.takes(b')').then_some(part)
            }
            b'[' => self.class().map(Part::One),
            b'\\' => self.escape().map(Part::One),
            b'.' | b'^' | b'*' | b'+' | b'?' | b'{' | b'}' | b']' => None,
            byte => Some(Part::One(only(byte))),
        }
    }

    /// A part and how often it comes.
    fn counted(&mut self, part: Part) -> Option<Part> {
        let (least, most) = match self.0.first() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                self.next()?;
                return self.bounds(part);
            }
            _ => return Some(part),
        };
        self.next()?;
        Some(repeated(part, least, most))
    }

    /// `3}`, `3,}` or `3,5}`
    fn bounds(&mut self, part: Part) -> Option<Part> {
        let least = self.number()?;
        let most = match self.takes(b',') {
            false => Some(least),
            true if self.0.first() == Some(&b'}') => None,
            true => Some(self.number()?),
        };
        let is_range = most.is_none_or(|most| most >= least.max(1));
        (self.takes(b'}') && is_range).then(|| repeated(part, least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let digits = self.0.iter().take_while(is_digit).count();
        let (digits, rest) = self.0.split_at(digits);
        self.0 = rest;
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// What stands between brackets, `^` not being first.
    fn class(&mut self) -> Option<Characters> {
        if self.takes(b'^') {
            return None;
        }
        let mut all = 0;
        while !self.takes(b']') {
            let first = self.character()?;
            all |= match self.0 {
                [b'-', second, ..] if *second != b']' => {
                    self.next()?;
                    range(first, self.character()?)?
                }
                _ => first,
            };
        }
        Some(all)
    }

    fn character(&mut self) -> Option<Characters> {
        match self.next()? {
            b'\\' => self.escape(),
            byte => Some(only(byte)),
        }
    }

    /// A character that stands for itself, or a class of some.
    fn escape(&mut self) -> Option<Characters> {
        let (digits, letters) = (span(b'0', b'9'), span(b'a', b'z') | span(b'A', b'Z'));
        match self.next()? {
            b'd' => Some(digits),
            b'w' => Some(digits | letters | only(b'_')),
            byte if byte.is_ascii_punctuation() => Some(only(byte)),
            _ => None,
        }
    }
}

fn repeated(part: Part, least: usize, most: Option<usize>) -> Part {
    Part::Repeated {
        part: Box::new(part),
        least,
        most,
    }
}

/// A character of ASCII.
const fn only(byte: u8) -> Characters {
    1 << byte
}

/// The characters from one to another.
fn span(first: u8, last: u8) -> Characters {
    (first..=last).fold(0, |all, byte| all | only(byte))
}

/// The characters from the only one of a set to that of another.
fn range(first: Characters, last: Characters) -> Option<Characters> {
    let is_range = first.is_power_of_two() && last.is_power_of_two() && first <= last;
    // All bits from the one up to the other.
    is_range.then(|| (last - first) | last)
}
