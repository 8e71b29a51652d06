//! Arrays with rules of their own.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::{Context, EmittedType};
use crate::emit::counted;
use crate::emit::impls::{ident, option, unsuffixed};
use crate::model::{Contains, Items, Shape, TypeRef};

pub fn item(emitted: &EmittedType<'_>, items: &Items) -> TokenStream {
    let name = &emitted.name;
    let of = emitted.spelled(&items.of);
    let docs = emitted.docs(&rules_in_words(emitted, items));
    let rules = rules(emitted, items);
    let takes_one = !emitted.is(&items.of)
        && items.contains.is_none()
        && items.min_items <= 1
        && items.max_items.is_none_or(|most| most >= 1);
    let from_one = takes_one.then(|| quote!(or #of));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(Vec<#of>);
        rt::items! { #name(#of) #from_one: #rules }
    }
}

fn rules(context: &Context<'_>, items: &Items) -> TokenStream {
    let least = (items.min_items > 0).then(|| {
        let least = unsuffixed(items.min_items);
        quote!(min_items: #least)
    });
    let most = items.max_items.map(|_| {
        let most = option(items.max_items);
        quote!(max_items: #most)
    });
    let unique = items.unique_items.then(|| quote!(unique_items: true));
    let contains = items.contains.as_ref().map(|contains| {
        let contains = contains_rule(context, items, contains);
        quote!(contains: #contains)
    });
    let rules = [least, most, unique, contains].into_iter().flatten();
    quote!(#(#rules),*)
}

fn contains_rule(context: &Context<'_>, items: &Items, contains: &Contains) -> TokenStream {
    let of = context.spelled(&contains.of);
    let is = is_contained(context, items, contains);
    let min_contains = unsuffixed(contains.min_contains);
    let max_contains = option(contains.max_contains);
    quote! {
        Some(rt::Contains {
            accepts_node: rt::accepts::<#of>,
            accepts_item: #is,
            min_contains: #min_contains,
            max_contains: #max_contains,
        })
    }
}

/// How to tell whether an item that was decoded counts: its variant says so where
/// exactly one alternative fits, or the first that fits was taken.
fn is_contained(context: &Context<'_>, items: &Items, contains: &Contains) -> TokenStream {
    if let TypeRef::Declared(id) = &items.of
        && let Shape::Union(union) = &context.module.get(*id).shape
        && let mut alternatives = union.alternatives.iter().enumerate()
        && let Some((at, one)) = alternatives.find(|(_, one)| one.of == contains.of)
        && (union.exclusive || at == 0)
    {
        let (name, variant) = (context.spelled(&items.of), ident(&one.ident));
        return quote!(|item| matches!(item, #name::#variant { .. }));
    }
    let of = context.spelled(&contains.of);
    quote!(rt::accepts_encoded::<#of, _>)
}

fn rules_in_words(context: &Context<'_>, items: &Items) -> Vec<String> {
    let mut rules = Vec::new();
    match counted::bounds(items.min_items, items.max_items, "item") {
        Some(count) => rules.push(format!("An array of {count}.")),
        None => rules.push("An array.".to_owned()),
    }
    if items.unique_items {
        rules.push("No two items are equal.".to_owned());
    }
    if let Some(contains) = &items.contains {
        let of = context.spelled(&contains.of).to_string();
        let noun = format!("[`{of}`]");
        if let Some(count) = counted::bounds(contains.min_contains, contains.max_contains, &noun) {
            rules.push(format!("It holds {count}."));
        }
    }
    rules
}
