//! Draws texts that match a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::draw::drawer::Drawer;

/// How often something is repeated that may be repeated without end.
const USUAL: u32 = 6;
/// How long a text may become.
const LONGEST: usize = 20_000;
/// What is drawn of large classes of characters, where they have any of these.
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

impl Drawer<'_> {
    /// A text that may well match; `None` where the pattern can't be read, as those with
    /// lookaround. What stands outside the anchors is left out.
    pub fn by_pattern(&mut self, pattern: &str) -> Option<String> {
        let parse = |pattern: &str| regex_syntax::parse(pattern).ok();
        let hir = parse(pattern).or_else(|| parse(&escaped(pattern)))?;
        let mut text = String::new();
        let mut pending = vec![&hir];
        while let Some(hir) = pending.pop() {
            if text.len() > LONGEST || pending.len() > LONGEST {
                return None;
            }
            self.expand(hir, &mut text, &mut pending)?;
        }
        Some(text)
    }

    fn expand<'h>(
        &mut self,
        hir: &'h Hir,
        text: &mut String,
        pending: &mut Vec<&'h Hir>,
    ) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => text.push(self.character(class)?),
            HirKind::Repetition(repetition) => {
                let most = repetition
                    .max
                    .unwrap_or(repetition.min.saturating_add(USUAL));
                let most = most.min(repetition.min.saturating_add(USUAL));
                let spread = most.saturating_sub(repetition.min) as usize;
                let count = repetition.min as usize + self.below(spread + 1);
                if count > LONGEST {
                    return None;
                }
                pending.extend(std::iter::repeat_n(&*repetition.sub, count));
            }
            HirKind::Capture(capture) => pending.push(&capture.sub),
            HirKind::Concat(all) => pending.extend(all.iter().rev()),
            HirKind::Alternation(all) => {
                let at = self.below(all.len());
                pending.extend(all.get(at));
            }
        }
        Some(())
    }

    fn character(&mut self, class: &Class) -> Option<char> {
        let ranges: Vec<(u32, u32)> = match class {
            Class::Unicode(class) => class
                .iter()
                .map(|r| (r.start().into(), r.end().into()))
                .collect(),
            Class::Bytes(class) => class
                .iter()
                .map(|r| (r.start().into(), r.end().into()))
                .collect(),
        };
        let is_in = |c: char| {
            ranges
                .iter()
                .any(|(low, high)| (*low..=*high).contains(&u32::from(c)))
        };
        let plain: Vec<char> = PLAIN.chars().filter(|c| is_in(*c)).collect();
        if let Some(c) = self.pick(&plain) {
            return Some(c);
        }
        let (low, high) = self.pick(&ranges)?;
        // Before surrogates, which are no characters, and within what is often drawn.
        let high = high.min(low.saturating_add(64));
        char::from_u32(low + self.below((high - low + 1) as usize) as u32)
            .or_else(|| char::from_u32(low))
    }
}

/// The pattern with escapes that ECMA-262 does without and Rust's expressions do not: of braces
/// that are no count, of brackets in brackets, and of hyphens beside `\w` and its like.
fn escaped(pattern: &str) -> String {
    let mut escaped = String::new();
    let mut rest = pattern;
    let mut is_in_class = false;
    let mut is_after_class = false;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '{' if !is_in_class => count_length(rest).unwrap_or(1),
            _ => next.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let is_plain = match token {
            "{" | "}" => is_in_class,
            "[" => !is_in_class,
            "-" => !is_in_class || !(is_after_class || is_class(after)),
            _ => true,
        };
        if !is_plain {
            escaped.push('\\');
        }
        escaped.push_str(token);
        is_in_class = match token {
            "[" => true,
            "]" => false,
            _ => is_in_class,
        };
        is_after_class = is_class(token);
        rest = after;
    }
    escaped
}

/// Whether a class such as `\w` is at the start of a pattern.
fn is_class(pattern: &str) -> bool {
    let escape = pattern.strip_prefix('\\');
    escape.is_some_and(|escape| escape.starts_with(['d', 'D', 's', 'S', 'w', 'W']))
}

/// How long the count at the start of a pattern is, such as `{2,}`.
fn count_length(pattern: &str) -> Option<usize> {
    let (count, _) = pattern.strip_prefix('{')?.split_once('}')?;
    let (least, most) = count.split_once(',').unwrap_or((count, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_count = !least.is_empty() && are_digits(least) && are_digits(most);
    is_count.then_some(count.len() + 2)
}
