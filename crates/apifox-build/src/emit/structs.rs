//! Objects with fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

use super::{Context, docs, ident};
use crate::model::{Additional, Field, Presence, Shape, Struct, Type, TypeId, Use};
use crate::shapes::ADDITIONAL;

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, shape: &Struct) -> TokenStream {
    let declaration = declaration(context, id, it, shape);
    let constructor = constructor(context, id, it, shape);
    let names = names(it, shape);
    let fields = fields(context.views.has(id), it, shape);
    quote! {
        #declaration
        #constructor
        #names
        #fields
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

/// How an object is decoded and encoded: the list of its fields says it all.
fn fields(is_viewed: bool, it: &Type, shape: &Struct) -> TokenStream {
    let name = ident(&it.name);
    let fields = shape.fields.iter().map(|field| {
        let (name, key) = (ident(&field.ident), &field.name);
        let presence = ident(match field.presence {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::OrEmpty => "or_empty",
        });
        quote!(#presence #name = #key,)
    });
    let rest = match shape.additional {
        Additional::Denied => None,
        Additional::Allowed(_) => {
            let additional = ident(ADDITIONAL);
            Some(quote!(.. #additional))
        }
    };
    let view = is_viewed.then(|| quote!(as JsonView));
    quote! { rt::object! { #name #view { #(#fields)* #rest } } }
}
