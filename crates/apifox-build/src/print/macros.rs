//! How calls of the runtime's macros are written: prettyplease does not know what they take.

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::{File, Item};

/// How long a line may be.
const WIDTH: usize = 100;

/// Calls that stand aside while the other items are written.
#[derive(Default)]
pub(super) struct Calls {
    calls: Vec<(String, TokenStream)>,
}

impl Calls {
    /// Takes the calls out of a file; an item that is only a name stands for each.
    pub fn take(file: &mut File) -> Self {
        let mut taken = Self::default();
        for item in &mut file.items {
            let Item::Macro(call) = item else {
                continue;
            };
            let path = call.mac.path.segments.iter();
            let path: Vec<String> = path.map(|segment| segment.ident.to_string()).collect();
            let name = taken.name(taken.calls.len());
            let name = Ident::new(&name, Span::call_site());
            taken.calls.push((path.join("::"), call.mac.tokens.clone()));
            *item = syn::parse_quote! { mod #name; };
        }
        taken
    }

    fn name(&self, index: usize) -> String {
        format!("__call_{index}")
    }

    /// Puts the calls where their names stand.
    pub fn put(&self, text: &str) -> String {
        let mut whole = String::with_capacity(text.len());
        let mut calls = self.calls.iter().enumerate().peekable();
        for line in text.split_inclusive('\n') {
            let at = line.trim();
            let call = calls.next_if(|(index, _)| at == format!("mod {};", self.name(*index)));
            match call {
                Some((_, (path, tokens))) => {
                    let indent = line.len() - line.trim_start().len();
                    write_call(&mut whole, indent, path, tokens.clone());
                }
                None => whole.push_str(line),
            }
        }
        whole
    }
}

/// A call on one line, or with its content on lines of its own.
fn write_call(text: &mut String, indent: usize, path: &str, tokens: TokenStream) {
    let mut words = Words::default();
    words.tokens(tokens);
    let words = words.done;
    let margin = " ".repeat(indent);
    let length = words
        .iter()
        .map(|word| word.chars().count() + 1)
        .sum::<usize>();
    if indent + path.len() + "! { }".len() + length <= WIDTH {
        *text += &format!("{margin}{path}! {{ {} }}\n", words.join(" "));
        return;
    }
    *text += &format!("{margin}{path}! {{");
    let mut left: usize = 0;
    for word in words {
        let length = word.chars().count() + 1;
        // What ends with a semicolon has lines of its own.
        let rest = left.checked_sub(length).filter(|_| !text.ends_with(';'));
        match rest {
            Some(rest) => left = rest,
            None => {
                *text += &format!("\n{margin}   ");
                left = WIDTH.saturating_sub(indent + 3 + length);
            }
        }
        text.push(' ');
        text.push_str(&word);
    }
    *text += &format!("\n{margin}}}\n");
}

/// Tokens as words, between which there are spaces or the ends of lines.
#[derive(Default)]
struct Words {
    done: Vec<String>,
    /// Whether what comes next belongs to the last word.
    is_open: bool,
    /// The sign that the next one continues, as in `::`.
    joint: Option<char>,
    /// Whether these are the parameters of a closure.
    in_bars: bool,
}

impl Words {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
                TokenTree::Punct(punct) => self.punct(punct.as_char(), punct.spacing()),
                TokenTree::Ident(ident) => self.word(&ident.to_string()),
                TokenTree::Literal(literal) => self.word(&literal.to_string()),
            }
        }
    }

    fn group(&mut self, delimiter: Delimiter, content: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => {
                self.word("{");
                self.tokens(content);
                self.is_open = false;
                return self.word("}");
            }
            Delimiter::None => return self.tokens(content),
        };
        // What is called is written together with the parenthesis.
        self.is_open |= delimiter == Delimiter::Parenthesis && self.ends_with_name();
        self.word(open);
        self.is_open = true;
        self.tokens(content);
        self.is_open = true;
        self.word(close);
    }

    fn punct(&mut self, sign: char, spacing: Spacing) {
        let is_joint = spacing == Spacing::Joint;
        let continued = self.joint.take();
        self.joint = is_joint.then_some(sign);
        let is_open = self.is_open;
        let follows = is_open || self.ends_with_name();
        let (before, after) = match (continued, sign) {
            (_, ',' | ';' | '?') => (true, false),
            (Some(':'), ':') => (true, true),
            (_, ':') if is_joint => (follows || self.ends_with_generics(), true),
            (_, ':') => (true, false),
            (_, '<' | '!') => (follows, true),
            (Some('='), '>') => (true, false),
            (_, '>') => (true, false),
            (Some('.'), '.') => (true, true),
            (Some('.'), '=') => (true, true),
            (_, '.') => (follows, true),
            (_, '|') => {
                self.in_bars = !self.in_bars;
                (is_open || !self.in_bars, self.in_bars)
            }
            (_, '&' | '-' | '\'' | '#') => (is_open, true),
            _ => (is_open, is_joint),
        };
        self.is_open = before;
        self.word(sign.encode_utf8(&mut [0; 4]));
        self.is_open = after;
    }

    fn ends_with_name(&self) -> bool {
        let last = self.done.last().and_then(|word| word.chars().last());
        last.is_some_and(|last| last.is_alphanumeric() || last == '_')
    }

    /// Whether the last word ends as `Vec<u8>` does, and not as an arrow.
    fn ends_with_generics(&self) -> bool {
        let last = self.done.last();
        last.is_some_and(|word| word.ends_with('>') && !word.ends_with("->") && word != "=>")
    }

    fn word(&mut self, word: &str) {
        match self.done.last_mut().filter(|_| self.is_open) {
            Some(last) => last.push_str(word),
            None => self.done.push(word.to_owned()),
        }
        self.is_open = false;
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::{Words, write_call};

    #[test]
    fn tokens_are_spaced_as_people_write_them() {
        for text in [
            r#"Pet(name: String, of: ::serde_json::Value) kind, tag"#,
            r#"Pet { into labels: labels = ::std::collections::BTreeMap<String, Vec<u8>>, }"#,
            r#"Pet { required name = "na : me", ..additional }"#,
            r#"Reply by status { 200 => value A, 400..=499 => null B, _ => no B }"#,
            r#"Word: |text| Self::try_from(text.to_owned())"#,
            r#"Tags(Tag): min_items: 0, contains: Some(|item| matches!(item, Tag::A { .. }))"#,
            r#"Level: low = Integer(-1), list: &[&'static str, &[1, 2]]"#,
            r#"<String as rt::Decode>::decode(node)"#,
            r#"Request: "GET" "/a" -> ::serde_json::Value, Vec<u8>; 200 => ::serde_json::Value"#,
        ] {
            let tokens: TokenStream = text.parse().expect("tokens");
            let mut words = Words::default();
            words.tokens(tokens);
            assert_eq!(words.done.join(" "), text);
        }
    }

    #[test]
    fn what_is_too_long_for_a_line_is_broken() {
        let fields: String = (0..20).map(|at| format!("a_field_{at}, ")).collect();
        let mut text = String::new();
        write_call(&mut text, 4, "rt::object", fields.parse().expect("tokens"));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            (lines[0], lines[lines.len() - 1]),
            ("    rt::object! {", "    }")
        );
        assert_eq!(lines.len(), 5, "{text}");
        assert!(
            lines.iter().all(|line| line.len() <= super::WIDTH),
            "{text}"
        );
    }
}
