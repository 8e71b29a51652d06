//! Objects with fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

use super::{Context, decode, docs, ident, serialize};
use crate::model::{Additional, Field, Presence, Shape, Struct, Type, TypeId, Use};
use crate::names::Scope;
use crate::shapes::ADDITIONAL;

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, shape: &Struct) -> TokenStream {
    let name = ident(&it.name);
    let declaration = declaration(context, id, it, shape);
    let constructor = constructor(context, id, it, shape);
    let names = names(it, shape);
    let decode = decode(&name, &decode_body(shape));
    let serialize = serialize(&name, &serialize_body(shape));
    quote! {
        #declaration
        #constructor
        #names
        #decode
        #serialize
    }
}

fn declaration(context: &Context<'_>, id: TypeId, it: &Type, shape: &Struct) -> TokenStream {
    let Some(declared) = context.declarations.structs.get(&id) else {
        return TokenStream::new();
    };
    let mut declared: ItemStruct = declared.clone();
    declared.ident = ident(&it.name);
    declared.attrs.clear();
    for (field, model) in declared.fields.iter_mut().zip(&shape.fields) {
        field.ident = Some(ident(&model.ident));
        field.attrs.clear();
    }
    let described = declared.fields.iter().zip(&shape.fields);
    let fields: Vec<TokenStream> = described
        .map(|(field, model)| {
            let docs = docs::brief(&model.docs, &field_rules(context, model));
            let docs = if docs.is_empty() {
                docs::plain(&format!(
                    "The field `{}`.",
                    model.name.replace('`', "'").escape_debug()
                ))
            } else {
                docs
            };
            quote!(#docs #field)
        })
        .collect();
    let additional = declared.fields.iter().nth(shape.fields.len());
    let additional = additional.map(|field| {
        let ty = &field.ty;
        let name = ident(ADDITIONAL);
        let docs = docs::plain("The fields that the schema does not name.");
        quote!(#docs pub #name: #ty)
    });
    let fields = fields.iter().chain(&additional);
    let rules = match shape.additional {
        Additional::Denied => vec!["An object with no other fields than these.".to_owned()],
        Additional::Allowed(_) => vec![],
    };
    let docs = context.docs(it, &rules);
    let name = &declared.ident;
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name { #(#fields,)* }
    }
}

/// What a field's type says for itself elsewhere is not said again here.
fn field_rules(context: &Context<'_>, field: &Field) -> Vec<String> {
    let mut rules = Vec::new();
    if let Use::Declared(id) = &field.of
        && let Shape::Constants(variants) = &context.module.get(*id).shape
        && let [only] = &variants[..]
    {
        rules.push(format!("Always `{}`.", only.value));
    }
    if field.presence == Presence::OrEmpty {
        rules.push("The empty string means that there is none.".to_owned());
    }
    rules
}

fn names(it: &Type, shape: &Struct) -> Option<TokenStream> {
    if matches!(shape.additional, Additional::Denied) {
        return None;
    }
    let name = ident(&it.name);
    let names = shape.fields.iter().map(|field| &field.name);
    Some(quote! {
        impl rt::Named for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];
        }
    })
}

fn constructor(context: &Context<'_>, id: TypeId, it: &Type, shape: &Struct) -> TokenStream {
    let name = ident(&it.name);
    let is_given =
        |field: &Field| field.presence == Presence::Required && !has_one_value(context, &field.of);
    let declared = context.declarations.structs.get(&id);
    let types = declared.into_iter().flat_map(|it| &it.fields);
    let parameters: Vec<TokenStream> = shape
        .fields
        .iter()
        .zip(types)
        .filter(|(field, _)| is_given(field))
        .map(|(field, declared)| {
            let (name, ty) = (ident(&field.ident), &declared.ty);
            quote!(#name: #ty)
        })
        .collect();
    let values = shape.fields.iter().map(|field| {
        let name = ident(&field.ident);
        match field.presence {
            Presence::Required if is_given(field) => quote!(#name),
            Presence::Optional => quote!(#name: None),
            Presence::Required | Presence::OrEmpty => quote!(#name: Default::default()),
        }
    });
    let additional = match shape.additional {
        Additional::Denied => None,
        Additional::Allowed(_) => {
            let name = ident(ADDITIONAL);
            Some(quote!(#name: Default::default()))
        }
    };
    let values = values.chain(additional);
    let default = parameters.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let docs =
        docs::plain("The required fields alone; those that have only one value are filled in.");
    quote! {
        impl #name {
            #docs
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }
        }
        #default
    }
}

fn has_one_value(context: &Context<'_>, of: &Use) -> bool {
    match of {
        Use::Null => true,
        Use::Declared(id) => match &context.module.get(*id).shape {
            Shape::Constants(variants) => variants.len() == 1,
            _ => false,
        },
        _ => false,
    }
}

fn decode_body(shape: &Struct) -> TokenStream {
    // A field may well be called `report`.
    let mut scope = Scope::default();
    for taken in ["node", "at", "report", "fields", "nothing_else", ADDITIONAL] {
        scope.claim(&[taken.to_owned()]);
    }
    let locals: Vec<_> = shape
        .fields
        .iter()
        .map(|field| ident(&scope.claim(std::slice::from_ref(&field.ident))))
        .collect();
    let reads = shape.fields.iter().zip(&locals).map(|(field, local)| {
        let name = &field.name;
        let read = ident(match field.presence {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::OrEmpty => "or_empty",
        });
        quote! { let #local = fields.#read(#name, report); }
    });
    let values = shape.fields.iter().zip(&locals).map(|(field, local)| {
        let name = ident(&field.ident);
        quote!(#name: #local?)
    });
    let additional = ident(ADDITIONAL);
    let (end, rest) = match shape.additional {
        Additional::Denied => (
            quote! { let nothing_else = fields.nothing_else(report); },
            None,
        ),
        Additional::Allowed(_) => (
            quote! { let #additional = fields.rest(report); },
            Some(quote!(#additional: #additional?)),
        ),
    };
    let closed = matches!(shape.additional, Additional::Denied).then(|| quote! { nothing_else?; });
    let values = values.chain(rest);
    let mutability = (!shape.fields.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutability fields = rt::Fields::of(node, at, report)?;
        #(#reads)*
        #end
        #closed
        Some(Self { #(#values),* })
    }
}

fn serialize_body(shape: &Struct) -> TokenStream {
    let entries = shape.fields.iter().map(|field| {
        let (key, name) = (&field.name, ident(&field.ident));
        let write = quote! { map.serialize_entry(#key, &self.#name)?; };
        match field.presence {
            Presence::Required => write,
            Presence::Optional => quote! {
                if let Some(value) = &self.#name {
                    map.serialize_entry(#key, value)?;
                }
            },
            Presence::OrEmpty => quote! { if !self.#name.is_missing() { #write } },
        }
    });
    let additional = ident(ADDITIONAL);
    let rest = match shape.additional {
        Additional::Denied => None,
        Additional::Allowed(_) => Some(quote! { self.#additional.serialize_into(&mut map)?; }),
    };
    let is_empty = shape.fields.is_empty() && rest.is_none();
    let mutability = (!is_empty).then(|| quote!(mut));
    quote! {
        use ::serde::ser::SerializeMap as _;
        let #mutability map = serializer.serialize_map(None)?;
        #(#entries)*
        #rest
        map.end()
    }
}
