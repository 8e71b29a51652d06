//! What a request will cost, as far as it can be known before it is sent.

use std::ops::RangeInclusive;

use inkstone::{ApiFacts, Operation};
use serde_json::{Value, json};
use tr::tr;

use crate::args::address::AddressArgs;
use crate::language::libraries;
use crate::pricing::money::Money;
use crate::pricing::prices::Prices;
use crate::pricing::worst::Worst;
use crate::request::document;
use crate::request::picture_count::picture_count;
use crate::request::shape::{Shape, picture_pointers};

/// What a request will cost.
#[derive(Debug)]
pub struct Quote {
    pub pictures: RangeInclusive<u32>,
    /// The least and the most that a picture costs, and what all inputs cost together;
    /// `None` where the list does not have the model.
    price: Option<(RangeInclusive<Money>, Money)>,
    pub currency: String,
    /// Whether the request says how large the pictures are, or its document does.
    is_sized: bool,
    /// What the list says of the price.
    note: Option<String>,
    /// The region that the list has no price for, where it has the model in others.
    unpriced_in: Option<String>,
}

impl Quote {
    /// The quote for `body`, which goes to where the flags and the environment say.
    pub fn at(
        prices: &Prices,
        operation: &Operation,
        model: &str,
        body: &Value,
        address: Option<&AddressArgs>,
    ) -> Self {
        let region = region(operation, address);
        Self::new(prices, operation, model, body, region.as_deref())
    }

    /// The quote for `body`, which goes to `region` where that is known.
    pub fn new(
        prices: &Prices,
        operation: &Operation,
        model: &str,
        body: &Value,
        region: Option<&str>,
    ) -> Self {
        let schema = document::request_schema(operation);
        let shape = Shape::of_schema(&schema);
        let pictures = picture_count(operation, body);
        let Some(price) = prices.find(model, region) else {
            return Self {
                pictures,
                price: None,
                currency: prices.currency.clone(),
                is_sized: false,
                note: None,
                unpriced_in: prices.lacking(model, region),
            };
        };
        let size = body.pointer(&format!("{}/size", shape.parent()));
        let default = || {
            let property = shape.parameter(&schema, "size")?;
            document::keyword(&schema, property, "default")
        };
        let size = size.or_else(default);
        let area = size.and_then(Value::as_str).and_then(area);
        let each = price.per_picture(area);
        // Each picture that a body brings along may be billed.
        let inputs = u32::try_from(picture_pointers(body).len()).unwrap_or(u32::MAX);
        Self {
            pictures,
            price: Some((each, price.per_input.unwrap_or_default().times(inputs))),
            currency: price.currency.clone(),
            is_sized: size.is_some(),
            note: price.note.clone(),
            unpriced_in: None,
        }
    }

    /// The most that it may make, and what that costs.
    pub fn worst(&self) -> Worst {
        let price = self.price.as_ref();
        Worst {
            pictures: *self.pictures.end(),
            price: price.map(|(each, _)| *each.end()),
            inputs: price.map(|(_, inputs)| *inputs).unwrap_or_default(),
        }
    }

    /// The least that it may cost.
    pub fn least(&self) -> Option<Money> {
        let (each, inputs) = self.price.as_ref()?;
        Some(each.start().times(*self.pictures.start()).plus(*inputs))
    }

    /// The most that it may cost.
    pub fn most(&self) -> Option<Money> {
        let worst = self.worst();
        let pictures = worst.price?.times(worst.pictures);
        Some(pictures.plus(worst.inputs))
    }

    /// A line of text, and one for each thing that makes the cost uncertain.
    pub fn lines(&self) -> Vec<String> {
        let cost = tr!("cost: {sum}", sum = self.sum());
        std::iter::once(cost).chain(self.notes()).collect()
    }

    /// What it costs, in words.
    pub fn sum(&self) -> String {
        let currency = &self.currency;
        match self.least().zip(self.most()) {
            None => match &self.unpriced_in {
                Some(region) => tr!(
                    "unknown, for the price list has no price of this model in {region}",
                    region
                ),
                None => tr!("unknown, for the price list does not have this model"),
            },
            Some((least, most)) if least == most => format!("{most} {currency}"),
            Some((least, most)) => tr!("{least} to {most} {currency}", least, most, currency),
        }
    }

