//! What a picture costs: a dated list, which `--prices` replaces.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::Path;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use tr::tr;

use crate::args::examples;
use crate::error::CliError;
use crate::input;
use crate::language::libraries;
use crate::pricing::money::Money;

/// The list that comes with the program.
const DEFAULT_LIST: &str = include_str!("prices.json");

/// What of a row is that of the list, where the row does not say it.
const COMMON: [&str; 4] = ["currency", "region", "date", "source"];

/// Prices of one list.
#[derive(Debug, Deserialize)]
pub struct Prices {
    #[serde(deserialize_with = "said")]
    pub currency: String,
    /// When the list was read, as in 2026-11-01.
    #[serde(deserialize_with = "said")]
    pub date: String,
    #[serde(deserialize_with = "said")]
    pub source: String,
    /// The region of rows that name none.
    region: Option<String>,
    #[serde(rename = "prices")]
    rows: Vec<Price>,
}

/// What pictures of a model cost.
#[derive(Debug, Deserialize)]
pub struct Price {
    /// How the names of its models begin.
    #[serde(rename = "model", deserialize_with = "said")]
    prefix: String,
    /// Sorted by area; empty where the price is not known.
    #[serde(rename = "per_image", default, deserialize_with = "tiers")]
    tiers: Vec<Tier>,
    /// What a picture costs that goes into a request.
    pub per_input: Option<Money>,
    pub currency: String,
    region: Option<String>,
    /// When the row was read, and where.
    pub date: String,
    pub source: String,
    /// What is uncertain about it.
    pub note: Option<String>,
}

/// A price of pictures up to a size.
#[derive(Debug, Deserialize)]
struct Tier {
    /// The most pixels that it is for; all that are left without it.
    up_to_pixels: Option<u64>,
    price: Money,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected an amount as text, or tiers with a price each"
)]
enum PerImage {
    Always(Money),
    ByArea(Vec<Tier>),
}

/// A text that says something.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.trim().is_empty() {
        true => Err(serde::de::Error::custom(tr!("a text is blank"))),
        false => Ok(text),
    }
}

fn tiers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Tier>, D::Error> {
    match Option::deserialize(deserializer)? {
        None => Ok(Vec::new()),
        Some(PerImage::ByArea(tiers)) if tiers.is_empty() => {
            Err(serde::de::Error::custom(tr!("per_image has no tier")))
        }
        Some(PerImage::ByArea(tiers)) => Ok(tiers),
        Some(PerImage::Always(price)) => Ok(vec![Tier {
            up_to_pixels: None,
            price,
        }]),
    }
}

impl Prices {
    /// The list in `file`, or the one that comes with the program.
    pub fn load(file: Option<&Path>) -> Result<Self, CliError> {
        let (name, bytes) = match file {
            Some(file) => (input::name(file), input::bytes(file)?),
            None => ("prices.json".to_owned(), DEFAULT_LIST.as_bytes().to_vec()),
        };
        let read = serde_json::from_slice(input::without_mark(&bytes));
        let read = read.map_err(|error| error.to_string());
        read.and_then(|json| Self::read(&json)).map_err(|problem| {
            let list = format!(
                "{{\"currency\":\"CNY\",\"date\":\"2026-11-01\",\"source\":\"…\",\
                 \"prices\":[{{\"model\":\"{}\",\"per_image\":\"0.25\"}}]}}",
                examples::first()
            );
            CliError::invalid(tr!(
                "{name} is not a list of prices: {problem}",
                name,
                problem
            ))
            .hint(tr!("write {list}", list))
        })
    }

    fn read(json: &Value) -> Result<Self, String> {
        let mut list = json.clone();
        let rows = list.get_mut("prices").and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
            for name in COMMON {
                let is_said = row.get(name).is_some_and(|own| !own.is_null());
                if let (false, Some(common)) = (is_said, json.get(name)) {
                    row.insert(name.to_owned(), common.clone());
                }
            }
        }
        let mut prices = Self::deserialize(list).map_err(|error| error.to_string())?;
        for Price { prefix, tiers, .. } in &mut prices.rows {
            tiers.sort_by_key(|tier| tier.up_to_pixels.unwrap_or(u64::MAX));
            if tiers.last().is_some_and(|tier| tier.up_to_pixels.is_some()) {
                return Err(tr!("{prefix}: the last tier has no up_to_pixels", prefix));
            }
        }
        Ok(prices)
    }

    /// What a picture of `model` costs in a region, if the list knows that. The longest
    /// matching prefix counts.
    ///
    /// Where the region is not known, as with a gateway, the list's own counts.
    pub fn find(&self, model: &str, region: Option<&str>) -> Option<&Price> {
        let region = region.or(self.region.as_deref());
        let is_there = |row: &&Price| row.region.is_none() || row.region.as_deref() == region;
        let matching = self
            .rows
            .iter()
            .filter(|row| model.starts_with(&row.prefix));
        let longest = matching
            .filter(is_there)
            .max_by_key(|row| row.prefix.len())?;
        (!longest.tiers.is_empty()).then_some(longest)
    }

    /// The region that has no price of `model`, where others have one.
    pub fn lacking(&self, model: &str, region: Option<&str>) -> Option<String> {
        let region = region.or(self.region.as_deref())?;
        let is_elsewhere = !self.in_all_regions(model).is_empty();
        let lacks = is_elsewhere && self.find(model, Some(region)).is_none();
        lacks.then(|| region.to_owned())
    }

    /// What a model costs, line by line, in each region that the list knows.
    pub fn lines(&self, model: &str) -> Vec<String> {
        let rows = self.in_all_regions(model);
        if rows.is_empty() {
            return vec![tr!("price: not known")];
        }
        rows.into_iter().flat_map(Price::lines).collect()
    }

    /// The same for programs.
    pub fn json(&self, model: &str) -> Value {
        let rows = self.in_all_regions(model);
        let rows = rows.into_iter().map(Price::json);
        json!({"model": model, "rows": rows.collect::<Vec<_>>()})
    }

    /// The row that counts in each region.
    fn in_all_regions(&self, model: &str) -> Vec<&Price> {
        let regions: BTreeSet<_> = self.rows.iter().map(|row| row.region.as_deref()).collect();
        let regions = regions.into_iter();
        regions
            .filter_map(|region| self.find(model, region))
            .collect()
    }
}

