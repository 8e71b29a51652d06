//! The regular part of ECMA-262's expressions, as the flag `u` has it.
//!
//! What is not regular (lookaround, references to groups), what needs tables of Unicode
//! (`\p`), and what is an expression only without the flag is not read here.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

/// How deep groups may be nested.
const DEEPEST: usize = 100;

/// Parses an expression; `None` where it is of another kind, or invalid.
pub(super) fn parse(source: &str) -> Option<Hir> {
    let mut rest = Rest(source);
    let expression = rest.alternatives(DEEPEST)?;
    rest.0.is_empty().then_some(expression)
}

/// Parses a class, an escape or a point: what stands for one character.
pub(super) fn parse_set(source: &str) -> Option<ClassUnicode> {
    let mut rest = Rest(source);
    let set = match rest.next()? {
        '[' => rest.class()?,
        '\\' => class_of(rest.escape()?),
        '.' => negated(line_ends()),
        _ => return None,
    };
    rest.0.is_empty().then_some(set)
}

/// What remains to be parsed.
struct Rest<'s>(&'s str);

/// A member of a class.
enum Member {
    One(char),
    Many(ClassUnicode),
}

impl Rest<'_> {
    fn peek(&self) -> Option<char> {
        self.0.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.0 = &self.0[next.len_utf8()..];
        Some(next)
    }

    /// Skips `text`, if that is next.
    fn takes(&mut self, text: &str) -> bool {
        let after = self.0.strip_prefix(text);
        self.0 = after.unwrap_or(self.0);
        after.is_some()
    }

    fn alternatives(&mut self, depth: usize) -> Option<Hir> {
        let mut alternatives = vec![self.sequence(depth)?];
        while self.takes("|") {
            alternatives.push(self.sequence(depth)?);
        }
        Some(Hir::alternation(alternatives))
    }

    fn sequence(&mut self, depth: usize) -> Option<Hir> {
        let mut terms = Vec::new();
        while let Some(next) = self.peek().filter(|next| !"|)".contains(*next)) {
            let term = match next {
                '^' | '$' => self.anchor()?,
                _ if self.takes("\\b") => Hir::look(Look::WordAscii),
                _ => {
                    let atom = self.atom(depth)?;
                    self.repeated(atom)?
                }
            };
            terms.push(term);
        }
        Some(Hir::concat(terms))
    }

    fn anchor(&mut self) -> Option<Hir> {
        Some(Hir::look(match self.next()? {
            '^' => Look::Start,
            _ => Look::End,
        }))
    }

    fn atom(&mut self, depth: usize) -> Option<Hir> {
        match self.next()? {
            '(' => {
                // Other groups look around, or have names.
                if self.takes("?") && !self.takes(":") {
                    return None;
                }
                let group = self.alternatives(depth.checked_sub(1)?)?;
                self.takes(")").then_some(group)
            }
            '[' => self.class().map(of_class),
            '\\' => self.escape().map(|member| of_class(class_of(member))),
            '.' => Some(of_class(negated(line_ends()))),
            '*' | '+' | '?' | '{' | '}' | ']' => None,
            char => Some(of_class(class_of(Member::One(char)))),
        }
    }

    /// An atom and how often it is repeated. Whether as often or as rarely as possible
    /// does not decide whether there is a match.
    fn repeated(&mut self, atom: Hir) -> Option<Hir> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(atom),
            _ => return Some(atom),
        };
        self.next()?;
        self.takes("?");
        Some(repetition(atom, min, max))
    }

    /// `{3}`, `{3,}` or `{3,5}`
    fn counted(&mut self, atom: Hir) -> Option<Hir> {
        self.next()?;
        let min = self.number()?;
        let max = match self.takes(",") {
            false => Some(min),
            true if self.peek() == Some('}') => None,
            true => Some(self.number()?),
        };
        let is_range = self.takes("}") && max.is_none_or(|max| min <= max);
        self.takes("?");
        is_range.then(|| repetition(atom, min, max))
    }

    fn number(&mut self) -> Option<u32> {
        let end = self.0.find(|char: char| !char.is_ascii_digit());
        let (digits, rest) = self.0.split_at(end?);
        self.0 = rest;
        digits.parse().ok()
    }

    /// What stands between brackets.
    fn class(&mut self) -> Option<ClassUnicode> {
        let is_negated = self.takes("^");
        let mut class = ClassUnicode::empty();
        while !self.takes("]") {
            let first = self.member()?;
            let is_range = self.0.starts_with('-') && !self.0.starts_with("-]");
            let more = match (is_range, first) {
                (false, member) => class_of(member),
                (true, Member::One(first)) => {
                    self.next()?;
                    match self.member()? {
                        Member::One(last) if first <= last => range(first, last),
                        _ => return None,
                    }
                }
                (true, Member::Many(_)) => return None,
            };
            class.union(&more);
        }
        Some(match is_negated {
            true => negated(class),
            false => class,
        })
    }

    fn member(&mut self) -> Option<Member> {
        match self.next()? {
            '\\' if self.takes("b") => Some(Member::One('\u{8}')),
            '\\' if self.takes("-") => Some(Member::One('-')),
            '\\' => self.escape(),
            char => Some(Member::One(char)),
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Option<Member> {
        let escaped = self.next()?;
        Some(match escaped {
            'd' => Member::Many(digits()),
            'D' => Member::Many(negated(digits())),
            'w' => Member::Many(word()),
            'W' => Member::Many(negated(word())),
            's' => Member::Many(space()),
            'S' => Member::Many(negated(space())),
            'f' => Member::One('\u{c}'),
            'n' => Member::One('\n'),
            'r' => Member::One('\r'),
            't' => Member::One('\t'),
            'v' => Member::One('\u{b}'),
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => Member::One('\0'),
            'c' => {
                let letter = self.next().filter(char::is_ascii_alphabetic)?;
                Member::One(char::from(u8::try_from(letter).ok()? % 32))
            }
            'x' => Member::One(self.hexadecimal(2)?),
            'u' => Member::One(self.code_point()?),
            char if r"^$\.*+?()[]{}|/".contains(char) => Member::One(char),
            _ => return None,
        })
    }

    /// What follows `\u`; a pair of surrogates is left to the other engine.
    fn code_point(&mut self) -> Option<char> {
        if !self.takes("{") {
            return self.hexadecimal(4);
        }
        let char = self.hexadecimal(self.0.find('}')?)?;
        self.takes("}").then_some(char)
    }

    /// The character whose code is the next `length` digits.
    fn hexadecimal(&mut self, length: usize) -> Option<char> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok()?;
        char::from_u32(code).filter(|_| is_hexadecimal)
    }
}

