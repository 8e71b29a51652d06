//! What tells the alternatives of a union from each other, in a word: unnamed ones are called so.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::schema::Schema;
use apifox_document::schema::only_value;

/// How many bytes of a title still make a name: those of ten Chinese characters.
const LONGEST: usize = 32;

/// A word for each alternative: its title, the constant that a member of it has, or a member
/// that no other has; `None` for one that has no such thing, or another name.
pub(super) fn words(children: &[Schema<'_>]) -> Vec<Option<String>> {
    let found = by_title(children);
    let found = or(found, by_constant(children));
    let mut found = or(found, by_member(children));
    let mut known = HashSet::new();
    for word in &mut found {
        // What two have in common tells nothing.
        *word = word.take().filter(|word| known.insert(word.to_lowercase()));
    }
    found
}

fn or(found: Vec<Option<String>>, others: Vec<Option<String>>) -> Vec<Option<String>> {
    let both = found.into_iter().zip(others);
    both.map(|(found, other)| found.or(other)).collect()
}

fn by_title(children: &[Schema<'_>]) -> Vec<Option<String>> {
    let titles: Vec<_> = children.iter().map(title).collect();
    let counts = counts(titles.iter().flatten().map(String::as_str));
    let is_one = |title: &&String| counts.get(title.as_str()) == Some(&1);
    let titles = titles.iter().map(Option::as_ref);
    titles.map(|title| title.filter(is_one).cloned()).collect()
}

/// How often each is there.
fn counts<'a>(all: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
}

/// The title of an alternative, where it is a name rather than a sentence.
fn title(schema: &Schema<'_>) -> Option<String> {
    members(schema)?;
    let title = schema.get("title")?.as_str()?.trim();
    let makes_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-');
    let is_name = title.len() <= LONGEST
        && title.starts_with(char::is_alphabetic)
        && title.chars().all(makes_name);
    is_name.then(|| title.to_owned())
}

/// By the member that has one value in each alternative, and another in every one.
fn by_constant(children: &[Schema<'_>]) -> Vec<Option<String>> {
    let all: Vec<_> = children.iter().filter_map(members).collect();
    let names = all.first().into_iter().flat_map(|members| members.keys());
    let found = names.into_iter().find_map(|name| {
        let values: Option<Vec<&str>> = all
            .iter()
            .map(|one| only_value(one.get(name)?)?.as_str())
            .collect();
        let values = values?;
        let different: HashSet<&str> = values.iter().copied().collect();
        (all.len() > 1 && different.len() == values.len()).then_some(name)
    });
    let word = |child: &Schema<'_>| {
        let value = only_value(members(child)?.get(found?)?)?.as_str()?;
        value
            .contains(char::is_alphabetic)
            .then(|| value.to_owned())
    };
    children.iter().map(word).collect()
}

/// By a member that no other alternative has, a required one first.
fn by_member(children: &[Schema<'_>]) -> Vec<Option<String>> {
    let all: Vec<_> = children.iter().filter_map(members).collect();
    let names = all.iter().flat_map(|members| members.keys());
    let counts = counts(names.map(String::as_str));
    let word = |child: &Schema<'_>| {
        let own = members(child).filter(|_| all.len() > 1)?;
        let required = child.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        let mut names = required.filter(|name| own.contains_key(*name));
        let name = names.find(|name| counts.get(name) == Some(&1))?;
        Some(name.to_owned())
    };
    children.iter().map(word).collect()
}

/// The members of an alternative that is an object and has no name of its own.
fn members<'d>(schema: &Schema<'d>) -> Option<&'d Map<String, Value>> {
    let is_named = schema.has("$ref") || schema.has("$anchor");
    schema.get("properties")?.as_object().filter(|_| !is_named)
}
