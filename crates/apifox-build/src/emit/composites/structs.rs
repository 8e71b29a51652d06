//! Objects with fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::emit::context::{Context, EmittedType};
use crate::emit::docs;
use crate::emit::impls::ident;
use crate::model::{ADDITIONAL, Additional, Field, Presence, Shape, Struct, TypeRef};

pub fn item(emitted: &EmittedType<'_>, shape: &Struct) -> TokenStream {
    let types = types(emitted, shape);
    let declaration = declaration(emitted, shape, &types);
    let constructor = constructor(emitted, shape, &types);
    let names = names(emitted, shape);
    let fields = fields(emitted.is_viewed(), emitted, shape);
    quote! {
        #declaration
        #constructor
        #names
        #fields
    }
}

/// The types of the fields: as typify declares them, but for those that the empty string
/// leaves out.
fn types(emitted: &EmittedType<'_>, shape: &Struct) -> Vec<TokenStream> {
    let fields = shape.fields.iter().zip(emitted.members());
    let of_field = |(field, ty): (&Field, TokenStream)| match field.presence {
        Presence::OrEmpty => quote!(rt::OrEmpty<#ty>),
        Presence::Required | Presence::Optional => ty,
    };
    fields.map(of_field).collect()
}

fn declaration(emitted: &EmittedType<'_>, shape: &Struct, types: &[TokenStream]) -> TokenStream {
    let name = &emitted.name;
    let fields = shape.fields.iter().zip(types).map(|(field, ty)| {
        let (docs, name) = (field_docs(emitted, field), ident(&field.ident));
        quote!(#docs pub #name: #ty,)
    });
    let additional = additional(emitted, shape);
    let rules = match shape.additional {
        Additional::Denied => vec!["An object with no other fields than these.".to_owned()],
        Additional::Allowed(_) => vec![],
    };
    let docs = emitted.docs(&rules);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name { #(#fields)* #additional }
    }
}

/// The field for undeclared properties.
fn additional(emitted: &EmittedType<'_>, shape: &Struct) -> Option<TokenStream> {
    let (own, name) = (emitted.name.clone(), ident(ADDITIONAL));
    let ty = match &shape.additional {
        Additional::Denied => return None,
        Additional::Allowed(TypeRef::Any) => quote!(rt::Additional<#own>),
        Additional::Allowed(value) => {
            let value = emitted.spelled(value);
            quote!(rt::Additional<#own, #value>)
        }
    };
    let docs = docs::plain("The fields that the schema does not name.");
    Some(quote!(#docs pub #name: #ty,))
}

fn field_docs(context: &Context<'_>, field: &Field) -> TokenStream {
    let docs = docs::brief(&field.docs, &field_rules(context, field));
    if !docs.is_empty() {
        return docs;
    }
    let name = field.name.replace('`', "'");
    docs::plain(&format!("The field `{}`.", name.escape_debug()))
}

/// The rules of a field, but those that its type documents itself.
fn field_rules(context: &Context<'_>, field: &Field) -> Vec<String> {
    let mut rules = Vec::new();
    if let TypeRef::Declared(id) = &field.of
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

fn names(emitted: &EmittedType<'_>, shape: &Struct) -> Option<TokenStream> {
    if matches!(shape.additional, Additional::Denied) {
        return None;
    }
    let name = &emitted.name;
    let names = shape.fields.iter().map(|field| &field.name);
    Some(quote! {
        impl rt::Named for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];
        }
    })
}

fn constructor(emitted: &EmittedType<'_>, shape: &Struct, types: &[TokenStream]) -> TokenStream {
    let name = &emitted.name;
    let given = shape.fields.iter().zip(types);
    let given = given.filter(|(field, _)| is_given(emitted, field));
    let parameters: Vec<_> = given
        .map(|(field, ty)| {
            let name = ident(&field.ident);
            quote!(#name: #ty)
        })
        .collect();
    let values = values(emitted, shape);
    let default = parameters.is_empty().then(|| default(name));
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

/// The values that the constructor fills in.
fn values(context: &Context<'_>, shape: &Struct) -> Vec<TokenStream> {
    let value = |field: &Field| {
        let name = ident(&field.ident);
        match field.presence {
            Presence::Required if is_given(context, field) => quote!(#name),
            Presence::Optional => quote!(#name: None),
            Presence::Required | Presence::OrEmpty => quote!(#name: Default::default()),
        }
    };
    let mut values: Vec<_> = shape.fields.iter().map(value).collect();
    if let Additional::Allowed(_) = shape.additional {
        let name = ident(ADDITIONAL);
        values.push(quote!(#name: Default::default()));
    }
    values
}

fn default(name: &Ident) -> TokenStream {
    quote! {
        impl Default for #name {
            fn default() -> Self {
                Self::new()
            }
        }
    }
}

/// Whether the constructor takes a field's value.
fn is_given(context: &Context<'_>, field: &Field) -> bool {
    field.presence == Presence::Required && !has_one_value(context, &field.of)
}

fn has_one_value(context: &Context<'_>, of: &TypeRef) -> bool {
    match of {
        TypeRef::Null => true,
        TypeRef::Declared(id) => match &context.module.get(*id).shape {
            Shape::Constants(variants) => variants.len() == 1,
            _ => false,
        },
        _ => false,
    }
}

/// How an object is decoded and encoded: the list of its fields says it all.
fn fields(is_viewed: bool, emitted: &EmittedType<'_>, shape: &Struct) -> TokenStream {
    let name = &emitted.name;
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
