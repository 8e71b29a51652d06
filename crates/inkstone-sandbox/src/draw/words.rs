//! The words that texts are made of: by their format, or by the name of the member.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::draw::drawer::Drawer;
use crate::journal::request_ids::uuid;

const WORDS: [&str; 16] = [
    "amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "harbor", "indigo", "juniper",
    "krill", "lantern", "meadow", "nimbus", "orchid", "pebble",
];
const NAMES: [&str; 8] = [
    "Ada Lovelace",
    "Alan Turing",
    "Grace Hopper",
    "Lin Yutang",
    "Mei Lanfang",
    "Niels Abel",
    "Sofia Kovalevskaya",
    "Tu Youyou",
];

impl Drawer<'_> {
    pub fn word(&mut self) -> &'static str {
        self.pick(&WORDS).unwrap_or("amber")
    }

    /// A text of a format of JSON Schema or OpenAPI; `None` where there is no such format.
    pub fn of_format(&mut self, format: &str) -> Option<String> {
        let word = self.word();
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        let (hour, minute) = (self.below(24), self.below(60));
        let date = format!("2026-{month:02}-{day:02}");
        let time = format!("{hour:02}:{minute:02}:00Z");
        let host = 1 + self.below(254);
        Some(match format {
            "date-time" | "datetime" => format!("{date}T{time}"),
            "date" => date,
            "time" => time,
            "duration" => format!("P{day}D"),
            "email" | "idn-email" => format!("{word}@example.com"),
            "hostname" | "idn-hostname" => format!("{word}.example.com"),
            "ipv4" => format!("192.0.2.{host}"),
            "ipv6" => format!("2001:db8::{host:x}"),
            "uri" | "url" | "iri" => format!("https://example.com/{word}"),
            "uri-reference" | "iri-reference" | "json-pointer" => format!("/{word}"),
            "uuid" => uuid(&mut self.random),
            "regex" => format!("^{word}$"),
            "byte" | "base64" => STANDARD.encode(word),
            "int32" | "int64" | "decimal" | "number" => host.to_string(),
            _ => return None,
        })
    }

    /// A text for a member of this name.
    pub fn of_name(&mut self, name: &str) -> String {
        let name = name.to_lowercase().replace(['_', '-'], "");
        let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
        let word = self.word();
        let number = self.below(100);
        match () {
            () if ends(&["email", "mail"]) => format!("{word}@example.com"),
            () if ends(&["url", "uri", "link", "href", "avatar"]) => {
                format!("https://example.com/{word}")
            }
            () if name == "id" || ends(&["uuid", "guid"]) => uuid(&mut self.random),
            () if ends(&["phone", "mobile"]) => format!("555-01{number:02}"),
            () if ends(&["date"]) => format!("2026-01-{:02}", 1 + number % 28),
            () if ends(&["time", "createdat", "updatedat"]) => {
                format!("2026-01-{:02}T09:30:00Z", 1 + number % 28)
            }
            () if ends(&["username", "login"]) => format!("{word}{number}"),
            () if ends(&["name", "author", "owner"]) => self.pick(&NAMES).unwrap_or(word).into(),
            () if ends(&[
                "description",
                "comment",
                "content",
                "message",
                "summary",
                "text",
            ]) =>
            {
                let (second, third) = (self.word(), self.word());
                format!("A {word} between {second} and {third}.")
            }
            () if ends(&["currency"]) => "CNY".into(),
            () if ends(&["country"]) => "NZ".into(),
            () if ends(&["version"]) => format!("1.{number}.0"),
            () => word.into(),
        }
    }
}
