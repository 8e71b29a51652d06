//! Arrays with rules of their own.

use proc_macro2::TokenStream;
use quote::quote;

use super::scalar::option;
use super::{Context, ident};
use crate::model::{Contains, Items, Shape, Type, TypeId, Use};

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, items: &Items) -> TokenStream {
    let name = ident(&it.name);
    let of = context.spelled(&items.of);
    let docs = context.docs(it, &rules_in_words(context, items));
    let rules = rules(context, items);
    let takes_one = items.of != Use::Declared(id)
        && items.contains.is_none()
        && items.min_items <= 1
        && items.max_items.is_none_or(|most| most >= 1);
    let from_one = takes_one.then(|| {
        quote! {
            impl From<#of> for #name {
                fn from(item: #of) -> Self {
                    Self(vec![item])
                }
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(Vec<#of>);
        rt::items! { #name(#of): #rules }
        #from_one
    }
}

fn rules(context: &Context<'_>, items: &Items) -> TokenStream {
    let Items {
        min_items,
        unique_items,
        ..
    } = items;
    let max_items = option(items.max_items);
    let contains = match &items.contains {
        None => quote!(None),
        Some(contains) => {
            let of = context.spelled(&contains.of);
            let is = is_contained(context, items, contains);
            let min_contains = contains.min_contains;
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
    };
    quote! {
        min_items: #min_items,
        max_items: #max_items,
        unique_items: #unique_items,
        contains: #contains
    }
}

/// How to tell whether an item that was decoded counts: its variant says so where
/// exactly one alternative fits, or the first that fits was taken.
fn is_contained(context: &Context<'_>, items: &Items, contains: &Contains) -> TokenStream {
    let of = context.spelled(&contains.of);
    if let Use::Declared(id) = &items.of
        && let Shape::Union(union) = &context.module.get(*id).shape
        && let Some(at) = union
            .alternatives
            .iter()
            .position(|it| it.of == contains.of)
        && (union.exclusive || at == 0)
    {
        let (name, variant) = (
            context.spelled(&items.of),
            ident(&union.alternatives[at].ident),
        );
        return quote!(|item| matches!(item, #name::#variant { .. }));
    }
    quote!(rt::accepts_encoded::<#of, _>)
}

fn rules_in_words(context: &Context<'_>, items: &Items) -> Vec<String> {
    let mut rules = Vec::new();
    match bounds(items.min_items, items.max_items, "item") {
        Some(count) => rules.push(format!("An array of {count}.")),
        None => rules.push("An array.".to_owned()),
    }
    if items.unique_items {
        rules.push("No two items are equal.".to_owned());
    }
    if let Some(contains) = &items.contains {
        let of = context.spelled(&contains.of).to_string();
        let noun = format!("[`{of}`]");
        if let Some(count) = bounds(contains.min_contains, contains.max_contains, &noun) {
            rules.push(format!("It holds {count}."));
        }
    }
    rules
}

fn bounds(least: u64, most: Option<u64>, noun: &str) -> Option<String> {
    Some(match (least, most) {
        (0, None) => return None,
        (least, Some(most)) if least == most => format!("exactly {}", counted(least, noun)),
        (least, None) => format!("at least {}", counted(least, noun)),
        (0, Some(most)) => format!("at most {}", counted(most, noun)),
        (least, Some(most)) => format!("{least} to {}", counted(most, noun)),
    })
}

/// `1 item`, `2 items`; the name of a type stays as it is.
fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 || noun.starts_with('[') {
        ""
    } else {
        "s"
    };
    format!("{count} {noun}{plural}")
}
