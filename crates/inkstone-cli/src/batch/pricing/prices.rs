//! What a picture costs: a dated list, which `--prices` replaces.

use std::path::Path;

use serde_json::Value;

use crate::batch::pricing::money::Money;
use crate::error::{CliError, Code};
use crate::input;

/// The list that comes with the program.
const DEFAULT_LIST: &str = include_str!("prices.json");

/// Prices of one list.
#[derive(Debug)]
pub struct Prices {
    pub currency: String,
    /// When the list was read, as in 2026-11-01.
    pub date: String,
    pub source: String,
    rows: Vec<(String, Money)>,
}

impl Prices {
    /// The list in `file`, or the one that comes with the program.
    pub fn load(file: Option<&Path>) -> Result<Self, CliError> {
        let (name, bytes) = match file {
            Some(file) => (input::name(file), input::bytes(file)?),
            None => ("prices.json".to_owned(), DEFAULT_LIST.as_bytes().to_vec()),
        };
        let read = serde_json::from_slice(&bytes).map_err(|error| error.to_string());
        read.and_then(|json| Self::read(&json)).map_err(|problem| {
            CliError::new(
                Code::Invalid,
                format!("{name} is not a list of prices: {problem}"),
            )
            .hint(
                "write {\"currency\":\"CNY\",\"date\":\"2026-11-01\",\"source\":\"…\",\
                 \"prices\":[{\"model\":\"qwen-image\",\"per_image\":\"0.25\"}]}",
            )
        })
    }

    fn read(json: &Value) -> Result<Self, String> {
        let text = |value: &Value, name: &str| match value[name].as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            _ => Err(format!("{name:?} is missing or not a text")),
        };
        let rows = json["prices"]
            .as_array()
            .ok_or("\"prices\" is not an array")?;
        let row = |row: &Value| Ok((text(row, "model")?, text(row, "per_image")?.parse()?));
        Ok(Self {
            currency: text(json, "currency")?,
            date: text(json, "date")?,
            source: text(json, "source")?,
            rows: rows.iter().map(row).collect::<Result<_, String>>()?,
        })
    }

    /// What a picture of `model` costs, if the list has it. The longest matching prefix
    /// counts.
    pub fn per_image(&self, model: &str) -> Option<Money> {
        let rows = self.rows.iter();
        let matching = rows.filter(|(prefix, _)| model.starts_with(prefix.as_str()));
        let longest = matching.max_by_key(|(prefix, _)| prefix.len());
        longest.map(|(_, price)| *price)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Prices;

    #[test]
    fn the_longest_matching_prefix_counts() {
        let prices = Prices::load(None).unwrap();
        let cases = [
            ("qwen-image", Some("0.25")),
            ("qwen-image-plus-2026-01-09", Some("0.20")),
            ("qwen-image-2.0-2026-03-03", Some("0.20")),
            ("qwen-image-2.0-pro-2026-04-22", Some("0.50")),
            ("qwen-image-edit-2509", Some("0.30")),
            ("wan2.7-image-pro", Some("0.50")),
            ("flux", None),
        ];
        for (model, price) in cases {
            let found = prices.per_image(model).map(|price| price.to_string());
            assert_eq!(found.as_deref(), price, "{model}");
        }
    }

    #[test]
    fn every_known_model_has_a_price() {
        let prices = Prices::load(None).unwrap();
        for model in inkstone::OPERATIONS
            .iter()
            .flat_map(|operation| operation.models)
        {
            assert!(prices.per_image(model).is_some(), "{model}");
        }
    }

    #[test]
    fn a_list_without_date_or_source_is_invalid() {
        let whole = json!({"currency": "EUR", "date": "d", "source": "s", "prices": [
            {"model": "m", "per_image": "1"},
        ]});
        assert!(Prices::read(&whole).is_ok());
        for (pointer, value) in [
            ("/currency", json!(" ")),
            ("/date", json!(null)),
            ("/source", json!(1)),
            ("/prices", json!({})),
            ("/prices/0/model", json!(null)),
            ("/prices/0/per_image", json!(0.25)),
            ("/prices/0/per_image", json!("-1")),
        ] {
            let mut list = whole.clone();
            *list.pointer_mut(pointer).unwrap() = value;
            assert!(Prices::read(&list).is_err(), "{pointer}");
        }
    }
}
