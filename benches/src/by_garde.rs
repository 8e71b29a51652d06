//! The requests of Wan 2.7 Pro as one would write them who wants the same rules kept: serde's
//! derive, garde's where it has the rule, and functions by hand where it has not.

use garde::{Error, Validate};
use serde::{Deserialize, Serialize};

/// The largest seed.
const SEED: u32 = i32::MAX as u32;

/// A request to the gateway.
#[derive(Debug, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    #[garde(custom(is_model))]
    model: String,
    #[garde(length(chars, min = 1))]
    prompt: String,
    #[garde(custom(is_size_of("x*")))]
    size: Option<String>,
    #[garde(range(min = 1, max = 4))]
    n: Option<u32>,
    #[garde(skip)]
    watermark: Option<bool>,
    #[garde(range(max = SEED))]
    seed: Option<u32>,
}

/// A request to DashScope.
#[derive(Debug, Deserialize, Serialize, Validate)]
pub struct DashScope {
    #[garde(custom(is_model))]
    model: String,
    #[garde(dive)]
    input: Input,
    #[garde(dive, custom(keeps_with(&self.input)))]
    parameters: Option<Parameters>,
}

#[derive(Debug, Deserialize, Serialize, Validate)]
struct Input {
    #[garde(length(min = 1, max = 1), dive)]
    messages: Vec<Message>,
}

#[derive(Debug, Deserialize, Serialize, Validate)]
struct Message {
    #[garde(custom(is_user))]
    role: String,
    #[garde(length(min = 1, max = 10), custom(has_one_text), dive)]
    content: Vec<Part>,
}

#[derive(Debug, Deserialize, Serialize, Validate)]
enum Part {
    #[serde(rename = "text")]
    Text(#[garde(skip)] String),
    #[serde(rename = "image")]
    Image(#[garde(custom(is_picture))] String),
}

#[derive(Debug, Deserialize, Serialize, Validate)]
struct Parameters {
    #[garde(custom(is_size_of("*")))]
    size: Option<String>,
    #[garde(range(min = 1, max = 12))]
    n: Option<u32>,
    #[garde(skip)]
    enable_sequential: Option<bool>,
    #[garde(skip)]
    thinking_mode: Option<bool>,
    #[garde(length(min = 3, max = 10), custom(adds_up), dive)]
    color_palette: Option<Vec<Color>>,
    #[garde(length(max = 9), inner(inner(length(max = 2))))]
    bbox_list: Option<Vec<Vec<[u32; 4]>>>,
    #[garde(range(max = SEED))]
    seed: Option<u32>,
    #[garde(skip)]
    watermark: Option<bool>,
}

#[derive(Debug, Deserialize, Serialize, Validate)]
struct Color {
    #[garde(custom(is_hex))]
    hex: String,
    #[garde(custom(is_share))]
    ratio: String,
}

fn refuse_unless(is_right: bool, why: &str) -> Result<(), Error> {
    match is_right {
        true => Ok(()),
        false => Err(Error::new(why)),
    }
}

fn is_model(model: &str, (): &()) -> Result<(), Error> {
    refuse_unless(model == "wan2.7-image-pro", "is another model")
}

fn is_user(role: &str, (): &()) -> Result<(), Error> {
    refuse_unless(role == "user", "is another role")
}

/// A tier, or sides with one of these signs between them.
fn is_size_of(signs: &'static str) -> impl FnOnce(&Option<String>, &()) -> Result<(), Error> {
    move |size, ()| {
        let Some(size) = size else { return Ok(()) };
        let is_tier = matches!(size.as_str(), "1K" | "2K" | "4K");
        let fits = || {
            let (width, height) = sides(size, signs)?;
            let area = width.checked_mul(height)?;
            let is_wide = width <= 8 * height && height <= 8 * width;
            Some((768 * 768..=4096 * 4096).contains(&area) && is_wide)
        };
        refuse_unless(is_tier || fits().unwrap_or(false), "is not a size")
    }
}

/// Whole numbers that do not start with a zero.
fn sides(size: &str, signs: &str) -> Option<(u64, u64)> {
    let (width, height) = size.split_once(|c| signs.contains(c))?;
    let side = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        is_number.then(|| text.parse().ok()).flatten()
    };
    Some((side(width)?, side(height)?))
}

fn has_one_text(content: &[Part], (): &()) -> Result<(), Error> {
    let texts = content.iter().filter(|part| matches!(part, Part::Text(_)));
    refuse_unless(texts.count() == 1, "does not have one text")
}

fn images(content: &[Part]) -> usize {
    let images = content.iter().filter(|part| matches!(part, Part::Image(_)));
    images.count()
}

/// A URL or a data URI, as far as its characters show that.
fn is_picture(uri: &str, (): &()) -> Result<(), Error> {
    let starts = ["http://", "https://", "data:"];
    let rest = starts.iter().find_map(|start| {
        let given = uri.get(..start.len())?;
        given
            .eq_ignore_ascii_case(start)
            .then(|| &uri[start.len()..])
    });
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
        return Err(Error::new("is neither a URL nor a data URI"));
    };
    let bytes = rest.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let is_right = (0..bytes.len()).all(|at| match bytes[at] {
        b'%' => is_hex(at + 1) && is_hex(at + 2),
        byte => byte.is_ascii_alphanumeric() || b"._~:/?#[]@!$&'()*+,;=-".contains(&byte),
    });
    refuse_unless(is_right, "has a character that URIs do not have")
}

