//! What a guard asks, written in Rust: what to look at in a value need not be found out
//! from the schema then, and the compiler knows whose member it is.

use apifox_runtime::asked::{Member, Place, Test};
use apifox_runtime::{Checker, Draft};
use heck::ToSnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::constants::constant;
use super::impls::{draft, ident, raw};
use crate::model::{Guarded, GuardedBy, TypeRef};

/// More tests than this are left to the schema itself: they would take longer to compile
/// than they save.
const MOST: usize = 100;

/// The function that asks it of an `of`; `None` where it is left to the schema.
pub(super) fn function(
    name: &Ident,
    of: &TokenStream,
    guarded: &Guarded,
    by: &GuardedBy,
) -> Option<TokenStream> {
    if !matches!(guarded.of, TypeRef::Declared(_) | TypeRef::Array(_)) {
        return None;
    }
    let compile = match guarded.has_parts {
        true => Checker::beside_parts,
        false => Checker::new,
    };
    let checker = compile(&by.json, &guarded.pointer, by.draft).ok()?;
    let test = checker.test()?;
    // The guard does as well where there is nothing to put together.
    if matches!(test, Test::Always | Test::Never | Test::Rule(_)) {
        return None;
    }
    let mut asked = Asked {
        checker: &checker,
        document: &by.json,
        draft: by.draft,
        rules: Vec::new(),
        left: MOST,
    };
    let test = asked.test(test)?;
    let rules = asked.statics();
    Some(quote! {
        impl #name {
            /// Whether the guard accepts a value.
            #[allow(clippy::too_many_lines, unused_variables)]
            fn asked(value: &#of) -> bool {
                #(#rules)*
                let value: &dyn rt::View = value;
                #test
            }
        }
    })
}

/// The tests of a guard while they are written.
struct Asked<'c> {
    checker: &'c Checker,
    document: &'c Value,
    draft: Draft,
    /// The keywords of each rule, as a schema of their own.
    rules: Vec<String>,
    /// How many tests may still be written.
    left: usize,
}

impl Asked<'_> {
    /// An expression that says whether `value` passes.
    fn test(&mut self, test: &Test) -> Option<TokenStream> {
        self.left = self.left.checked_sub(1)?;
        Some(match test {
            Test::Always => quote!(true),
            Test::Never => quote!(false),
            Test::All(tests) => {
                let tests = self.operands(tests)?;
                quote!(#(#tests)&&*)
            }
            Test::Any(tests) => {
                let tests = self.operands(tests)?;
                quote!(#(#tests)||*)
            }
            Test::One(tests) => {
                let tests: Option<Vec<_>> = tests.iter().map(|it| self.test(it)).collect();
                let tests = tests?;
                quote!(rt::asked::one(&[#(#tests),*]))
            }
            Test::Not(test) => {
                let test = self.operand(test)?;
                quote!(!#test)
            }
            Test::If(tests) => {
                let [condition, then, otherwise] = &**tests;
                let condition = self.test(condition)?;
                let (then, otherwise) = (self.test(then)?, self.test(otherwise)?);
                quote!(if #condition { #then } else { #otherwise })
            }
            Test::Members(members) => {
                let members: Option<Vec<_>> = members.iter().map(|it| self.member(it)).collect();
                let members = members?;
                quote!(#(#members)&&*)
            }
            Test::Items { prefix, rest } if prefix.is_empty() => {
                let rest = self.of_value(rest)?;
                quote!(rt::asked::items(value, #rest))
            }
            Test::Contains { item, least, most } => {
                let item = self.of_value(item)?;
                let most = match most {
                    Some(most) => quote!(Some(#most)),
                    None => quote!(None),
                };
                quote!(rt::asked::contains(value, (#least, #most), #item))
            }
            Test::Rule(rule) => self.rule(*rule)?,
            Test::Shared(_) | Test::Items { .. } => return None,
        })
    }

    fn operands(&mut self, tests: &[Test]) -> Option<Vec<TokenStream>> {
        tests.iter().map(|it| self.operand(it)).collect()
    }

    /// The same as a part of another expression.
    fn operand(&mut self, test: &Test) -> Option<TokenStream> {
        let asked = self.test(test)?;
        let is_whole = match test {
            Test::All(_) | Test::Any(_) | Test::If(_) => false,
            Test::Members(members) => members.len() == 1,
            _ => true,
        };
        Some(match is_whole {
            true => asked,
            false => quote!((#asked)),
        })
    }

    /// The same of another value.
    fn of_value(&mut self, test: &Test) -> Option<TokenStream> {
        let asked = self.test(test)?;
        Some(quote!(|value| #asked))
    }

    fn member(&mut self, member: &Member) -> Option<TokenStream> {
        let Member {
            name, is_required, ..
        } = member;
        let test = self.of_value(&member.test)?;
        Some(quote!(rt::asked::member(value, #name, #is_required, #test)))
    }

    fn rule(&mut self, rule: Place) -> Option<TokenStream> {
        let (pointer, keywords) = self.checker.source(rule)?;
        let schema = self.document.pointer(pointer)?.as_object()?;
        let said = keywords.iter().filter_map(|name| {
            let value = schema.get(*name)?;
            Some(((*name).to_owned(), value.clone()))
        });
        let said: Map<String, Value> = said.collect();
        if let Some(stated) = stated(&said) {
            return Some(stated);
        }
        let said = Value::from(said).to_string();
        let known = self.rules.iter().position(|it| *it == said);
        let place = known.unwrap_or_else(|| {
            self.rules.push(said);
            self.rules.len() - 1
        });
        let rule = rule_name(place);
        Some(quote!(#rule.holds(value)))
    }

    fn statics(&self) -> Vec<TokenStream> {
        let draft = draft(self.draft);
        let rules = self.rules.iter().enumerate();
        rules
            .map(|(place, json)| {
                let (rule, json) = (rule_name(place), raw(json));
                quote!(static #rule: rt::Guard = rt::Guard::new(#json, "", #draft);)
            })
            .collect()
    }
}

/// A rule that can be stated without a schema.
fn stated(said: &Map<String, Value>) -> Option<TokenStream> {
    let (keyword, value) = said.iter().next().filter(|_| said.len() == 1)?;
    let listed = |values: &[Value]| {
        let is_constant = |it: &Value| match it {
            Value::Number(number) => number.is_i64(),
            it => !it.is_array() && !it.is_object(),
        };
        let constants = values.iter().map(constant);
        let listed = quote!(rt::asked::listed(value, &[#(#constants),*]));
        values.iter().all(is_constant).then_some(listed)
    };
    match (&**keyword, value) {
        ("const", value) => listed(std::slice::from_ref(value)),
        ("enum", Value::Array(values)) => listed(values),
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", limit) => {
            let (rule, limit) = (ident(&keyword.to_snake_case()), limit.as_i64()?);
            let rule = quote!(#rule: Some(rt::Limit::Integer(#limit)));
            Some(quote! {
                rt::Bounds::holds(&rt::Bounds { #rule, ..rt::Bounds::NONE }, value)
            })
        }
        _ => None,
    }
}

fn rule_name(place: usize) -> Ident {
    format_ident!("RULE_{place}")
}
