//! Values as literals in generated code.

use apifox_runtime::Draft;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};

use super::docs;

/// A raw string literal of JSON.
pub(super) fn raw(json: &str) -> TokenStream {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match docs::turns_text(c) {
            true => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => text.push(c),
        }
    }
    let mut fence = String::from("#");
    while text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    let literal = format!("r{fence}\"{text}\"{fence}").parse();
    literal.unwrap_or_else(|_| Literal::string(json).into_token_stream())
}

/// A draft in generated code.
pub(super) fn draft(draft: Draft) -> TokenStream {
    match draft {
        Draft::Seven => quote!(rt::Draft::Seven),
        Draft::Latest => quote!(rt::Draft::Latest),
    }
}
