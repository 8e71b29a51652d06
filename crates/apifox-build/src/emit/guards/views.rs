//! What a guard looks at: a decoded value is shown to it as it is, not encoded first.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::ident;
use crate::emit::scalars::constants::constant;
use crate::model::{Shape, Suggestions, TypeRef, Union};

/// How a type is looked at, if it is; an object says so where it lists its fields.
pub fn item(emitted: &EmittedType<'_>) -> Option<TokenStream> {
    if !emitted.is_viewed() {
        return None;
    }
    let look = match &emitted.declared.shape {
        Shape::Struct(_) | Shape::Foreign(_) => return None,
        Shape::Tuple(items) => return Some(tuple(emitted, items.len())),
        Shape::Constants(_) => quote! { rt::codegen::view::constant(self.constant()) },
        Shape::Suggestions(known) => suggestions(known),
        Shape::Union(union) => alternatives(union),
        Shape::BoundedInt(_)
        | Shape::BoundedNumber(_)
        | Shape::Text(_)
        | Shape::Size(_)
        | Shape::Items(_)
        | Shape::Transparent(_)
        | Shape::Guarded(_) => quote! { self.0.as_json() },
    };
    let name = &emitted.name;
    let dimensions = dimensions(emitted).map(|size| {
        quote! {
            fn dimensions(&self) -> Option<rt::Dimensions> {
                #size
            }
        }
    });
    Some(quote! {
        impl rt::JsonView for #name {
            fn as_json(&self) -> rt::JsonRef<'_> {
                #look
            }
            #dimensions
        }
    })
}

/// The size that a string states, for types that keep it as one.
fn dimensions(emitted: &EmittedType<'_>) -> Option<TokenStream> {
    let union = match &emitted.declared.shape {
        Shape::Size(_) => return Some(quote!(Some(self.0))),
        Shape::Union(union) => union,
        _ => return None,
    };
    let is_size = |of: &TypeRef| match of {
        TypeRef::Declared(id) => matches!(emitted.module.get(*id).shape, Shape::Size(_)),
        _ => false,
    };
    let (sizes, others): (Vec<_>, Vec<_>) =
        union.alternatives.iter().partition(|one| is_size(&one.of));
    let sizes: Vec<_> = sizes.iter().map(|one| ident(&one.ident)).collect();
    let others: Vec<_> = others
        .iter()
        .map(|one| {
            let variant = ident(&one.ident);
            match one.of {
                TypeRef::Null => quote!(Self::#variant),
                _ => quote!(Self::#variant(_)),
            }
        })
        .collect();
    let none = (!others.is_empty()).then(|| quote!(#(#others)|* => None,));
    let of_size = quote!(#(Self::#sizes(value) => value.dimensions(),)*);
    (!sizes.is_empty()).then(|| quote!(match self { #of_size #none }))
}

fn alternatives(union: &Union) -> TokenStream {
    let arms = union.alternatives.iter().map(|one| {
        let variant = ident(&one.ident);
        match one.of {
            TypeRef::Null => quote!(Self::#variant => rt::JsonRef::Null),
            _ => quote!(Self::#variant(value) => value.as_json()),
        }
    });
    quote! { match self { #(#arms,)* } }
}

fn suggestions(known: &Suggestions) -> TokenStream {
    let variants = known.variants.iter().map(|variant| ident(&variant.ident));
    let constants = known
        .variants
        .iter()
        .map(|variant| constant(&variant.value));
    let other = ident(&known.other);
    quote! {
        match self {
            #(Self::#variants => rt::codegen::view::constant(#constants),)*
            Self::#other(value) => value.as_json(),
        }
    }
}

fn tuple(emitted: &EmittedType<'_>, count: usize) -> TokenStream {
    let name = &emitted.name;
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
