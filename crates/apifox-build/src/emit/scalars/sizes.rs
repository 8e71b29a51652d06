//! Sizes such as `1024*1024`.

use apifox_runtime::SizeRules;
use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::{optional, unsuffixed};

pub fn item(emitted: &EmittedType<'_>, size: &SizeRules) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&[rules_in_words(size)]);
    let rules = rules(size);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct #name(rt::Dimensions);
        rt::size! { #name: #rules }
    }
}

/// The fields of `rt::SizeRules`.
pub fn rules(size: &SizeRules) -> TokenStream {
    let separators = size.separators;
    let (min_area, max_area) = (unsuffixed(size.min_area), unsuffixed(size.max_area));
    let (min_side, max_side) = (unsuffixed(size.min_side), unsuffixed(size.max_side));
    let (min_ratio, max_ratio) = (ratio(size.min_ratio), ratio(size.max_ratio));
    quote! {
        separators: &[#(#separators),*],
        min_area: #min_area,
        max_area: #max_area,
        min_side: #min_side,
        max_side: #max_side,
        min_ratio: #min_ratio,
        max_ratio: #max_ratio
    }
}

fn rules_in_words(size: &SizeRules) -> String {
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
    optional(value.map(|(width, height)| {
        let (width, height) = (unsuffixed(width), unsuffixed(height));
        quote!((#width, #height))
    }))
}
