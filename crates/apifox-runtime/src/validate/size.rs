//! The rules of a picture's size.

use std::fmt;

use serde_json::{Map, Value};

use crate::validate::report::{Invalid, Report};
use crate::value::dimensions::Dimensions;
use crate::value::json_view::{JsonView, if_text};
use crate::value::node::Node;
use crate::value::path::Path;

/// The rules of a picture's size: the separators (`pattern`), and our own keywords
/// `x-area`, `x-side` and `x-aspect-ratio`.
#[derive(Clone, Copy, Debug)]
pub struct SizeRules {
    /// The characters allowed between width and height, the preferred one first.
    pub separators: &'static [char],
    /// The fewest pixels, width times height.
    pub min_area: u64,
    /// The most pixels, width times height.
    pub max_area: u64,
    /// The fewest pixels of either side.
    pub min_side: u64,
    /// The most pixels of either side.
    pub max_side: u64,
    /// The smallest ratio of width to height.
    pub min_ratio: Option<(u64, u64)>,
    /// The largest ratio of width to height.
    pub max_ratio: Option<(u64, u64)>,
}

/// A limit that nothing exceeds.
const UNLIMITED: u64 = u64::MAX;

impl SizeRules {
    /// The rules that the keywords state, for both separators.
    ///
    /// # Errors
    ///
    /// A keyword whose value is invalid, and why.
    pub(crate) fn from_keywords<'s>(
        keyword: impl Fn(&str) -> Option<&'s Value>,
    ) -> Result<Self, (&'static str, String)> {
        let pixels = |name, bound: &str| match keyword(name).and_then(|limits| limits.get(bound)) {
            None => Ok(None),
            Some(pixels) => pixels.as_u64().map(Some).ok_or_else(|| {
                let message = format!("has a `{bound}` that is not a number of pixels");
                (name, message)
            }),
        };
        let ratio = keyword("x-aspect-ratio");
        let sides = |bound: &str| match ratio.and_then(|limits| limits.get(bound)) {
            None => Ok(None),
            Some(sides) => parse_ratio(sides).map(Some).ok_or_else(|| {
                let message = format!("has a `{bound}` that is not a ratio such as \"1:8\"");
                ("x-aspect-ratio", message)
            }),
        };
        Ok(Self {
            separators: &['x', '*'],
            min_area: pixels("x-area", "minimum")?.unwrap_or(0),
            max_area: pixels("x-area", "maximum")?.unwrap_or(UNLIMITED),
            min_side: pixels("x-side", "minimum")?.unwrap_or(0),
            max_side: pixels("x-side", "maximum")?.unwrap_or(UNLIMITED),
            min_ratio: sides("minimum")?,
            max_ratio: sides("maximum")?,
        })
    }

    /// The rules that a schema states, for both separators; `None` where it states one wrongly.
    #[doc(hidden)]
    #[must_use]
    pub fn from_schema(schema: &Map<String, Value>) -> Option<Self> {
        Self::from_keywords(|keyword| schema.get(keyword)).ok()
    }

    /// Whether a string keeps to the rules; values of other types do.
    #[must_use]
    pub fn accepts(&self, value: &dyn JsonView) -> bool {
        if let Some(size) = value.dimensions() {
            return self.separators.contains(&size.separator) && self.keeps(size);
        }
        if_text(value, |text| {
            let checked = self.check_text(text, Path::ROOT, &mut Report::verdict_only());
            checked.is_some()
        })
    }

    /// Checks the string `node`.
    pub fn check(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Dimensions> {
        match node {
            Node::String(text) => self.check_text(text, at, report),
            _ => report.wrong_type(at, node, "a string"),
        }
    }

    /// Checks the string `text`.
    pub(crate) fn check_text(
        &self,
        text: &str,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<Dimensions> {
        let value = &text;
        let stated = Dimensions::stated(text);
        let separators = self.separators;
        let Some((sides, separator)) = stated.filter(|(_, by)| separators.contains(by)) else {
            return report.violation(at, "pattern", value, Form(separators));
        };
        // Sides that overflow have more pixels than any limit.
        let dimensions = sides.map(|(width, height)| Dimensions {
            width,
            height,
            separator,
        });
        if dimensions.is_some_and(|size| self.keeps(size)) {
            return dimensions;
        }
        let mut clean = dimensions;
        let has_longest_side = self.max_side < UNLIMITED;
        let is_only_long = has_longest_side && self.max_area == UNLIMITED;
        if !dimensions.map_or(is_only_long, |size| self.has_area(size)) {
            let pixels = Pixels(self.min_area, self.max_area);
            clean = report.violation(at, "x-area", value, format_args!("{pixels} pixels in all"));
        }
        if !dimensions.map_or(!has_longest_side, |size| self.has_sides(size)) {
            let pixels = Pixels(self.min_side, self.max_side);
            clean = report.violation(at, "x-side", value, format_args!("{pixels} pixels a side"));
        }
        if dimensions.is_some_and(|size| !self.has_ratio(size)) {
            clean = report.violation(at, "x-aspect-ratio", value, Ratio(*self));
        }
        clean
    }

    /// A size of `width` and `height` pixels, with the preferred separator.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks.
    pub fn build(&self, width: u64, height: u64) -> Result<Dimensions, Invalid> {
        let separator = self.separators.first().copied().unwrap_or('*');
        self.parse(&format!("{width}{separator}{height}"))
    }

    /// Reads a size.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks.
    pub fn parse(&self, text: &str) -> Result<Dimensions, Invalid> {
        let mut report = Report::default();
        let dimensions = self.check_text(text, Path::ROOT, &mut report);
        report.conclude(dimensions)
    }

    /// Whether a size keeps to the limits.
    fn keeps(&self, it: Dimensions) -> bool {
        self.has_area(it) && self.has_sides(it) && self.has_ratio(it)
    }

    fn has_area(&self, it: Dimensions) -> bool {
        let area = u128::from(it.width) * u128::from(it.height);
        (u128::from(self.min_area)..=u128::from(self.max_area)).contains(&area)
    }

    fn has_sides(&self, it: Dimensions) -> bool {
        let allowed = self.min_side..=self.max_side;
        allowed.contains(&it.width) && allowed.contains(&it.height)
    }

    fn has_ratio(&self, it: Dimensions) -> bool {
        // width / height >= a / b, multiplied out
        let at_least = |width: u64, height: u64, (a, b): (u64, u64)| {
            u128::from(width) * u128::from(b) >= u128::from(height) * u128::from(a)
        };
        self.min_ratio
            .is_none_or(|least| at_least(it.width, it.height, least))
            && self
                .max_ratio
                .is_none_or(|(a, b)| at_least(it.height, it.width, (b, a)))
    }
}

fn parse_ratio(value: &Value) -> Option<(u64, u64)> {
    let (width, height) = value.as_str()?.split_once(':')?;
    let ratio = (width.parse().ok()?, height.parse().ok()?);
    (ratio.0 > 0 && ratio.1 > 0).then_some(ratio)
}

/// `<width>*<height> in pixels`
struct Form<'a>(&'a [char]);

