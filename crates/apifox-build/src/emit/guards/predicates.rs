//! A guard's yes or no, written in Rust: the compiler then knows which member is meant,
//! and no schema is interpreted.

use std::cell::RefCell;

use apifox_runtime::{Checker, Draft, MemberPredicate, Predicate, RuleId, Schemas};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use crate::emit::impls::ident;
use crate::emit::literals::{draft, raw};
use crate::emit::scalars::constants::constant;
use crate::model::{Guarded, GuardedBy, TypeRef};

/// Guards with more predicates than this interpret their schema: the code would take
/// longer to compile than it saves.
const MOST: usize = 100;

/// How a guard says yes or no.
pub(super) enum Verdict {
    /// It interprets its schema.
    Interpreted,
    /// It accepts every value of the type that it guards: its rules only warn.
    Always,
    /// By the function `satisfies`.
    Written(TokenStream),
}

/// How the guard of the type `name`, which wraps an `inner`, says yes or no.
pub(super) fn verdict(
    name: &Ident,
    inner: &TokenStream,
    guarded: &Guarded,
    own: (&GuardedBy, &RefCell<Schemas<'_>>),
) -> Verdict {
    reduced(name, inner, guarded, own).unwrap_or(Verdict::Interpreted)
}

fn reduced(
    name: &Ident,
    inner: &TokenStream,
    guarded: &Guarded,
    (by, schemas): (&GuardedBy, &RefCell<Schemas<'_>>),
) -> Option<Verdict> {
    let mut schemas = schemas.borrow_mut();
    let checker = match guarded.cross_field_only {
        true => schemas.cross_field_only(&guarded.pointer),
        false => schemas.checker(&guarded.pointer),
    };
    let checker = checker.ok()?;
    let predicate = checker.predicate()?;
    let is_composite = matches!(
        guarded.of,
        TypeRef::Declared(_) | TypeRef::Array(_) | TypeRef::Nullable(_)
    );
    match predicate {
        Predicate::Always => return Some(Verdict::Always),
        // The guard does as well where there is nothing to combine.
        Predicate::Never | Predicate::Rule(_) => return None,
        _ if !is_composite => return None,
        _ => {}
    }
    let mut writer = Writer {
        checker: &checker,
        document: &by.json,
        draft: by.draft,
        rules: Vec::new(),
        left: MOST,
    };
    let condition = writer.predicate(&predicate)?;
    let rules = writer.statics();
    Some(Verdict::Written(quote! {
        impl #name {
            /// Whether the guard accepts a value.
            #[allow(clippy::too_many_lines, unused_variables)]
            fn satisfies(value: &#inner) -> bool {
                #(#rules)*
                let value: &dyn rt::JsonView = value;
                #condition
            }
        }
    }))
}

/// Writes the predicates of one guard.
struct Writer<'c> {
    checker: &'c Checker,
    document: &'c Value,
    draft: Draft,
    /// The keywords of each rule, as a schema of their own.
    rules: Vec<String>,
    /// How many predicates may still be written.
    left: usize,
}

