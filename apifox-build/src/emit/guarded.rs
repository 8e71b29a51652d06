//! Types that say most of a schema, checked by the schema itself.

use apifox_runtime::Draft;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens as _, quote};

use super::{Context, decode_and_read, docs, ident, serialize};
use crate::model::{Guarded, GuardedBy, Module, Shape, Type, TypeId, Use};

/// The schemas that the module's types are guarded with.
pub(super) fn schemas(module: &Module) -> TokenStream {
    let is_used = |at: usize| {
        let shapes = module.types.iter().map(|it| &it.shape);
        shapes
            .clone()
            .any(|it| matches!(it, Shape::Guarded(guarded) if guarded.by == at))
    };
    let used = module
        .guards
        .iter()
        .enumerate()
        .filter(|(at, _)| is_used(*at));
    let constants = used.map(|(_, GuardedBy { name, json, .. })| {
        let (name, json) = (ident(name), raw(&format!("{json:#}")));
        quote! { const #name: &str = #json; }
    });
    quote! { #(#constants)* }
}

/// A string literal of JSON that reads as what it says.
pub(super) fn raw(json: &str) -> TokenStream {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match docs::turns_text(c) {
            true => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => text.push(c),
        }
    }
    let mut fence = String::from("#");
    while text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    let literal = format!("r{fence}\"{text}\"{fence}").parse();
    literal.unwrap_or_else(|_| Literal::string(json).into_token_stream())
}

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, guarded: &Guarded) -> TokenStream {
    let name = ident(&it.name);
    let declared = context.declarations.structs.get(&id);
    let of = match declared.and_then(|it| it.fields.iter().next()) {
        Some(field) => {
            let ty = &field.ty;
            quote!(#ty)
        }
        None => context.spelled(&guarded.of),
    };
    let rule = match &guarded.rules {
        Some(rules) => format!("What `{}` accepts.", rules.replace('`', "'")),
        None => "Checked against its whole schema when it is decoded or made.".to_owned(),
    };
    let docs = context.docs(it, &[rule]);
    let get_docs = docs::plain("The value.");
    let by = &context.module.guards[guarded.by];
    let (schema, pointer) = (context.of_document(&by.name), &guarded.pointer);
    let draft = match by.draft {
        Draft::Seven => quote!(rt::Draft::Seven),
        Draft::Latest => quote!(rt::Draft::Latest),
    };
    let (new, body) = match guarded.has_parts {
        true => (
            quote!(beside_parts),
            quote! {
                let value = rt::Decode::decode(node, at, report);
                Self::guard().check(node, at, report).and(value).map(Self)
            },
        ),
        false => (
            quote!(new),
            quote! {
                Self::guard().check(node, at, report)?;
                rt::Decode::decode(node, at, report).map(Self)
            },
        ),
    };
    let holds = match context.views.shows(&guarded.of) {
        true => quote!(holds),
        false => quote!(holds_encoded),
    };
    let read = quote! {
        let value = <#of as rt::Decode>::read(deserializer)?;
        Ok(value.filter(|value| Self::guard().#holds(value)).map(Self))
    };
    let decode = decode_and_read(&name, &body, Some(&read));
    let serialize = serialize(&name, &quote! { self.0.serialize(serializer) });
    let conversions = conversions(&name, &guarded.of);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#of);
        impl #name {
            fn guard() -> &'static rt::Guard {
                static GUARD: rt::Guard = rt::Guard::#new(#schema, #pointer, #draft);
                &GUARD
            }
            #get_docs
            #[must_use]
            pub const fn get(&self) -> &#of {
                &self.0
            }
        }
        impl TryFrom<#of> for #name {
            type Error = rt::Invalid;
            fn try_from(value: #of) -> Result<Self, rt::Invalid> {
                Self::guard().check_built(&value).map(|()| Self(value))
            }
        }
        impl From<#name> for #of {
            fn from(value: #name) -> Self {
                value.0
            }
        }
        #conversions
        #decode
        #serialize
    }
}

/// From and to what a number or a string is at hand as.
fn conversions(name: &Ident, of: &Use) -> TokenStream {
    let from = match of {
        Use::Integer => quote! {
            impl TryFrom<i64> for #name {
                type Error = rt::Invalid;
                fn try_from(value: i64) -> Result<Self, rt::Invalid> {
                    Self::try_from(rt::Integer::from(value))
                }
            }
        },
        Use::Number => TokenStream::new(),
        Use::Text => quote! {
            impl ::std::str::FromStr for #name {
                type Err = rt::Invalid;
                fn from_str(text: &str) -> Result<Self, rt::Invalid> {
                    Self::try_from(text.to_owned())
                }
            }
            impl TryFrom<&str> for #name {
                type Error = rt::Invalid;
                fn try_from(text: &str) -> Result<Self, rt::Invalid> {
                    text.parse()
                }
            }
        },
        _ => return TokenStream::new(),
    };
    quote! {
        #from
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }
    }
}
