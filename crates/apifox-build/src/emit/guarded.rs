//! Types that say most of a schema, checked by the schema itself.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::literals::{draft, raw};
use super::{Context, ident, predicates};
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
    let by = &context.module.guards[guarded.by];
    let (schema, pointer) = (context.of_document(&by.name), &guarded.pointer);
    let draft = draft(by.draft);
    let new = ident(match guarded.has_parts {
        true => "cross_field_only",
        false => "new",
    });
    // A type of the caller's need not know of views.
    let is_shown = context.views.shows(&guarded.of);
    let satisfies = is_shown.then(|| predicates::function(&name, &of, guarded, by));
    let satisfies = satisfies.flatten();
    let accepts = ident(match is_shown {
        true if satisfies.is_some() => "satisfies",
        true => "accepts",
        false => "accepts_encoded",
    });
    let conversions = conversions(&name, &guarded.of);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#of);
        rt::guarded! { #name(#of): #new(#schema, #pointer, #draft), #accepts }
        #satisfies
        #conversions
    }
}

/// From and to what a number or a string is at hand as.
pub(super) fn conversions(name: &Ident, of: &Use) -> TokenStream {
    let from = match of {
        Use::Integer => quote! {
            impl TryFrom<i64> for #name {
                type Error = rt::Invalid;
                #[inline]
                fn try_from(value: i64) -> Result<Self, rt::Invalid> {
                    Self::try_from(rt::Integer::from(value))
                }
            }
        },
        Use::Number => TokenStream::new(),
        Use::Text => quote! {
            rt::from_str! { #name: |text| Self::try_from(text.to_owned()) }
        },
        _ => return TokenStream::new(),
    };
    quote! {
        #from
        rt::display_inner! { #name }
    }
}