fn is_hex(hex: &str, (): &()) -> Result<(), Error> {
    let digits = hex.strip_prefix('#').unwrap_or_default();
    let is_right = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    refuse_unless(is_right, "is not a color")
}

fn is_share(share: &str, (): &()) -> Result<(), Error> {
    refuse_unless(hundredths(share).is_some(), "is not a share")
}

/// A share such as `23.51%`, in hundredths of a per cent.
fn hundredths(share: &str) -> Option<u32> {
    let number = share.strip_suffix('%')?;
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) if (1..=2).contains(&decimals.len()) => (whole, decimals),
        Some(_) => return None,
        None => (number, ""),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = (1..=2).contains(&whole.len()) || whole == "100";
    if !is_short || !is_number(whole) || !is_number(decimals) {
        return None;
    }
    let decimals = decimals.bytes().chain(std::iter::repeat(b'0')).take(2);
    let digits = whole.bytes().chain(decimals);
    Some(digits.fold(0, |sum, digit| 10 * sum + u32::from(digit - b'0')))
}

fn adds_up(palette: &Option<Vec<Color>>, (): &()) -> Result<(), Error> {
    let shares = palette.iter().flatten();
    let sum: Option<u32> = shares.map(|color| hundredths(&color.ratio)).sum();
    let adds_up = palette.is_none() || sum.is_none_or(|sum| sum == 10_000);
    refuse_unless(adds_up, "does not add up to 100.00%")
}

/// The rules across fields.
fn keeps_with(input: &Input) -> impl FnOnce(&Option<Parameters>, &()) -> Result<(), Error> {
    move |parameters, ()| {
        let Some(parameters) = parameters else {
            return Ok(());
        };
        let images = input
            .messages
            .first()
            .map_or(0, |message| images(&message.content));
        let is_sequence = parameters.enable_sequential == Some(true);
        if is_sequence {
            refuse_unless(
                parameters.color_palette.is_none(),
                "has a palette in a sequence",
            )?;
        } else {
            refuse_unless(parameters.n.is_none_or(|n| n <= 4), "asks for too many")?;
        }
        if let Some(size) = &parameters.size
            && (images > 0 || is_sequence)
        {
            let area = || sides(size, "*").and_then(|(width, height)| width.checked_mul(height));
            let is_small = matches!(size.as_str(), "1K" | "2K")
                || area().is_some_and(|area| (768 * 768..=2048 * 2048).contains(&area));
            refuse_unless(is_small, "is for pictures of text alone")?;
        }
        let boxes = parameters.bbox_list.as_ref();
        let is_even = boxes.is_none_or(|boxes| boxes.len() == images);
        refuse_unless(is_even, "has boxes for other images")
    }
}