impl fmt::Display for Form<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, separator) in self.0.iter().enumerate() {
            let or = if at > 0 { " or " } else { "" };
            write!(f, "{or}<width>{separator}<height>")?;
        }
        f.write_str(" in pixels")
    }
}

/// `from 512 to 2048`
struct Pixels(u64, u64);

impl fmt::Display for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(0, most) => write!(f, "at most {most}"),
            Self(least, UNLIMITED) => write!(f, "at least {least}"),
            Self(least, most) => write!(f, "from {least} to {most}"),
        }
    }
}

struct Ratio(SizeRules);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ratio of width to height")?;
        if let Some((a, b)) = self.0.min_ratio {
            write!(f, " of at least {a}:{b}")?;
        }
        if self.0.min_ratio.is_some() && self.0.max_ratio.is_some() {
            f.write_str(" and")?;
        }
        match self.0.max_ratio {
            Some((a, b)) => write!(f, " at most {a}:{b}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SizeRules, UNLIMITED};

    const WAN: SizeRules = SizeRules {
        separators: &['x', '*'],
        min_area: 768 * 768,
        max_area: 4096 * 4096,
        min_side: 0,
        max_side: UNLIMITED,
        min_ratio: Some((1, 8)),
        max_ratio: Some((8, 1)),
    };

    const QWEN_EDIT: SizeRules = SizeRules {
        separators: &['*'],
        min_area: 0,
        max_area: UNLIMITED,
        min_side: 512,
        max_side: 2048,
        min_ratio: None,
        max_ratio: None,
    };

    #[test]
    fn a_size_encodes_to_the_string_that_it_displays_as() {
        let anything = SizeRules {
            separators: &['*', '\u{1f5bc}'],
            min_area: 0,
            max_area: UNLIMITED,
            min_side: 0,
            max_side: UNLIMITED,
            min_ratio: None,
            max_ratio: None,
        };
        let largest = u64::MAX;
        for text in ["1*1", "1024*10", "3\u{1f5bc}900", &format!("1*{largest}")] {
            let size = anything.parse(text).expect(text);
            let json = serde_json::to_string(&size).expect(text);
            assert_eq!(json, format!("\"{size}\""));
        }
        let size = super::Dimensions {
            width: largest,
            height: largest,
            separator: '\u{1f5bc}',
        };
        let json = serde_json::to_string(&size).expect("a string");
        assert_eq!(json, format!("\"{size}\""));
    }

    #[test]
    fn each_side_keeps_to_its_limits() {
        for text in ["512*512", "2048*2048", "512*2048"] {
            assert_eq!(QWEN_EDIT.parse(text).expect(text).to_string(), text);
        }
        let huge = format!("1024*{}", "9".repeat(40));
        for text in ["511*1024", "1024*511", "2049*512", "512*2049", &huge] {
            let error = QWEN_EDIT.parse(text).expect_err(text).to_string();
            let expected = "(root): x-side: expected from 512 to 2048 pixels a side, found";
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }

    #[test]
    fn sizes_within_the_rules_keep_their_form() {
        for text in ["768x768", "4096*4096", "2176*272", "272x2176", "1920x1080"] {
            let size = WAN.parse(text).expect(text);
            assert_eq!(size.to_string(), text);
        }
        let built = WAN.build(1920, 1080).expect("within the rules");
        assert_eq!(built.to_string(), "1920x1080");
    }

    #[test]
    fn a_size_keeps_to_the_rules_that_its_text_keeps_to() {
        let texts = [
            "768x768",
            "768x767",
            "4096*4096",
            "4096*4097",
            "2176*272",
            "2177*272",
            "512*512",
            "511*1024",
            "2048*2049",
            "1\u{1f5bc}1",
        ];
        let anything = SizeRules {
            separators: &['x', '*', '\u{1f5bc}'],
            min_area: 0,
            max_ratio: None,
            min_ratio: None,
            ..WAN
        };
        let anything = SizeRules {
            max_area: UNLIMITED,
            ..anything
        };
        for text in texts {
            let size = anything.parse(text).expect(text);
            assert!(
                size.is(text) && !size.is("1K") && !size.is(&format!("{text}0")),
                "{text}"
            );
            for rules in [WAN, QWEN_EDIT, anything] {
                assert_eq!(rules.accepts(&size), rules.accepts(&text), "{text}");
            }
        }
    }

    #[test]
    fn other_sizes_say_which_rule_they_break() {
        let form =
            "(root): pattern: expected <width>x<height> or <width>*<height> in pixels, found";
        let area = "(root): x-area: expected from 589824 to 16777216 pixels in all, found";
        let ratio = "(root): x-aspect-ratio: expected a ratio of width to height of at least 1:8 and at most 8:1, found";
        let huge = "9".repeat(40) + "x1";
        let cases = [
            ("", form),
            ("1920", form),
            ("x1080", form),
            ("1920×1080", form),
            ("01920x1080", form),
            ("+1920x1080", form),
            (" 1920x1080", form),
            ("1920x1080x1", form),
            ("1920x-1080", form),
            ("1920X1080", form),
            ("768x767", area),
            ("4096x4097", area),
            (huge.as_str(), area),
            ("2177*272", ratio),
            ("272*2177", ratio),
        ];
        for (text, expected) in cases {
            let error = WAN.parse(text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
