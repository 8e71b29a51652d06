//! Sizes such as `1024*1024`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::docs;
use crate::emit::impls::{decode, from_text, serialize};
use crate::model::Size;

pub fn item(emitted: &EmittedType<'_>, size: &Size) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&[rules_in_words(size)]);
    let rules = rules(size);
    let methods = methods();
    let check = quote! { Self::RULES.check(node, at, report).map(Self) };
    let decode = decode(name, &check);
    let serialize = serialize(name, &quote! { self.0.serialize(serializer) });
    let from_text = from_text(name, &quote! { Self::RULES.parse(text).map(Self) });
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct #name(rt::Dimensions);
        impl #name {
            const RULES: rt::SizeRules = #rules;
            #methods
        }
        #from_text
        rt::display_inner! { #name }
        #decode
        #serialize
    }
}

pub fn rules(size: &Size) -> TokenStream {
    let Size {
        separators,
        min_area,
        max_area,
        min_side,
        max_side,
        ..
    } = size;
    let (min_ratio, max_ratio) = (ratio(size.min_ratio), ratio(size.max_ratio));
    quote! {
        rt::SizeRules {
            separators: &[#(#separators),*],
            min_area: #min_area,
            max_area: #max_area,
            min_side: #min_side,
            max_side: #max_side,
            min_ratio: #min_ratio,
            max_ratio: #max_ratio,
        }
    }
}

fn methods() -> TokenStream {
    let new_docs = docs::plain("A size in pixels.\n\n# Errors\n\nEvery rule that it breaks.");
    let side_docs = docs::plain("In pixels.");
    quote! {
        #new_docs
        pub fn new(width: u64, height: u64) -> Result<Self, rt::Invalid> {
            Self::RULES.build(width, height).map(Self)
        }
        #side_docs
        #[must_use]
        pub const fn width(&self) -> u64 {
            self.0.width()
        }
        #side_docs
        #[must_use]
        pub const fn height(&self) -> u64 {
            self.0.height()
        }
    }
}

fn rules_in_words(size: &Size) -> String {
    let forms: Vec<String> = size
        .separators
        .iter()
        .map(|separator| format!("`1024{separator}1024`"))
        .collect();
    let mut rule = format!("Width and height as in {}", forms.join(" or "));
    for (least, most, what) in [
        (size.min_area, size.max_area, "in all"),
        (size.min_side, size.max_side, "a side"),
    ] {
        match (least, most) {
            (0, u64::MAX) => {}
            (least, u64::MAX) => rule += &format!(", at least {least} pixels {what}"),
            (least, most) if least == most => rule += &format!(", exactly {least} pixels {what}"),
            (least, most) => rule += &format!(", from {least} to {most} pixels {what}"),
        }
    }
    for (word, ratio) in [("at least", size.min_ratio), ("at most", size.max_ratio)] {
        if let Some((a, b)) = ratio {
            rule += &format!(", width to height {word} {a}:{b}");
        }
    }
    rule + "."
}

fn ratio(value: Option<(u64, u64)>) -> TokenStream {
    match value {
        Some((width, height)) => quote!(Some((#width, #height))),
        None => quote!(None),
    }
}
