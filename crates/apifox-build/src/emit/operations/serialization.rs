//! How the value of a parameter is written, as code.

use apifox_runtime::Serialization;
use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::impls::ident;

pub(super) fn serialization(serialization: Serialization) -> TokenStream {
    let style = ident(&format!("{:?}", serialization.style));
    let how = match serialization.explode {
        true => quote!(exploded()),
        false => quote!(joined()),
    };
    let reserved = serialization
        .allow_reserved
        .then(|| quote!(.with_reserved()));
    quote!(rt::Style::#style.#how #reserved)
}