    /// What makes the cost uncertain, in words.
    fn notes(&self) -> Vec<String> {
        let Some((each, _)) = &self.price else {
            return Vec::new();
        };
        let (few, many) = (self.pictures.start(), self.pictures.end());
        let mut notes = Vec::new();
        if each.start() != each.end() && !self.is_sized {
            notes.push(tr!(
                "without a size the API chooses it: a picture costs {least} or up to {most}",
                least = each.start(),
                most = each.end()
            ));
        }
        if few != many {
            notes.push(tr!(
                "{few} to {many} pictures are made, and each is billed",
                few,
                many
            ));
        }
        notes.extend(self.note.as_deref().map(libraries::rule));
        notes
    }

    pub fn json(&self) -> Value {
        let amount = |money: Option<Money>| money.map(Money::number);
        json!({
            "currency": self.currency,
            "least": amount(self.least()),
            "most": amount(self.most()),
            "pictures": {"least": self.pictures.start(), "most": self.pictures.end()},
            "notes": self.notes(),
        })
    }
}

/// The region that requests go to, as far as it can be told.
fn region(operation: &Operation, address: Option<&AddressArgs>) -> Option<String> {
    let region = address.and_then(|address| address.region.as_deref());
    if let Some(base_url) = address.and_then(|address| address.base_url.as_deref()) {
        let named = region.map(str::to_owned);
        return named.or_else(|| ApiFacts::region_of(base_url));
    }
    let workspace = address.and_then(|address| address.workspace.as_deref());
    let place = ApiFacts::find(operation.api)?.place(region, workspace);
    let Ok(place) = place else {
        // Nothing can be sent there, and nothing costs what it does elsewhere.
        return region.map(str::to_owned);
    };
    place
        .region
        .or_else(|| ApiFacts::region_of(&place.base_url))
}

/// The pixels of a size, `W*H`, `WxH` or a tier such as `2K`.
fn area(size: &str) -> Option<u64> {
    if let Some(thousands) = size.strip_suffix(['K', 'k']) {
        let side = thousands.parse::<u64>().ok()?.checked_mul(1024)?;
        return side.checked_mul(side);
    }
    let (width, height) = size.split_once(['x', '*'])?;
    width.parse::<u64>().ok()?.checked_mul(height.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Quote;
    use crate::pricing::prices::Prices;
    use crate::request::choose_operation;

    fn quoted(body: &Value) -> (String, String) {
        let prices = Prices::load(None).unwrap();
        let model = body["model"].as_str().unwrap();
        let operation = choose_operation::by_body(None, model, body).unwrap();
        let quote = Quote::new(&prices, operation, model, body, Some("cn-beijing"));
        let text = |money: Option<super::Money>| money.map_or_else(String::new, |m| m.to_string());
        (text(quote.least()), text(quote.most()))
    }

    fn message(model: &str, images: usize, parameters: &Value) -> Value {
        let mut content = vec![json!({"image": "https://a.example/b.png"}); images];
        content.push(json!({"text": "a cat"}));
        json!({
            "model": model,
            "input": {"messages": [{"role": "user", "content": content}]},
            "parameters": parameters,
        })
    }

    /// Ten requests over the tiers: the sum is right to the cent.
    #[test]
    fn prices_have_tiers_by_area_and_a_price_of_inputs() {
        let pro = "qwen-image-3.0-pro";
        let cases = [
            (pro, 0, json!({"size": "1024*1024"}), "0.25", "0.25"),
            (pro, 0, json!({"size": "1500*1500"}), "0.25", "0.25"),
            (pro, 0, json!({"size": "1501*1500"}), "0.50", "0.50"),
            (pro, 0, json!({"size": "2048*1152", "n": 2}), "1.00", "1.00"),
            (pro, 0, json!({}), "0.25", "0.50"),
            ("qwen-image-3.0", 0, json!({"n": 6}), "1.08", "1.08"),
            ("qwen-image-3.0", 3, json!({"n": 1}), "0.24", "0.24"),
            ("wan2.7-image", 0, json!({"n": 3}), "0.60", "0.60"),
            ("wan2.7-image-pro", 0, json!({}), "0.50", "2.00"),
            (
                "wan2.7-image-pro",
                0,
                json!({"enable_sequential": true}),
                "0.50",
                "6.00",
            ),
        ];
        for (model, images, parameters, least, most) in cases {
            let body = message(model, images, &parameters);
            assert_eq!(quoted(&body), (least.to_owned(), most.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_not_in_the_list_has_no_price() {
        let body = message("qwen-image-2.1-pro", 0, &json!({}));
        assert_eq!(quoted(&body), (String::new(), String::new()));
    }
}
