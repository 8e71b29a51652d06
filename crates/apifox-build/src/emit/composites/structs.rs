//! Objects with fields.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::code_span::code_span;
use crate::emit::composites::unions;
use crate::emit::context::{Context, EmittedType};
use crate::emit::docs;
use crate::emit::impls::ident;
use crate::emit::scalars::texts;
use crate::model::{ADDITIONAL, Additional, Field, Presence, Shape, Struct, TypeRef};
use crate::names;

pub fn item(emitted: &EmittedType<'_>, shape: &Struct) -> TokenStream {
    let types = types(emitted, shape);
    let declaration = declaration(emitted, shape, &types);
    let object = object(emitted, shape, &types);
    let builder = builder(emitted, shape, &types);
    quote! {
        #declaration
        #object
        #builder
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
    let documented = shape.fields.iter().map(|field| field_docs(emitted, field));
    let additional = additional(emitted, shape);
    let documented: Vec<_> = documented.collect();
    // What `additional` is says its type.
    let silent = additional.iter().map(|_| TokenStream::new());
    let silent: Vec<_> = silent.chain(documented.iter().cloned()).collect();
    let allowed = emitted.undocumented_within(&silent);
    let fields = shape.fields.iter().zip(types).zip(documented);
    let fields = fields.map(|((field, ty), docs)| {
        let name = ident(&field.ident);
        quote!(#docs pub #name: #ty,)
    });
    let docs = emitted.docs(&[]);
    quote! {
        #docs
        #allowed
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
    Some(quote!(pub #name: #ty,))
}

fn field_docs(context: &Context<'_>, field: &Field) -> TokenStream {
    docs::brief(&field.docs, &field_rules(context, field))
}

/// The rules of a field, but those that its type documents itself.
fn field_rules(context: &Context<'_>, field: &Field) -> Vec<String> {
    let mut rules = Vec::new();
    if let TypeRef::Declared(id) = &field.of
        && let Shape::Constants(variants) = &context.module.get(*id).shape
        && let [only] = &variants[..]
    {
        rules.push(format!("Always {}.", code_span(&only.value.to_string())));
    }
    if field.presence == Presence::OrEmpty {
        rules.push("The empty string means that there is none.".to_owned());
    }
    rules
}

/// How many fields `new` takes one after the other; what more are is better told by name.
const FEW: usize = 4;

/// What takes many required fields by name, and has the others as they are by default.
fn builder(
    emitted: &EmittedType<'_>,
    shape: &Struct,
    types: &[TokenStream],
) -> Option<TokenStream> {
    let name = &emitted.name;
    let fields = shape.fields.iter().zip(types);
    let (given, others): (Vec<_>, Vec<_>) = fields.partition(|(field, _)| is_given(emitted, field));
    if given.len() <= FEW || !emitted.is_given() {
        return None;
    }
    let rest = match shape.additional {
        Additional::Allowed(_) => Some(ADDITIONAL),
        Additional::Denied => None,
    };
    let others = others.iter().map(|(field, _)| field.ident.as_str());
    let others = others.chain(rest).map(ident);
    let builder = ident(&emitted.free_name(&format!("{name}Builder")));
    let fields = given.iter().enumerate().map(|(at, (field, ty))| {
        let (field_name, param) = (ident(&field.ident), format_ident!("P{at}"));
        let how = how(emitted, field);
        quote!(#how #field_name: #param = #ty)
    });
    Some(quote! { rt::builder! { #name by #builder { #(#fields),* } #(#others),* } })
}

/// How a field is given a value: by what converts to its type, or may fail to.
fn how(context: &Context<'_>, field: &Field) -> Ident {
    ident(match is_checked(context, &field.of) {
        true => "try_into",
        false => "into",
    })
}

/// Whether values of a type keep to rules that those which a caller has may break.
fn is_checked(context: &Context<'_>, of: &TypeRef) -> bool {
    match of {
        TypeRef::Declared(id) => match &context.module.get(*id).shape {
            Shape::Text(text) => !texts::takes_any(text),
            Shape::Union(union) => unions::is_of_texts(context, union),
            Shape::BoundedInt(_)
            | Shape::BoundedNumber(_)
            | Shape::Size(_)
            | Shape::Items(_)
            | Shape::Guarded(_) => true,
            Shape::Struct(_)
            | Shape::Constants(_)
            | Shape::Suggestions(_)
            | Shape::Tuple(_)
            | Shape::Transparent(_)
            | Shape::Foreign(_) => false,
        },
        // Integer literals are of `i32`, where several types would do.
        TypeRef::Int(of) => !matches!(of.name, "i32" | "i64"),
        TypeRef::Format(_) | TypeRef::Float | TypeRef::Double => true,
        _ => false,
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

/// How an object is decoded, encoded and made: the list of its fields says it all.
fn object(emitted: &EmittedType<'_>, shape: &Struct, types: &[TokenStream]) -> TokenStream {
    let name = &emitted.name;
    let fields = shape.fields.iter().zip(types).enumerate();
    let fields = fields.map(|(at, (field, ty))| listed(emitted, field, at, ty));
    let rest = match shape.additional {
        Additional::Denied => None,
        Additional::Allowed(_) => {
            let additional = ident(ADDITIONAL);
            Some(quote!(.. #additional))
        }
    };
    let has_default = !shape.fields.iter().any(|field| is_given(emitted, field));
    let default = has_default.then(|| quote!(default));
    let view = emitted.is_viewed().then(|| quote!(as JsonView));
    quote! { rt::object! { #name #default #view { #(#fields,)* #rest } } }
}

/// A field in the list of all: its presence, its names, and how it is given a value.
fn listed(emitted: &EmittedType<'_>, field: &Field, at: usize, ty: &TokenStream) -> TokenStream {
    let (name, key) = (ident(&field.ident), &field.name);
    let key = (field.ident != *key).then(|| quote!(= #key));
    let presence = match field.presence {
        Presence::Required if is_given(emitted, field) => quote!(required(#ty)),
        Presence::Required => quote!(required),
        Presence::Optional => quote!(optional),
        Presence::OrEmpty => quote!(or_empty),
    };
    let has_setter =
        field.presence == Presence::Optional && emitted.is_given() && !emitted.has_boxed_value(at);
    let setter = has_setter.then(|| {
        let (how, of) = (how(emitted, field), emitted.spelled(&field.of));
        let setter = names::setter_name(&field.ident);
        let setter = (setter != field.ident).then(|| {
            let setter = ident(&setter);
            quote!(as #setter)
        });
        quote!(: #how #of #setter)
    });
    quote!(#presence #name #key #setter)
}
