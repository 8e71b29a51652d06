//! Objects with fields.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

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
    let constructor = constructor(emitted, shape, &types);
    let setters = setters(emitted, shape);
    let fields = fields(emitted.is_viewed(), emitted, shape);
    quote! {
        #declaration
        #constructor
        #setters
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
    let documented = shape.fields.iter().map(|field| field_docs(emitted, field));
    let documented: Vec<_> = documented.collect();
    let allowed = docs::undocumented(&documented);
    let fields = shape.fields.iter().zip(types).zip(documented);
    let fields = fields.map(|((field, ty), docs)| {
        let name = ident(&field.ident);
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
    let docs = docs::plain("The fields that the schema does not name.");
    Some(quote!(#docs pub #name: #ty,))
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
        rules.push(format!("Always `{}`.", only.value));
    }
    if field.presence == Presence::OrEmpty {
        rules.push("The empty string means that there is none.".to_owned());
    }
    rules
}

/// How many fields `new` takes one after the other; what more are is better told by name.
const FEW: usize = 4;

/// What takes the required fields, and has the others as they are by default.
fn constructor(emitted: &EmittedType<'_>, shape: &Struct, types: &[TokenStream]) -> TokenStream {
    let name = &emitted.name;
    let fields = shape.fields.iter().zip(types);
    let (given, others): (Vec<_>, Vec<_>) = fields.partition(|(field, _)| is_given(emitted, field));
    let rest = match shape.additional {
        Additional::Allowed(_) => Some(ADDITIONAL),
        Additional::Denied => None,
    };
    let others = others.iter().map(|(field, _)| field.ident.as_str());
    let others: Vec<_> = others.chain(rest).map(ident).collect();
    let builder = (given.len() > FEW && emitted.is_given()).then(|| {
        let builder = ident(&emitted.free_name(&format!("{name}Builder")));
        let fields = given.iter().enumerate().map(|(at, (field, ty))| {
            let (field_name, param) = (ident(&field.ident), format_ident!("P{at}"));
            let how = how(emitted, field);
            quote!(#how #field_name: #param = #ty)
        });
        quote! { rt::builder! { #name by #builder { #(#fields),* } #(#others),* } }
    });
    let given = given.iter().map(|(field, ty)| {
        let name = ident(&field.ident);
        quote!(#name: #ty)
    });
    quote! {
        rt::constructor! { #name(#(#given),*) #(#others),* }
        #builder
    }
}

/// How a field is given a value: by what converts to its type, or may fail to.
fn how(context: &Context<'_>, field: &Field) -> Ident {
    ident(match is_checked(context, &field.of) {
        true => "try_into",
        false => "into",
    })
}

/// A method for each optional field that gives it a value.
fn setters(emitted: &EmittedType<'_>, shape: &Struct) -> Option<TokenStream> {
    let optional = shape.fields.iter().enumerate().filter(|(at, field)| {
        field.presence == Presence::Optional && !emitted.has_boxed_value(*at)
    });
    let setters = optional.map(|(_, field)| {
        let (name, of) = (ident(&field.ident), emitted.spelled(&field.of));
        let setter = ident(&names::setter_name(&field.ident));
        let how = how(emitted, field);
        quote!(#how #setter: #name = #of)
    });
    let setters: Vec<_> = setters.collect();
    let name = &emitted.name;
    let is_wanted = emitted.is_given() && !setters.is_empty();
    is_wanted.then(|| quote! { rt::setters! { #name { #(#setters,)* } } })
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
