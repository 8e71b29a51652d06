//! How an object is read that may be one of several alternatives: where its first member
//! tells which, as the only one that may have such a member.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::{Context, EmittedType};
use crate::emit::impls::ident;
use crate::model::{Additional, Shape, Struct, TypeRef, Union};

pub fn reads(emitted: &EmittedType<'_>, union: &Union) -> Option<TokenStream> {
    let alternatives = union.alternatives.iter();
    let kinds: Vec<Kind<'_>> = alternatives.map(|one| kind(emitted, &one.of)).collect();
    let alternatives = union.alternatives.iter().enumerate();
    let told = alternatives.filter_map(|(at, one)| {
        let keys = telling_keys(&kinds, at);
        let (variant, hold) = (ident(&one.ident), ident(emitted.hold(at)));
        (!keys.is_empty()).then(|| quote!(#hold #variant: #(#keys)|*))
    });
    let told: Vec<_> = told.collect();
    (!told.is_empty()).then(|| quote!(reads { #(#told),* }))
}

/// The members that no other alternative may have.
fn telling_keys<'m>(kinds: &[Kind<'m>], at: usize) -> Vec<&'m str> {
    let Some(Kind::Fields(shape)) = kinds.get(at) else {
        return Vec::new();
    };
    let is_telling = |key: &&str| {
        let mut kinds = kinds.iter().enumerate();
        kinds.all(|(other, kind)| other == at || !kind.may_have(key))
    };
    let keys = shape.fields.iter().map(|field| field.name.as_str());
    keys.filter(is_telling).collect()
}

/// What an alternative has to do with objects.
enum Kind<'m> {
    /// It is one with these fields.
    Fields(&'m Struct),
    /// It is never one.
    Never,
    /// It may be one of any kind.
    Unknown,
}

fn kind<'m>(context: &Context<'m>, of: &TypeRef) -> Kind<'m> {
    match of {
        TypeRef::Declared(id) => kind_of_shape(&context.module.get(*id).shape),
        TypeRef::Null
        | TypeRef::Boolean
        | TypeRef::Integer
        | TypeRef::Number
        | TypeRef::Text
        | TypeRef::Format(_)
        | TypeRef::Int(_)
        | TypeRef::Float
        | TypeRef::Double
        | TypeRef::Array(_) => Kind::Never,
        TypeRef::File | TypeRef::Any | TypeRef::Object | TypeRef::Map(_) | TypeRef::Nullable(_) => {
            Kind::Unknown
        }
    }
}

fn kind_of_shape(shape: &Shape) -> Kind<'_> {
    match shape {
        Shape::Struct(shape) => Kind::Fields(shape),
        Shape::BoundedInt(_)
        | Shape::BoundedNumber(_)
        | Shape::Text(_)
        | Shape::Size(_)
        | Shape::Items(_)
        | Shape::Tuple(_)
        | Shape::Constants(_) => Kind::Never,
        Shape::Union(_)
        | Shape::Suggestions(_)
        | Shape::Guarded(_)
        | Shape::Transparent(_)
        | Shape::Foreign(_) => Kind::Unknown,
    }
}

impl Kind<'_> {
    /// Whether it may be an object with the member `key`.
    fn may_have(&self, key: &str) -> bool {
        match self {
            Self::Fields(shape) => {
                matches!(shape.additional, Additional::Allowed(_))
                    || shape.fields.iter().any(|field| field.name == key)
            }
            Self::Never => false,
            Self::Unknown => true,
        }
    }
}
