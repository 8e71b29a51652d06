//! From flags to a request, and whether its document accepts it.

pub mod assignment;
pub mod body;
pub mod choose_operation;
pub mod document;
pub mod given_document;
pub mod input_image;
pub mod picture_count;
pub mod remake;
pub mod required_fields;
pub mod shape;
pub mod size_separator;
pub mod upload;
pub mod verdict;
pub mod words;
