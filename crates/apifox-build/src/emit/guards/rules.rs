//! Rules of guards that need no schema at run time.

use apifox_runtime::SizeRules;
use apifox_runtime::codegen::predicates::{SameLength, Step, Sum};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use crate::emit::impls::{ident, option, optional, unsuffixed};
use crate::emit::scalars::constants::constant;
use crate::emit::scalars::sizes;

/// A rule in Rust.
pub(super) enum Written {
    /// An expression that tells whether `value` obeys it.
    Condition(TokenStream),
    /// The type and the value of a static that tells whether it `accepts` a value.
    Static(TokenStream),
}

/// The rule that these keywords state; `None` where it takes their schema.
pub(super) fn without_schema(stated: &Map<String, Value>) -> Option<Written> {
    let is_one = |key: &String, keywords: &[&str]| keywords.contains(&key.as_str());
    let has = |keywords| !stated.is_empty() && stated.keys().all(|key| is_one(key, keywords));
    if has(&["minItems", "maxItems"]) {
        return count(stated).map(Written::Condition);
    }
    if has(&["minLength", "maxLength", "pattern"]) {
        return text(stated).map(Written::Static);
    }
    if has(&["x-area", "x-side", "x-aspect-ratio"]) {
        return size(stated).map(Written::Static);
    }
    of_one_keyword(stated).map(Written::Condition)
}

fn of_one_keyword(stated: &Map<String, Value>) -> Option<TokenStream> {
    let (keyword, value) = stated.iter().next().filter(|_| stated.len() == 1)?;
    match (&**keyword, value) {
        ("const", value) => is_listed(std::slice::from_ref(value)),
        ("enum", Value::Array(values)) => is_listed(values),
        ("type", Value::Array(types)) => is_typed(types),
        ("type", one) => is_typed(std::slice::from_ref(one)),
        ("x-sum", sum) => Some(adds_up(&Sum::from_keyword(sum)?)),
        ("x-same-length", same) => have_same_length(&SameLength::from_keyword(same)?),
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", limit) => {
            let (rule, limit) = (ident(&keyword.to_snake_case()), limit.as_i64()?);
            let rule = quote!(#rule: Some(rt::Limit::Integer(#limit)));
            Some(quote! {
                rt::Bounds::accepts(&rt::Bounds { #rule, ..rt::Bounds::NONE }, value)
            })
        }
        _ => None,
    }
}

fn is_listed(values: &[Value]) -> Option<TokenStream> {
    let is_constant = |value: &Value| match value {
        Value::Number(number) => number.is_i64(),
        value => !value.is_array() && !value.is_object(),
    };
    let constants = values.iter().map(constant);
    let is_listed = quote!(rt::codegen::predicates::is_listed(value, &[#(#constants),*]));
    values.iter().all(is_constant).then_some(is_listed)
}

fn is_typed(types: &[Value]) -> Option<TokenStream> {
    let name = |name: &Value| Some(ident(&name.as_str()?.to_upper_camel_case()));
    let types: Vec<Ident> = types.iter().map(name).collect::<Option<_>>()?;
    Some(quote! {
        rt::codegen::predicates::is_typed(value, &[#(rt::codegen::predicates::Type::#types),*])
    })
}

/// A limit that is stated, if one is; `None` where it is not written as a whole number.
fn limit(stated: &Map<String, Value>, keyword: &str) -> Option<Option<u64>> {
    match stated.get(keyword) {
        Some(limit) => limit.as_u64().map(Some),
        None => Some(None),
    }
}

/// How many items an array has.
fn count(stated: &Map<String, Value>) -> Option<TokenStream> {
    let least = unsuffixed(limit(stated, "minItems")?.unwrap_or(0));
    let most = option(limit(stated, "maxItems")?);
    Some(quote!(rt::codegen::predicates::is_long(value, (#least, #most))))
}

fn adds_up(sum: &Sum) -> TokenStream {
    let (of, total, unit) = (&sum.of, Literal::u128_unsuffixed(sum.total), &sum.unit);
    quote!(rt::codegen::predicates::adds_up(value, #of, #total, #unit))
}

fn have_same_length(same: &SameLength) -> Option<TokenStream> {
    let (array, other) = (follow(&same.array)?, follow(&same.other)?);
    let counting = optional(same.counting.as_ref());
    Some(quote!(rt::codegen::predicates::have_same_length(#array, || #other, #counting)))
}

/// What the steps of a JSON pointer lead to, if they lead anywhere. `None` where there are many:
/// each is a call in a call, and those that read that code recurse.
fn follow(steps: &[Step]) -> Option<TokenStream> {
    const MOST: usize = 16;
    let follow = |value, step: &Step| {
        let (name, index) = (&step.name, step.index.map(|index| index as u64));
        let index = option(index);
        quote!(rt::codegen::predicates::step(#value, #name, #index))
    };
    (steps.len() <= MOST).then(|| steps.iter().fold(quote!(Some(value)), follow))
}

fn text(stated: &Map<String, Value>) -> Option<TokenStream> {
    let min_length = unsuffixed(limit(stated, "minLength")?.unwrap_or(0));
    let max_length = option(limit(stated, "maxLength")?);
    let pattern = match stated.get("pattern") {
        Some(source) => Some(source.as_str()?),
        None => None,
    };
    let pattern = optional(pattern.map(|source| quote!(rt::Pattern::new(#source))));
    Some(quote! {
        rt::Text = rt::Text {
            format: None,
            min_length: #min_length,
            max_length: #max_length,
            pattern: #pattern,
            truncated_length: None,
        }
    })
}

fn size(stated: &Map<String, Value>) -> Option<TokenStream> {
    let rules = sizes::rules(&SizeRules::from_schema(stated)?);
    Some(quote!(rt::SizeRules = rt::SizeRules { #rules }))
}
