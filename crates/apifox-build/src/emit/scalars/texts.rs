//! Strings that keep to their rules.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::code_span::code_span;
use crate::emit::context::EmittedType;
use crate::emit::counted;
use crate::emit::impls::{ident, option, optional, unsuffixed};
use crate::model::Text;

pub fn item(emitted: &EmittedType<'_>, text: &Text) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&rules_in_words(text));
    let rules = rules(text);
    let how = ident(match takes_any(text) {
        true => "any",
        false => "checked",
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(String);
        rt::text! { #how #name: #rules }
    }
}

/// Whether every string keeps to the rules.
pub fn takes_any(text: &Text) -> bool {
    let is_any = text.format.is_none() && text.pattern.is_none();
    is_any && text.min_length == 0 && text.max_length.is_none()
}

fn rules(text: &Text) -> TokenStream {
    let min_length = unsuffixed(text.min_length);
    let max_length = option(text.max_length);
    let truncated_length = option(text.truncated_length);
    let pattern = text.pattern.as_ref();
    let pattern = optional(pattern.map(|source| quote!(rt::Pattern::new(#source))));
    let format = text.format.map(|format| {
        let format = format_ident!("{format:?}");
        quote!(format: Some(rt::Format::#format),)
    });
    quote! {
        #format
        min_length: #min_length,
        max_length: #max_length,
        pattern: #pattern,
        truncated_length: #truncated_length
    }
}

fn rules_in_words(text: &Text) -> Vec<String> {
    let mut rules = Vec::new();
    match (text.min_length, text.max_length) {
        (0, None) => {}
        (1, None) => rules.push("A string that is not empty.".into()),
        (0, Some(0)) => rules.push("The empty string.".into()),
        (least, most) => {
            let length = counted::bounds(least, most, "character").unwrap_or_default();
            rules.push(format!("A string of {length}."));
        }
    }
    rules.extend(
        text.format
            .map(|format| format!("It is {}.", format.described())),
    );
    let pattern = text.pattern.as_deref().map(code_span);
    rules.extend(pattern.map(|pattern| format!("A match of {pattern}.")));
    if let Some(kept) = text.truncated_length {
        rules.push(match kept {
            1 => "The API keeps the first character.".to_owned(),
            kept => format!("The API keeps the first {kept} characters."),
        });
    }
    rules
}
