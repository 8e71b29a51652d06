//! The APIs as their documents describe them.

pub mod api;
pub mod api_error;
pub mod catalog;
pub mod document;
pub mod error_codes;
pub mod parameter;
pub mod parse_document;
pub mod path_template;
pub mod role;
pub mod route;
pub mod schema;
pub mod violations;
mod work;
