//! One of several alternatives.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemEnum;

use super::{Context, decode, docs, from_text, ident, serialize};
use crate::model::{Shape, Type, TypeId, Union, Use};
use crate::shapes::argument;

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> TokenStream {
    let name = ident(&it.name);
    let declaration = declaration(context, id, it, union);
    let decide = ident(if union.exclusive { "one_of" } else { "any_of" });
    let alternatives = union.alternatives.iter().map(|it| {
        let variant = ident(&it.ident);
        let (of, make) = match it.of {
            Use::Null => (
                quote!(<rt::Null as rt::Decode>),
                quote!(|()| Self::#variant),
            ),
            _ => (quote!(rt::Decode), quote!(Self::#variant)),
        };
        quote!(|node, at, report| #of::decode(node, at, report).map(#make))
    });
    let decode = decode(
        &name,
        &quote! { rt::#decide(node, at, report, &[#(#alternatives),*]) },
    );
    let arms = union.alternatives.iter().map(|it| {
        let variant = ident(&it.ident);
        match it.of {
            Use::Null => quote!(Self::#variant => serializer.serialize_unit()),
            _ => quote!(Self::#variant(value) => value.serialize(serializer)),
        }
    });
    let serialize = serialize(&name, &quote! { match self { #(#arms,)* } });
    let conversions = conversions(context, id, it, union);
    let text = union
        .alternatives
        .iter()
        .all(|it| is_text(context, &it.of))
        .then(|| text(context, it, union));
    quote! {
        #declaration
        #conversions
        #text
        #decode
        #serialize
    }
}

fn declaration(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> TokenStream {
    let Some(declared) = context.declarations.enums.get(&id) else {
        return TokenStream::new();
    };
    let mut declared: ItemEnum = declared.clone();
    for (variant, model) in declared.variants.iter_mut().zip(&union.alternatives) {
        variant.ident = ident(&model.ident);
        variant.attrs.clear();
        if model.of == Use::Null {
            variant.fields = syn::Fields::Unit;
        }
    }
    let variants = declared.variants.iter().zip(&union.alternatives);
    let variants = variants.map(|(variant, model)| {
        let docs = match &model.of {
            Use::Declared(id) => docs::brief(&context.module.get(*id).docs, &[]),
            _ => TokenStream::new(),
        };
        let docs = if docs.is_empty() {
            docs::plain("The value.")
        } else {
            docs
        };
        quote!(#docs #variant)
    });
    let docs = context.docs(it, &[]);
    let name = ident(&it.name);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #name { #(#variants,)* }
    }
}

fn conversions(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> TokenStream {
    let name = ident(&it.name);
    let uses = |of: &Use| union.alternatives.iter().filter(|it| it.of == *of).count();
    let declared = context.declarations.enums.get(&id);
    let is_boxed = |at: usize| {
        let variant = declared.and_then(|it| it.variants.get(at));
        let field = variant.and_then(|it| it.fields.iter().next());
        field.is_some_and(|it| argument(&it.ty, "Box").is_some())
    };
    let alternatives = union.alternatives.iter().enumerate();
    let conversions = alternatives
        .filter(|(_, it)| it.of != Use::Null && uses(&it.of) == 1)
        .map(|(at, it)| {
            let (variant, of) = (ident(&it.ident), context.spelled(&it.of));
            let value = match is_boxed(at) {
                true => quote!(Box::new(value)),
                false => quote!(value),
            };
            quote! {
                impl From<#of> for #name {
                    fn from(value: #of) -> Self {
                        Self::#variant(#value)
                    }
                }
            }
        });
    quote! { #(#conversions)* }
}

/// Whether every value of a type is a string that it can be read from.
fn is_text(context: &Context<'_>, of: &Use) -> bool {
    match of {
        Use::Declared(id) => match &context.module.get(*id).shape {
            Shape::Text(_) | Shape::Size(_) => true,
            Shape::Constants(variants) => variants.iter().all(|it| it.value.is_string()),
            _ => false,
        },
        _ => false,
    }
}

fn text(_: &Context<'_>, it: &Type, union: &Union) -> TokenStream {
    let name = ident(&it.name);
    let idents = union.alternatives.iter().map(|it| ident(&it.ident));
    let from_text = from_text(
        &name,
        &quote! {
            <Self as rt::Decode>::decode_root(&rt::Node::String(text.into()))
        },
    );
    quote! {
        #from_text
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { #(Self::#idents(value) => value.fmt(f),)* }
            }
        }
    }
}
