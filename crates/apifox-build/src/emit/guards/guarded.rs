//! Types that say most of a schema, checked by the schema itself.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::predicates::{self, Verdict};
use crate::code_span::code_span;
use crate::emit::context::EmittedType;
use crate::emit::impls::{conversions, ident};
use crate::emit::literals::{draft, raw};
use crate::emit::operations::operation::DOCUMENT;
use crate::model::{Guarded, GuardedBy, Module, Shape};

/// The schemas that the module's types are guarded with.
pub fn schemas(module: &Module) -> TokenStream {
    let by = |shape: &Shape| match shape {
        Shape::Guarded(guarded) => Some(guarded.by),
        _ => None,
    };
    let shapes = module.types.iter().map(|declared| &declared.shape);
    let used: BTreeSet<usize> = shapes.filter_map(by).collect();
    let used = used.iter().filter_map(|at| module.guards.get(*at));
    let constants = used.map(|by| constant(module, by));
    quote! { #(#constants)* }
}

/// A schema that types are guarded with: the one of the document, where that is there.
fn constant(module: &Module, by: &GuardedBy) -> TokenStream {
    let name = ident(&by.name);
    let text = match &by.place {
        Some(place) if module.has_document() => {
            let document = ident(DOCUMENT);
            quote!(within(#document, #place))
        }
        _ => {
            let json = raw(&by.json.to_string());
            quote!(new(#json))
        }
    };
    quote! { const #name: rt::SchemaText = rt::SchemaText::#text; }
}

pub fn item(emitted: &EmittedType<'_>, guarded: &Guarded) -> TokenStream {
    let name = &emitted.name;
    let of: TokenStream = emitted.members().collect();
    let rule = match &guarded.rules {
        Some(rules) => format!("What {} accepts.", code_span(rules)),
        None => "Checked against its whole schema when it is decoded or made.".to_owned(),
    };
    let docs = emitted.docs(&[rule]);
    let by = &emitted.module.guards[guarded.by];
    let (schema, pointer) = (emitted.of_document(&by.name), &guarded.pointer);
    let draft = draft(by.draft);
    let new = ident(match guarded.cross_field_only {
        true => "cross_field_only",
        false => "new",
    });
    // A type of the caller's need not know of views.
    let is_shown = emitted.viewed.shows(&guarded.of);
    let schemas = &emitted.guards[guarded.by];
    let verdict = predicates::verdict(name, &of, guarded, (by, schemas));
    let (accepts, satisfies) = match verdict {
        Verdict::Always => ("always", None),
        Verdict::Written(function) if is_shown => ("satisfies", Some(function)),
        _ if is_shown => ("accepts", None),
        _ => ("accepts_encoded", None),
    };
    let accepts = ident(accepts);
    let conversions = conversions(name, &guarded.of);
    let collection = emitted.collection("checked", &guarded.of);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#of);
        rt::guarded! { #name(#of): #new(#schema, #pointer, #draft), #accepts }
        #satisfies
        #conversions
        #collection
    }
}
