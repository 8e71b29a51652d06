//! Draws texts.

use serde_json::Value;

use crate::draw::drawer::Drawer;
use crate::draw::parts::counts;

/// The longest text that is drawn.
const LONGEST: usize = 100_000;

impl<'s> Drawer<'s> {
    pub fn text(&mut self, parts: &[&'s Value], name: &str) -> Option<Value> {
        let least = counts(parts, "minLength").max().unwrap_or(0);
        let most = counts(parts, "maxLength").min().unwrap_or(LONGEST);
        let most = most.min(LONGEST);
        let patterns: Vec<&str> = parts
            .iter()
            .filter_map(|part| part["pattern"].as_str())
            .collect();
        if let Some(pattern) = self.pick(&patterns) {
            for _ in 0..8 {
                let drawn = self.by_pattern(pattern);
                let fits = |text: &String| (least..=most).contains(&text.chars().count());
                if let Some(text) = drawn.filter(fits) {
                    return Some(text.into());
                }
            }
        }
        if let Some(size) = size(parts) {
            return Some(size.into());
        }
        let format = parts.iter().find_map(|part| part["format"].as_str());
        let text = match format.and_then(|format| self.of_format(format)) {
            Some(text) => text,
            None => self.of_name(name),
        };
        self.fitted(text, least, most).map(Value::from)
    }

    /// A text of at least and at most so many characters.
    fn fitted(&mut self, mut text: String, least: usize, most: usize) -> Option<String> {
        if least > most {
            return None;
        }
        while text.chars().count() < least {
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(self.word());
        }
        Some(text.chars().take(most).collect())
    }
}

/// A size, where a schema has our own keywords for sizes.
fn size(parts: &[&Value]) -> Option<&'static str> {
    let keywords = ["x-area", "x-side", "x-aspect-ratio"];
    let is_size = |part: &&Value| keywords.iter().any(|keyword| part.get(keyword).is_some());
    parts.iter().any(is_size).then_some("1024*1024")
}
