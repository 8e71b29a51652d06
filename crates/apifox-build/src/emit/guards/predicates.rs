//! A guard's yes or no, written in Rust: the compiler then knows which member is meant,
//! and no schema is interpreted.

use std::cell::RefCell;

use apifox_runtime::{Checker, Draft, MemberPredicate, Predicate, RuleId, Schemas};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::rules::{Written, without_schema};
use crate::emit::impls::option;
use crate::emit::literals::{draft, raw};
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
        Predicate::Never => return None,
        _ => {}
    }
    let mut writer = Writer {
        checker: &checker,
        document: &by.json,
        draft: by.draft,
        rules: Vec::new(),
        interprets: false,
        left: MOST,
    };
    let condition = writer.predicate(&predicate)?;
    // The guard does as well where there is nothing to combine.
    let combines = is_composite && !matches!(predicate, Predicate::Rule(_));
    if !combines && writer.interprets {
        return None;
    }
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
    /// The rules that are statics: the keywords of each as a schema of their own, and its type
    /// and value.
    rules: Vec<(String, TokenStream)>,
    /// Whether one of them is interpreted.
    interprets: bool,
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
                let (item, most) = (self.closure(item)?, option(*most));
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
        let written = without_schema(&stated);
        let json = Value::from(stated).to_string();
        let of = match written {
            Some(Written::Condition(condition)) => return Some(condition),
            Some(Written::Static(of)) => of,
            None => self.interpreted(&json),
        };
        let known = self.rules.iter().position(|(rule, _)| *rule == json);
        let index = known.unwrap_or_else(|| {
            self.rules.push((json, of));
            self.rules.len() - 1
        });
        let rule = rule_name(index);
        Some(quote!(#rule.accepts(value)))
    }

    fn interpreted(&mut self, json: &str) -> TokenStream {
        self.interprets = true;
        let (draft, json) = (draft(self.draft), raw(json));
        quote!(rt::Guard = rt::Guard::new(rt::SchemaText::new(#json), "", #draft))
    }

    fn statics(&self) -> impl Iterator<Item = TokenStream> {
        let rules = self.rules.iter().enumerate();
        rules.map(|(index, (_, of))| {
            let rule = rule_name(index);
            quote!(static #rule: #of;)
        })
    }
}

fn rule_name(index: usize) -> Ident {
    format_ident!("RULE_{index}")
}
