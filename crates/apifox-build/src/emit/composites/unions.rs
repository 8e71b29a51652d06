//! One of several alternatives.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::objects;
use crate::emit::context::{Context, EmittedType};
use crate::emit::docs;
use crate::emit::impls::{display, from_text, ident, unsuffixed};
use crate::model::{Alternative, Shape, Status, TypeRef, Union};

pub fn item(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let declaration = declaration(emitted, union);
    let text = is_of_texts(emitted, union).then(|| text(emitted, union));
    let alternatives = alternatives(emitted, union);
    quote! {
        #declaration
        #alternatives
        #text
    }
}

fn declaration(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let alternatives = union.alternatives.iter();
    let documented = alternatives.map(|one| alternative_docs(emitted, one));
    let documented: Vec<_> = documented.collect();
    let mut allowed: Vec<TokenStream> = Vec::new();
    // How large a struct is depends on the document, and that a box would be better, on use.
    let mut each = union.alternatives.iter();
    if each.any(|one| matches!(one.of, TypeRef::Declared(_))) {
        allowed.push(quote!(clippy::large_enum_variant));
    }
    if emitted.undocumented_within(&documented).is_some() {
        allowed.push(quote!(missing_docs));
    }
    let allowed = (!allowed.is_empty()).then(|| quote!(#[allow(#(#allowed),*)]));
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

/// How a union is decoded, encoded and made: the list of its alternatives says it all.
fn alternatives(emitted: &EmittedType<'_>, union: &Union) -> TokenStream {
    let name = &emitted.name;
    let decide = ident(if union.exclusive { "one_of" } else { "any_of" });
    let (mut tried, mut again, mut null) = (Vec::new(), Vec::new(), Vec::new());
    for (at, one) in union.alternatives.iter().enumerate() {
        let variant = ident(&one.ident);
        let alike = |other: &&Alternative| other.of == one.of;
        let is_known = union.alternatives[..at].iter().any(|other| alike(&other));
        if one.of == TypeRef::Null {
            null.push(variant);
        } else if is_known && !union.statuses.is_empty() {
            // Where the status is not known, the same type need not be tried again.
            again.push(variant);
        } else {
            let is_alone = union.alternatives.iter().filter(alike).count() == 1;
            let kind = ident(if is_alone { emitted.hold(at) } else { "value" });
            let of = emitted.spelled(&one.of);
            tried.push(quote!(#kind #variant(#of)));
        }
    }
    let again = (!again.is_empty()).then(|| quote!(again { #(#again),* }));
    let null = (!null.is_empty()).then(|| quote!(null { #(#null),* }));
    let reads = objects::reads(emitted, union);
    let by_status = by_status(union);
    quote! {
        rt::alternatives! { #decide #name { #(#tried),* } #again #null #reads #by_status }
    }
}

/// Which alternative the body of a reply is whose status is known.
fn by_status(union: &Union) -> Option<TokenStream> {
    let mut each: Vec<_> = union.statuses.iter().zip(&union.alternatives).collect();
    // A status of its own comes before its hundred, and that before all others.
    each.sort_by_key(|(status, _)| match status {
        Status::One(_) => 0,
        Status::Hundred(_) => 1,
        Status::Others => 2,
    });
    let (_, last) = *each.last()?;
    let last = ident(&last.ident);
    let arms = each.iter().map(|(status, one)| {
        let variant = ident(&one.ident);
        let how = ident(match one.of {
            TypeRef::Null => "null",
            _ => "value",
        });
        let status = match status {
            Status::One(status) => unsuffixed(*status).to_token_stream(),
            Status::Hundred(first) => {
                let (first, last) = (unsuffixed(*first), unsuffixed(first + 99));
                quote!(#first..=#last)
            }
            Status::Others => quote!(_),
        };
        quote!(#status => #how #variant)
    });
    let is_other = |(status, _): &(&Status, &Alternative)| **status == Status::Others;
    let has_others = each.iter().any(is_other);
    let others = (!has_others).then(|| quote!(_ => no #last));
    Some(quote!(by status { #(#arms,)* #others }))
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
