//! The keywords of a schema while it is compiled, by the type of their values.

use jsonptr::{PointerBuf, Token};
use serde_json::{Map, Value};

use crate::pattern::Pattern;
use crate::validate::rules::draft::Unsupported;
use crate::value::number::{compare, float, whole};

pub(super) type Compiled<T> = Result<T, Unsupported>;

/// A schema while it is compiled.
pub(super) struct Source<'s> {
    pub keywords: &'s Map<String, Value>,
    pub pointer: PointerBuf,
    pub resource: usize,
}

impl<'s> Source<'s> {
    pub(super) fn get(&self, keyword: &str) -> Option<&'s Value> {
        self.keywords.get(keyword)
    }

    /// What the schema that is the value of `keyword` is called.
    pub(super) fn title_of(&self, keyword: &str) -> Option<String> {
        let title = self.get(keyword)?.get("title")?.as_str()?.trim();
        (!title.is_empty()).then(|| title.to_owned())
    }

    /// Where the value of `keyword` stands.
    pub(super) fn child(&self, keyword: &str) -> PointerBuf {
        self.pointer.with_trailing_token(keyword)
    }

    /// Where one of the schemas in the value of `keyword` stands.
    pub(super) fn grandchild<'t>(&self, keyword: &str, at: impl Into<Token<'t>>) -> PointerBuf {
        self.child(keyword).with_trailing_token(at)
    }

    pub(super) fn fault(&self, keyword: &str, message: impl Into<String>) -> Unsupported {
        Unsupported {
            pointer: self.pointer.to_string(),
            keyword: keyword.to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn text(&self, keyword: &str) -> Compiled<Option<&'s str>> {
        match self.get(keyword) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(keyword, "is not a string")),
        }
    }

    pub(super) fn flag(&self, keyword: &str) -> Compiled<bool> {
        match self.get(keyword) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.fault(keyword, "is not a boolean")),
        }
    }

    /// A count, which may be written `2.0`.
    pub(super) fn count(&self, keyword: &str) -> Compiled<Option<u64>> {
        let Some(value) = self.get(keyword) else {
            return Ok(None);
        };
        let fault = || self.fault(keyword, "is not a whole number from 0 up");
        let Value::Number(number) = value else {
            return Err(fault());
        };
        // Which of the numbers beyond 64 bits it is does not matter.
        let is_count = float(number).fract() == 0.0 && compare(number, &0.into()).is_ge();
        if !is_count {
            return Err(fault());
        }
        // Nothing has more of anything than 64 bits can count.
        let count = whole(number).and_then(|count| u64::try_from(count).ok());
        Ok(Some(count.unwrap_or(u64::MAX)))
    }

    pub(super) fn names(
        &self,
        keyword: &str,
        value: Option<&Value>,
    ) -> Compiled<Option<Vec<String>>> {
        let Some(value) = value else {
            return Ok(None);
        };
        let names = value.as_array().and_then(|names| {
            let names = names.iter().map(|name| name.as_str().map(str::to_owned));
            names.collect::<Option<Vec<_>>>()
        });
        let fault = || self.fault(keyword, "is not an array of strings");
        names.map(Some).ok_or_else(fault)
    }

    pub(super) fn dependent(&self, keyword: &str) -> Compiled<Vec<(String, Vec<String>)>> {
        match self.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| {
                    let names = self.names(keyword, Some(value))?;
                    Ok((name.clone(), names.unwrap_or_default()))
                })
                .collect(),
            Some(_) => Err(self.fault(keyword, "is not an object")),
        }
    }

    pub(super) fn regex(&self, keyword: &str, pattern: &str) -> Compiled<Pattern> {
        let checked = Pattern::check(pattern);
        checked
            .map(|()| Pattern::owned(pattern.to_owned()))
            .map_err(|error| {
                let message =
                    format!("{pattern:?} is not a regular expression of ECMA-262: {error}");
                self.fault(keyword, message)
            })
    }
}
