//! Numbers that keep to their bounds.

use apifox_runtime::{BoundedInt, Limit};
use heck::ToSnakeCase as _;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::{ident, unsuffixed};
use crate::model::{Bound, BoundedNumber, TypeRef};

pub fn bounded_int(emitted: &EmittedType<'_>, bounded: &BoundedInt) -> TokenStream {
    let name = &emitted.name;
    let BoundedInt {
        minimum,
        maximum,
        multiple_of,
    } = bounded;
    let mut rule = format!("An integer from {minimum} to {maximum}");
    if *multiple_of > 1 {
        rule += &format!(", a multiple of {multiple_of}");
    }
    let docs = emitted.docs(&[rule + "."]);
    let (minimum, maximum) = (
        Literal::i64_unsuffixed(*minimum),
        Literal::i64_unsuffixed(*maximum),
    );
    let multiple_of = unsuffixed(*multiple_of);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(i64);
        rt::bounded_int! {
            #name: minimum: #minimum, maximum: #maximum, multiple_of: #multiple_of
        }
    }
}

pub fn bounded_number(emitted: &EmittedType<'_>, bounded: &BoundedNumber) -> TokenStream {
    let name = &emitted.name;
    let of = emitted.spelled(&bounded.of);
    let docs = emitted.docs(&[bounded_rule(bounded)]);
    let rules = bounded.bounds.iter().map(|Bound { keyword, limit }| {
        let rule = ident(&keyword.to_snake_case());
        match limit {
            Limit::Integer(limit) => {
                let limit = Literal::i64_unsuffixed(*limit);
                quote!(#rule: Integer(#limit))
            }
            Limit::Float(limit) => {
                let limit = Literal::f64_unsuffixed(*limit);
                quote!(#rule: Float(#limit))
            }
        }
    });
    let kind = ident(match bounded.of {
        TypeRef::Integer => "integer",
        _ => "number",
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#of);
        rt::bounded! { #kind #name: #(#rules),* }
    }
}

fn bounded_rule(bounded: &BoundedNumber) -> String {
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
        TypeRef::Integer => "An integer",
        _ => "A number",
    };
    let of = if bounds.is_empty() { "" } else { " of " };
    format!("{noun}{of}{}{multiple}.", bounds.join(" and "))
}
