//! What a guard looks at: a decoded value is shown to it as it is, not encoded first.

use std::collections::HashSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, ident};
use crate::model::{Module, Shape, Suggestions, Type, TypeId, Union, Use};

/// The types that a guard may come across. Where one of them is the caller's, who need
/// not know of views, the guard goes by what the value encodes to.
#[derive(Debug, Default)]
pub(super) struct Views {
    viewed: HashSet<TypeId>,
}

impl Views {
    pub fn of(module: &Module) -> Self {
        let guarded = module.types.iter().filter_map(|it| match &it.shape {
            Shape::Guarded(guarded) => Some(&guarded.of),
            _ => None,
        });
        let mut viewed = HashSet::new();
        let mut are_all_ours = true;
        for of in guarded.clone() {
            are_all_ours &= reach(module, of, &mut viewed);
        }
        if are_all_ours {
            return Self { viewed };
        }
        // Somewhere there is a type of the caller's, so each guard is looked at alone.
        viewed.clear();
        for of in guarded {
            let mut seen = HashSet::new();
            if reach(module, of, &mut seen) {
                viewed.extend(seen);
            }
        }
        Self { viewed }
    }

    /// Whether a type is looked at.
    pub fn has(&self, id: TypeId) -> bool {
        self.viewed.contains(&id)
    }

    /// Whether `of` can be looked at.
    pub fn shows(&self, of: &Use) -> bool {
        match of {
            Use::Declared(id) => self.has(*id),
            Use::Array(of) | Use::Map(of) => self.shows(of),
            _ => true,
        }
    }
}

/// Collects the types that `of` leads to; whether none of them is the caller's.
fn reach(module: &Module, of: &Use, seen: &mut HashSet<TypeId>) -> bool {
    match of {
        Use::Array(of) | Use::Map(of) => reach(module, of, seen),
        Use::Declared(id) if seen.insert(*id) => {
            let shape = &module.get(*id).shape;
            let is_ours = !matches!(shape, Shape::Foreign(_));
            shape
                .parts()
                .into_iter()
                .fold(is_ours, |all, of| reach(module, of, seen) && all)
        }
        _ => true,
    }
}

/// How a type is looked at, if it is; an object says so where it lists its fields.
pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type) -> Option<TokenStream> {
    if !context.views.has(id) {
        return None;
    }
    let look = match &it.shape {
        Shape::Struct(_) | Shape::Foreign(_) => return None,
        Shape::Tuple(items) => return Some(tuple(it, items.len())),
        Shape::Constants(_) => quote! { rt::codegen::view::constant(self.constant()) },
        Shape::Suggestions(known) => suggestions(known),
        Shape::Union(union) => alternatives(union),
        Shape::Whole(_)
        | Shape::Bounded(_)
        | Shape::Text(_)
        | Shape::Size(_)
        | Shape::Items(_)
        | Shape::Transparent(_)
        | Shape::Guarded(_) => quote! { self.0.as_json() },
    };
    let name = ident(&it.name);
    Some(quote! {
        impl rt::JsonView for #name {
            fn as_json(&self) -> rt::JsonRef<'_> {
                #look
            }
        }
    })
}

fn alternatives(union: &Union) -> TokenStream {
    let arms = union.alternatives.iter().map(|it| {
        let variant = ident(&it.ident);
        match it.of {
            Use::Null => quote!(Self::#variant => rt::JsonRef::Null),
            _ => quote!(Self::#variant(value) => value.as_json()),
        }
    });
    quote! { match self { #(#arms,)* } }
}

fn suggestions(known: &Suggestions) -> TokenStream {
    let variants = known.variants.iter().map(|it| ident(&it.ident));
    let constants = known
        .variants
        .iter()
        .map(|it| super::constants::constant(&it.value));
    let other = ident(&known.other);
    quote! {
        match self {
            #(Self::#variants => rt::codegen::view::constant(#constants),)*
            Self::#other(value) => value.as_json(),
        }
    }
}

fn tuple(it: &Type, count: usize) -> TokenStream {
    let name = ident(&it.name);
    let places: Vec<Literal> = (0..count).map(Literal::usize_unsuffixed).collect();
    quote! {
        impl rt::JsonView for #name {
            fn as_json(&self) -> rt::JsonRef<'_> {
                rt::JsonRef::Array(self)
            }
        }
        impl rt::Elements for #name {
            fn count(&self) -> usize {
                #count
            }
            fn item(&self, index: usize) -> Option<&dyn rt::JsonView> {
                match index {
                    #(#places => Some(&self.#places),)*
                    _ => None,
                }
            }
        }
    }
}