impl Writer<'_> {
    /// An expression that tells whether `value` satisfies a predicate.
    fn predicate(&mut self, predicate: &Predicate) -> Option<TokenStream> {
        self.left = self.left.checked_sub(1)?;
        Some(match predicate {
            Predicate::Always => quote!(true),
            Predicate::Never => quote!(false),
            Predicate::All(all) => {
                let all = self.operands(all)?;
                quote!(#(#all)&&*)
            }
            Predicate::Any(any) => {
                let any = self.operands(any)?;
                quote!(#(#any)||*)
            }
            Predicate::One(one) => {
                let one: Option<Vec<_>> = one.iter().map(|part| self.predicate(part)).collect();
                let one = one?;
                quote!(rt::codegen::predicates::exactly_one(&[#(#one),*]))
            }
            Predicate::Not(not) => {
                let not = self.operand(not)?;
                quote!(!#not)
            }
            Predicate::If(branches) => {
                let [condition, then, otherwise] = &**branches;
                let condition = self.predicate(condition)?;
                let (then, otherwise) = (self.predicate(then)?, self.predicate(otherwise)?);
                quote!(if #condition { #then } else { #otherwise })
            }
            Predicate::Members(members) => {
                let members: Option<Vec<_>> =
                    members.iter().map(|member| self.member(member)).collect();
                let members = members?;
                quote!(#(#members)&&*)
            }
            Predicate::Only(names) => {
                quote!(rt::codegen::predicates::only(value, &[#(#names),*]))
            }
            Predicate::Items(item) => {
                let item = self.closure(item)?;
                quote!(rt::codegen::predicates::items(value, #item))
            }
            Predicate::Contains { item, least, most } => {
                let (item, most) = (self.closure(item)?, most_of(*most));
                quote!(rt::codegen::predicates::contains(value, (#least, #most), #item))
            }
            Predicate::Rule(rule) => self.rule(*rule)?,
        })
    }

    fn operands(&mut self, predicates: &[Predicate]) -> Option<Vec<TokenStream>> {
        predicates.iter().map(|part| self.operand(part)).collect()
    }

    /// The same as an operand of another expression: in parentheses where it has to be.
    fn operand(&mut self, predicate: &Predicate) -> Option<TokenStream> {
        let condition = self.predicate(predicate)?;
        let is_one_term = match predicate {
            Predicate::All(_) | Predicate::Any(_) | Predicate::If(_) => false,
            Predicate::Members(members) => members.len() == 1,
            _ => true,
        };
        Some(match is_one_term {
            true => condition,
            false => quote!((#condition)),
        })
    }

    /// The same as a closure, for another value.
    fn closure(&mut self, predicate: &Predicate) -> Option<TokenStream> {
        let condition = self.predicate(predicate)?;
        Some(quote!(|value| #condition))
    }

    fn member(&mut self, member: &MemberPredicate) -> Option<TokenStream> {
        let MemberPredicate {
            name, is_required, ..
        } = member;
        let predicate = self.closure(&member.predicate)?;
        Some(quote!(rt::codegen::predicates::member(value, #name, #is_required, #predicate)))
    }

    fn rule(&mut self, rule: RuleId) -> Option<TokenStream> {
        let (pointer, keywords) = self.checker.source(rule)?;
        let schema = self.document.pointer(&pointer)?.as_object()?;
        let stated = keywords.iter().filter_map(|name| {
            let value = schema.get(*name)?;
            Some(((*name).to_owned(), value.clone()))
        });
        let stated: Map<String, Value> = stated.collect();
        if let Some(condition) = without_schema(&stated) {
            return Some(condition);
        }
        let json = Value::from(stated).to_string();
        let known = self.rules.iter().position(|rule| *rule == json);
        let index = known.unwrap_or_else(|| {
            self.rules.push(json);
            self.rules.len() - 1
        });
        let rule = rule_name(index);
        Some(quote!(#rule.accepts(value)))
    }

    fn statics(&self) -> Vec<TokenStream> {
        let draft = draft(self.draft);
        let rules = self.rules.iter().enumerate();
        rules
            .map(|(index, json)| {
                let (rule, json) = (rule_name(index), raw(json));
                quote! {
                    static #rule: rt::Guard =
                        rt::Guard::new(rt::SchemaText::new(#json), "", #draft);
                }
            })
            .collect()
    }
}

/// A rule that needs no schema at run time.
fn without_schema(stated: &Map<String, Value>) -> Option<TokenStream> {
    if stated.contains_key("minItems") || stated.contains_key("maxItems") {
        return count(stated);
    }
    let (keyword, value) = stated.iter().next().filter(|_| stated.len() == 1)?;
    let is_listed = |values: &[Value]| {
        let is_constant = |value: &Value| match value {
            Value::Number(number) => number.is_i64(),
            value => !value.is_array() && !value.is_object(),
        };
        let constants = values.iter().map(constant);
        let is_listed = quote!(rt::codegen::predicates::is_listed(value, &[#(#constants),*]));
        values.iter().all(is_constant).then_some(is_listed)
    };
    match (&**keyword, value) {
        ("const", value) => is_listed(std::slice::from_ref(value)),
        ("enum", Value::Array(values)) => is_listed(values),
        ("type", Value::Array(types)) => is_typed(types),
        ("type", one) => is_typed(std::slice::from_ref(one)),
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", limit) => {
            let (rule, limit) = (ident(&keyword.to_snake_case()), limit.as_i64()?);
            let rule = quote!(#rule: Some(rt::Limit::Integer(#limit)));
            Some(quote! {
                rt::Bounds::accepts(&rt::Bounds { #rule, ..rt::Bounds::NONE }, value)
            })
        }
        _ => None,
    }
}

/// How many items an array has.
fn count(stated: &Map<String, Value>) -> Option<TokenStream> {
    let least = stated.get("minItems").map_or(Some(0), Value::as_u64)?;
    let most = match stated.get("maxItems") {
        Some(most) => most_of(Some(most.as_u64()?)),
        None => most_of(None),
    };
    Some(quote!(rt::codegen::predicates::is_long(value, (#least, #most))))
}

fn most_of(most: Option<u64>) -> TokenStream {
    match most {
        Some(most) => quote!(Some(#most)),
        None => quote!(None),
    }
}

fn is_typed(types: &[Value]) -> Option<TokenStream> {
    let types = types
        .iter()
        .map(|name| Some(ident(&name.as_str()?.to_upper_camel_case())));
    let types: Vec<Ident> = types.collect::<Option<_>>()?;
    Some(quote! {
        rt::codegen::predicates::is_typed(value, &[#(rt::codegen::predicates::Type::#types),*])
    })
}

fn rule_name(index: usize) -> Ident {
    format_ident!("RULE_{index}")
}