impl Price {
    fn lines(&self) -> Vec<String> {
        let currency = &self.currency;
        let region = self.region.as_ref();
        let place = region.map_or_else(String::new, |region| tr!(" in {region}", region));
        let mut lines: Vec<_> = self
            .tiers
            .iter()
            .map(|tier| {
                let price = tier.price;
                let area = match tier.up_to_pixels {
                    Some(most) => tr!(" up to {most} pixels", most),
                    None if self.tiers.len() > 1 => tr!(" beyond"),
                    None => String::new(),
                };
                tr!(
                    "price: {price} {currency} a picture{area}{place}",
                    price,
                    currency,
                    area,
                    place
                )
            })
            .collect();
        if let Some(price) = self.per_input.filter(|price| *price != Money::default()) {
            lines.push(tr!(
                "price: {price} {currency} an input picture{place}",
                price,
                currency,
                place
            ));
        }
        lines.extend(
            self.note
                .iter()
                .map(|note| format!("  {}", libraries::rule(note))),
        );
        let (date, source) = (&self.date, libraries::rule(&self.source));
        lines.push(tr!("  as of {date}, from {source}", date, source));
        lines
    }

    fn json(&self) -> Value {
        let tier =
            |tier: &Tier| json!({"up_to_pixels": tier.up_to_pixels, "price": tier.price.number()});
        json!({
            "region": self.region,
            "currency": self.currency,
            "per_image": self.tiers.iter().map(tier).collect::<Vec<_>>(),
            "per_input": self.per_input.unwrap_or_default().number(),
            "date": self.date,
            "source": self.source,
            "note": self.note,
        })
    }

    /// The least and the most that a picture costs: of so many pixels, if that is known.
    pub fn per_picture(&self, area: Option<u64>) -> RangeInclusive<Money> {
        let is_for =
            |area: u64| move |tier: &&Tier| tier.up_to_pixels.is_none_or(|most| area <= most);
        if let Some(tier) = area.and_then(|area| self.tiers.iter().find(is_for(area))) {
            return tier.price..=tier.price;
        }
        let prices = self.tiers.iter().map(|tier| tier.price);
        let least = prices.clone().min().unwrap_or_default();
        least..=prices.max().unwrap_or_default()
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
            ("qwen-image-3.0-pro", Some("0.50")),
            ("qwen-image-2.1-pro", None),
            ("flux", None),
        ];
        for (model, price) in cases {
            let found = prices.find(model, None);
            let found = found.map(|price| price.per_picture(None).end().to_string());
            assert_eq!(found.as_deref(), price, "{model}");
        }
    }

    #[test]
    fn a_list_may_begin_with_the_mark_of_an_editor() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("prices.json");
        std::fs::write(&file, ["\u{feff}", super::DEFAULT_LIST].concat()).unwrap();
        let lines = Prices::load(Some(&file)).unwrap().lines("qwen-image");
        assert_eq!(lines, Prices::load(None).unwrap().lines("qwen-image"));
    }

    #[test]
    fn every_known_model_has_a_row() {
        let prices = Prices::load(None).unwrap();
        let has_row = |model: &str| prices.rows.iter().any(|row| model.starts_with(&row.prefix));
        for model in inkstone::OPERATIONS
            .iter()
            .flat_map(|operation| operation.models)
        {
            assert!(has_row(model), "{model}");
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
            ("/prices/0/per_image", json!([])),
            (
                "/prices/0/per_image",
                json!([{"up_to_pixels": 1, "price": "1"}]),
            ),
        ] {
            let mut list = whole.clone();
            *list.pointer_mut(pointer).unwrap() = value;
            assert!(Prices::read(&list).is_err(), "{pointer}");
        }
    }

    #[test]
    fn a_region_has_prices_of_its_own() {
        let list = json!({
            "currency": "CNY", "date": "d", "source": "s", "region": "cn-beijing",
            "prices": [
                {"model": "m", "per_image": "1"},
                {"model": "m", "per_image": "0.2", "region": "ap-southeast-1", "currency": "USD"},
            ],
        });
        let prices = Prices::read(&list).unwrap();
        let found = |region| {
            let price = prices.find("m-1", region)?;
            Some((
                price.per_picture(None).end().to_string(),
                price.currency.clone(),
            ))
        };
        let cny = Some(("1.00".to_owned(), "CNY".to_owned()));
        assert_eq!(found(None), cny);
        assert_eq!(found(Some("cn-beijing")), cny);
        let usd = Some(("0.20".to_owned(), "USD".to_owned()));
        assert_eq!(found(Some("ap-southeast-1")), usd);
        assert_eq!(found(Some("us-east-1")), None);
    }
}
