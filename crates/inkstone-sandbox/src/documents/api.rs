//! The two APIs, and where their requests hold what is asked for.

use serde_json::Value;

/// An API, known by the folder of its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    Gateway,
    DashScope,
}

impl Api {
    pub fn from_folder(folder: &str) -> Self {
        match folder {
            "dashscope" => Self::DashScope,
            _ => Self::Gateway,
        }
    }

    /// The members that lead to the size, count and seed of a request.
    pub fn parameters_path(self) -> &'static [&'static str] {
        match self {
            Self::Gateway => &[],
            Self::DashScope => &["parameters"],
        }
    }

    /// How many pictures a body brings along.
    pub fn inputs(self, body: &Value) -> usize {
        match self {
            Self::Gateway => match &body["image"] {
                Value::Array(images) => images.len(),
                Value::String(_) => 1,
                _ => 0,
            },
            Self::DashScope => {
                let parts = body["input"]["messages"][0]["content"].as_array();
                let parts = parts.into_iter().flatten();
                parts.filter(|part| part.get("image").is_some()).count()
            }
        }
    }

    /// The prompt of a body, or an empty text.
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
