//! Numbers and strings that keep to their rules.

use apifox_runtime::Limit;
use heck::ToSnakeCase as _;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, decode, docs, from_text, ident, serialize};
use crate::model::{Bound, Bounded, Size, Text, Type, Use, Whole};

pub(super) fn whole(context: &Context<'_>, it: &Type, whole: &Whole) -> TokenStream {
    let name = ident(&it.name);
    let Whole {
        minimum,
        maximum,
        multiple_of,
    } = whole;
    let mut rule = format!("An integer from {minimum} to {maximum}");
    if *multiple_of > 1 {
        rule += &format!(", a multiple of {multiple_of}");
    }
    let docs = context.docs(it, &[rule + "."]);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(i64);
        rt::bounded_int! {
            #name: minimum: #minimum, maximum: #maximum, multiple_of: #multiple_of
        }
    }
}

pub(super) fn bounded(context: &Context<'_>, it: &Type, bounded: &Bounded) -> TokenStream {
    let name = ident(&it.name);
    let of = context.spelled(&bounded.of);
    let docs = context.docs(it, &[bounded_rule(bounded)]);
    let rules = bounded.bounds.iter().map(|Bound { keyword, limit }| {
        let rule = ident(&keyword.to_snake_case());
        match limit {
            Limit::Integer(limit) => quote!(#rule: Integer(#limit)),
            Limit::Float(limit) => quote!(#rule: Float(#limit)),
        }
    });
    let conversions = super::guarded::conversions(&name, &bounded.of);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#of);
        rt::bounded! { #name(#of): #(#rules),* }
        #conversions
    }
}

fn bounded_rule(bounded: &Bounded) -> String {
    let mut bounds = Vec::new();
    let mut multiple = String::new();
    for Bound { keyword, limit } in &bounded.bounds {
        let limit = match limit {
            Limit::Integer(limit) => limit.to_string(),
            Limit::Float(limit) => limit.to_string(),
        };
        match *keyword {
            "minimum" => bounds.push(format!("at least {limit}")),
            "maximum" => bounds.push(format!("at most {limit}")),
            "exclusiveMinimum" => bounds.push(format!("more than {limit}")),
            "exclusiveMaximum" => bounds.push(format!("less than {limit}")),
            _ => multiple = format!(", a multiple of {limit}"),
        }
    }
    let noun = match bounded.of {
        Use::Integer => "An integer",
        _ => "A number",
    };
    let of = if bounds.is_empty() { "" } else { " of " };
    format!("{noun}{of}{}{multiple}.", bounds.join(" and "))
}

pub(super) fn text(context: &Context<'_>, it: &Type, text: &Text) -> TokenStream {
    let name = ident(&it.name);
    let docs = context.docs(it, &text_rules(text));
    let rules = rules(text);
    let conversions = if takes_any(text) {
        quote! {
            impl From<&str> for #name {
                fn from(text: &str) -> Self {
                    Self(text.to_owned())
                }
            }
            impl From<String> for #name {
                fn from(text: String) -> Self {
                    Self(text)
                }
            }
        }
    } else {
        from_text(
            &name,
            &quote! { Self::rules().check_built(text).map(|()| Self(text.to_owned())) },
        )
    };
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(String);
        rt::text! { #name: #rules }
        #conversions
    }
}

fn takes_any(text: &Text) -> bool {
    text.min_length == 0 && text.max_length.is_none() && text.pattern.is_none()
}

fn rules(text: &Text) -> TokenStream {
    let min_length = text.min_length;
    let max_length = option(text.max_length);
    let truncated_length = option(text.truncated_length);
    let pattern = match &text.pattern {
        Some(source) => quote!(Some(rt::Pattern::new(#source))),
        None => quote!(None),
    };
    quote! {
        min_length: #min_length,
        max_length: #max_length,
        pattern: #pattern,
        truncated_length: #truncated_length
    }
}

fn text_rules(text: &Text) -> Vec<String> {
    let mut rules = Vec::new();
    match (text.min_length, text.max_length) {
        (0, None) => {}
        (1, None) => rules.push("A string that is not empty.".into()),
        (least, None) => rules.push(format!("A string of at least {least} characters.")),
        (0, Some(most)) => rules.push(format!("A string of at most {most} characters.")),
        (least, Some(most)) => {
            rules.push(format!("A string of {least} to {most} characters."));
        }
    }
    if let Some(pattern) = &text.pattern {
        // Backticks in a pattern would end the code span.
        let pattern = pattern.replace(['\n', '\r'], " ");
        let ticks = if pattern.contains('`') { "``" } else { "`" };
        rules.push(format!("A match of {ticks}{pattern}{ticks}."));
    }
    if let Some(kept) = text.truncated_length {
        rules.push(format!("The API keeps the first {kept} characters."));
    }
    rules
}

pub(super) fn size(context: &Context<'_>, it: &Type, size: &Size) -> TokenStream {
    let name = ident(&it.name);
    let docs = context.docs(it, &[size_rule(size)]);
    let Size {
        separators,
        min_area,
        max_area,
        min_side,
        max_side,
        min_ratio,
        max_ratio,
    } = size;
    let (min_ratio, max_ratio) = (option_pair(*min_ratio), option_pair(*max_ratio));
    let new_docs = docs::plain("A size in pixels.\n\n# Errors\n\nEvery rule that it breaks.");
    let width_docs = docs::plain("In pixels.");
    let decode = decode(
        &name,
        &quote! { Self::RULES.check(node, at, report).map(Self) },
    );
    let serialize = serialize(&name, &quote! { self.0.serialize(serializer) });
    let from_text = from_text(&name, &quote! { Self::RULES.parse(text).map(Self) });
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct #name(rt::Dimensions);
        impl #name {
            const RULES: rt::SizeRules = rt::SizeRules {
                separators: &[#(#separators),*],
                min_area: #min_area,
                max_area: #max_area,
                min_side: #min_side,
                max_side: #max_side,
                min_ratio: #min_ratio,
                max_ratio: #max_ratio,
            };
            #new_docs
            pub fn new(width: u64, height: u64) -> Result<Self, rt::Invalid> {
                Self::RULES.build(width, height).map(Self)
            }
            #width_docs
            #[must_use]
            pub const fn width(&self) -> u64 {
                self.0.width()
            }
            #width_docs
            #[must_use]
            pub const fn height(&self) -> u64 {
                self.0.height()
            }
        }
        #from_text
        rt::display_inner! { #name }
        #decode
        #serialize
    }
}

fn size_rule(size: &Size) -> String {
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

pub(super) fn option(value: Option<u64>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn option_pair(value: Option<(u64, u64)>) -> TokenStream {
    match value {
        Some((a, b)) => quote!(Some((#a, #b))),
        None => quote!(None),
    }
}
