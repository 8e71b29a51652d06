//! The requests and replies of OpenAI's images API, as its libraries write and read them:
//! <https://platform.openai.com/docs/api-reference/images>.

pub mod answer;
pub mod body;
pub mod check;
pub mod fields;
pub mod form;
