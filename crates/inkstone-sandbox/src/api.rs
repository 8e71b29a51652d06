//! Which of the two APIs is it, and where does its body say what is asked for?

use serde_json::Value;

/// An API, known by the folder of its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    Gateway,
    DashScope,
}

impl Api {
    pub fn of(folder: &str) -> Self {
        match folder {
            "dashscope" => Self::DashScope,
            _ => Self::Gateway,
        }
    }

    /// The members between a request's root and its size, count and seed.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Gateway => &[],
            Self::DashScope => &["parameters"],
        }
    }

    pub fn prompt(self, body: &Value) -> &str {
        let prompt = match self {
            Self::Gateway => &body["prompt"],
            Self::DashScope if body["input"]["prompt"].is_string() => &body["input"]["prompt"],
            Self::DashScope => {
                let parts = body["input"]["messages"][0]["content"].as_array();
                let mut texts = parts.into_iter().flatten().map(|part| &part["text"]);
                texts.find(|text| text.is_string()).unwrap_or(&Value::Null)
            }
        };
        prompt.as_str().unwrap_or_default()
    }
}
