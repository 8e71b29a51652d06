//! The requests as one would type them by hand: everything optional is an
//! `Option`, and nothing is checked.

use serde::{Deserialize, Serialize};

/// A request to the gateway, whatever the model.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub struct Gateway {
    model: String,
    prompt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    watermark: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_extend: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
}

/// A request to DashScope, in messages.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub struct Generation {
    model: String,
    input: Messages,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Parameters>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Messages {
    messages: Vec<Message>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Message {
    role: String,
    content: Vec<Part>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Part {
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// A request to DashScope in its older form.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub struct Synthesis {
    model: String,
    input: Prompt,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Parameters>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Prompt {
    prompt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Parameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_extend: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_extend_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_sequential: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_mode: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color_palette: Option<Vec<Color>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox_list: Option<Vec<Vec<[u32; 4]>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    watermark: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Color {
    hex: String,
    ratio: String,
}
