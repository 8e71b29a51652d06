//! Texts as they are written in requests, and what they stand for.

use apifox_document::pointer::decoded;

/// A name and a text of a query, a form or a cookie.
pub type Pair = (String, Text);

/// A text as it is written. It is decoded last: a separator that is part of a value is encoded.
#[derive(Clone, Debug)]
pub struct Text {
    written: String,
    coding: Coding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    /// Nothing is encoded.
    Plain,
    /// By percent.
    Percent,
    /// By percent, and a space as `+`.
    Form,
}

impl Text {
    /// A text in which nothing is encoded.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            written: text.into(),
            coding: Coding::Plain,
        }
    }

    /// A text in a path or a cookie.
    pub fn percent(text: impl Into<String>) -> Self {
        Self {
            written: text.into(),
            coding: Coding::Percent,
        }
    }

    fn form(text: impl Into<String>) -> Self {
        Self {
            written: text.into(),
            coding: Coding::Form,
        }
    }

    fn part(&self, written: &str) -> Self {
        Self {
            written: written.to_owned(),
            coding: self.coding,
        }
    }

    /// What it stands for.
    pub fn decoded(&self) -> String {
        match self.coding {
            Coding::Plain => self.written.clone(),
            Coding::Percent => decoded(&self.written),
            Coding::Form => decoded(&self.written.replace('+', "%20")),
        }
    }

    /// The same without what it begins with, if it does.
    pub fn without(&self, start: &str) -> Self {
        self.part(self.written.strip_prefix(start).unwrap_or(&self.written))
    }

    /// The texts between separators. Spaces and `|` are not allowed in URLs: they are encoded, as
    /// separators too.
    pub fn split(&self, separator: &str) -> Vec<Self> {
        let is_encoded = matches!(separator, " " | "|") && self.coding != Coding::Plain;
        if is_encoded {
            return Self::plain(self.decoded()).split(separator);
        }
        let parts = self.written.split(separator);
        parts.map(|part| self.part(part)).collect()
    }

    /// What stands before and behind the first `=`.
    pub fn halves(&self) -> (String, String) {
        let (name, value) = self.written.split_once('=').unwrap_or((&self.written, ""));
        (self.part(name).decoded(), self.part(value).decoded())
    }
}

/// The names and texts of a query or of a form in its form.
pub fn pairs(text: &str) -> Vec<Pair> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let split = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    split
        .map(|(name, value)| (Text::form(name).decoded(), Text::form(value)))
        .collect()
}
