//! One of several alternatives.

use proc_macro2::TokenStream;
use quote::quote;

use super::objects;
use crate::emit::context::{Context, EmittedType};
use crate::emit::docs;
use crate::emit::impls::{decode_and_read, display, from, from_text, ident, serialize};
use crate::model::{Alternative, Shape, Status, TypeRef, Union};

pub fn item(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let declaration = declaration(emitted, union);
    let conversions = conversions(emitted, union);
    let text = is_of_texts(emitted, union).then(|| text(emitted, union));
    let objects = objects::members(emitted, union);
    let decode = decode(emitted, union, objects.is_some());
    let serialize = encode(emitted, union);
    quote! {
        #declaration
        #conversions
        #text
        #decode
        #objects
        #serialize
    }
}

fn declaration(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let alternatives = union.alternatives.iter();
    let documented = alternatives.map(|one| alternative_docs(emitted, one));
    let documented: Vec<_> = documented.collect();
    let allowed = docs::undocumented(&documented);
    let variants = union.alternatives.iter().zip(emitted.members());
    let variants = variants.zip(documented).map(|((one, ty), docs)| {
        let variant = ident(&one.ident);
        let value = (one.of != TypeRef::Null).then(|| quote!((#ty)));
        quote!(#docs #variant #value,)
    });
    let docs = emitted.docs(&[]);
    let name = &emitted.name;
    quote! {
        #docs
        #allowed
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #name { #(#variants)* }
    }
}

fn alternative_docs(context: &Context<'_>, one: &Alternative) -> TokenStream {
    match &one.of {
        TypeRef::Declared(id) => docs::brief(&context.module.get(*id).docs, &[]),
        _ => TokenStream::new(),
    }
}

fn decode(emitted: &EmittedType<'_>, union: &Union, reads_objects: bool) -> TokenStream {
    // Where the status is not known, the same type need not be tried again.
    let is_first = |(at, one): &(usize, &Alternative)| {
        let before = &union.alternatives[..*at];
        union.statuses.is_empty() || !before.iter().any(|other| other.of == one.of)
    };
    let alternatives = union.alternatives.iter().enumerate().filter(is_first);
    let alternatives = alternatives.map(|(_, one)| {
        let variant = ident(&one.ident);
        let (of, make) = match one.of {
            TypeRef::Null => (
                quote!(<rt::Null as rt::Decode>),
                quote!(|()| Self::#variant),
            ),
            _ => (quote!(rt::Decode), quote!(Self::#variant)),
        };
        quote!(|node, at, report| #of::decode(node, at, report).map(#make))
    });
    let decide = ident(if union.exclusive { "one_of" } else { "any_of" });
    let decide = quote! { rt::#decide(node, at, report, &[#(#alternatives),*]) };
    let read = reads_objects.then(|| quote! { rt::read_object(deserializer) });
    let by_status = by_status(union);
    decode_and_read(
        &emitted.name.clone(),
        &decide,
        (read.as_ref(), by_status.as_ref()),
    )
}

/// How the body of a reply is decoded whose status is known.
fn by_status(union: &Union) -> Option<TokenStream> {
    let mut each: Vec<_> = union.statuses.iter().zip(&union.alternatives).collect();
    // A status of its own comes before its hundred, and that before all others.
    each.sort_by_key(|(status, _)| match status {
        Status::One(_) => 0,
        Status::Hundred(_) => 1,
        Status::Others => 2,
    });
    let arms = each.iter().map(|(status, one)| {
        let status = match status {
            Status::One(status) => quote!(#status),
            Status::Hundred(first) => {
                let last = first + 99;
                quote!(#first..=#last)
            }
            Status::Others => quote!(_),
        };
        let variant = ident(&one.ident);
        match one.of {
            TypeRef::Null => quote!(#status => Ok(Self::#variant)),
            _ => quote!(#status => rt::Decode::decode_root(node).map(Self::#variant)),
        }
    });
    let is_other = |(status, _): &(&Status, &Alternative)| **status == Status::Others;
    let others = !each.iter().any(is_other);
    let others = others.then(|| quote!(_ => rt::undescribed_status(status)));
    (!each.is_empty()).then(|| {
        quote! {
            fn decode_reply(status: u16, node: &rt::Node<'_>) -> Result<Self, rt::Invalid> {
                match status { #(#arms,)* #others }
            }
        }
    })
}

fn encode(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let arms = union.alternatives.iter().map(|one| {
        let variant = ident(&one.ident);
        match one.of {
            TypeRef::Null => quote!(Self::#variant => serializer.serialize_unit()),
            _ => quote!(Self::#variant(value) => value.serialize(serializer)),
        }
    });
    serialize(&emitted.name.clone(), &quote! { match self { #(#arms,)* } })
}

fn conversions(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let name = &emitted.name;
    let is_alone = |of: &TypeRef| {
        let alike = union.alternatives.iter().filter(|one| one.of == *of);
        *of != TypeRef::Null && alike.count() == 1
    };
    let alternatives = union.alternatives.iter().enumerate();
    let conversions = alternatives
        .filter(|(_, one)| is_alone(&one.of))
        .map(|(at, one)| {
            let (variant, of) = (ident(&one.ident), emitted.spelled(&one.of));
            let value = match emitted.is_boxed(at) {
                true => quote!(Box::new(value)),
                false => quote!(value),
            };
            from(&of, name, &quote!(Self::#variant(#value)))
        });
    conversions.collect()
}

/// Whether every value is a string, which can be read.
pub fn is_of_texts(context: &Context<'_>, union: &Union) -> bool {
    let mut alternatives = union.alternatives.iter();
    alternatives.all(|one| is_text(context, &one.of))
}

/// Whether every value of a type is a string that it can be read from.
fn is_text(context: &Context<'_>, of: &TypeRef) -> bool {
    match of {
        TypeRef::Declared(id) => match &context.module.get(*id).shape {
            Shape::Text(_) | Shape::Size(_) => true,
            Shape::Constants(variants) => variants.iter().all(|one| one.value.is_string()),
            _ => false,
        },
        _ => false,
    }
}

fn text(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let name = &emitted.name;
    let idents = union.alternatives.iter().map(|one| ident(&one.ident));
    let read = quote! {
        <Self as rt::Decode>::decode_root(&rt::Node::String(text.into()))
    };
    let from_text = from_text(name, &read);
    let display = display(
        name,
        &quote! { match self { #(Self::#idents(value) => value.fmt(f),)* } },
    );
    quote! { #from_text #display }
}