fn repetition(atom: Hir, min: u32, max: Option<u32>) -> Hir {
    Hir::repetition(Repetition {
        min,
        max,
        greedy: true,
        sub: Box::new(atom),
    })
}

fn of_class(class: ClassUnicode) -> Hir {
    Hir::class(Class::Unicode(class))
}

fn class_of(member: Member) -> ClassUnicode {
    match member {
        Member::One(char) => range(char, char),
        Member::Many(class) => class,
    }
}

pub(super) fn range(first: char, last: char) -> ClassUnicode {
    ranges(&[(first, last)])
}

fn ranges(ranges: &[(char, char)]) -> ClassUnicode {
    let ranges = ranges.iter();
    ClassUnicode::new(ranges.map(|(first, last)| ClassUnicodeRange::new(*first, *last)))
}

fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

fn digits() -> ClassUnicode {
    range('0', '9')
}

fn word() -> ClassUnicode {
    ranges(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
}

fn line_ends() -> ClassUnicode {
    ranges(&[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')])
}

/// White space and ends of lines, as ECMA-262 lists them.
fn space() -> ClassUnicode {
    ranges(&[
        ('\t', '\r'),
        (' ', ' '),
        ('\u{a0}', '\u{a0}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{2000}', '\u{200a}'),
        ('\u{2028}', '\u{2029}'),
        ('\u{202f}', '\u{202f}'),
        ('\u{205f}', '\u{205f}'),
        ('\u{3000}', '\u{3000}'),
        ('\u{feff}', '\u{feff}'),
    ])
}
