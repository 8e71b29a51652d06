//! Compiles schemas: from JSON to [`CompiledSchema`].

mod analysis;
mod keywords;
mod source;

use std::collections::HashMap;

use jsonptr::{Pointer, PointerBuf};
use serde_json::Value;

use self::keywords::{Made, numbers, own, texts, values};
use self::source::{Compiled, Source};
use crate::validate::rules::compiled::CompiledSchema;
use crate::validate::rules::draft::{Draft, Unsupported};
use crate::validate::rules::resources::Resources;
use crate::validate::rules::rule::{Id, Rule, SchemaRules};

impl CompiledSchema {
    /// Compiles the schema at `pointer` of `document`, in which references are resolved.
    ///
    /// # Errors
    ///
    /// A keyword whose value is invalid, or a reference that can't be resolved or that
    /// refers to itself without end.
    pub(crate) fn compile(
        document: &Value,
        pointer: &str,
        draft: Draft,
    ) -> Result<Self, Unsupported> {
        let mut compiler = Compiler::new(document, draft);
        let start = compiler.start(pointer)?;
        compiler.finish(start)
    }

    /// Compiles the schema without its type, an object's fields and an array's items.
    /// References to the schema still mean all of it.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub(crate) fn compile_cross_field_only(
        document: &Value,
        pointer: &str,
        draft: Draft,
    ) -> Result<Self, Unsupported> {
        let mut compiler = Compiler::new(document, draft);
        let whole = compiler.start(pointer)?;
        let start = compiler.cross_field_only(whole)?;
        compiler.finish(start)
    }
}

struct Compiler<'s> {
    document: &'s Value,
    draft: Draft,
    resources: Resources,
    schemas: Vec<SchemaRules>,
    ids: HashMap<PointerBuf, Id>,
    pointers: Vec<PointerBuf>,
    tracks: bool,
}

impl<'s> Compiler<'s> {
    fn new(document: &'s Value, draft: Draft) -> Self {
        Self {
            document,
            draft,
            resources: Resources::from_document(document, draft),
            schemas: Vec::new(),
            ids: HashMap::new(),
            pointers: Vec::new(),
            tracks: false,
        }
    }

    fn finish(mut self, start: Id) -> Compiled<CompiledSchema> {
        let dynamic_anchors = self.dynamic_anchors()?;
        if let Some(id) = analysis::endless(&self.schemas) {
            return Err(Unsupported {
                pointer: self.pointers[id].to_string(),
                keyword: "$ref".into(),
                message: "refers to itself without end".into(),
            });
        }
        if !self.tracks {
            analysis::only_warn(&mut self.schemas);
        }
        Ok(CompiledSchema {
            schemas: self.schemas,
            pointers: self.pointers,
            is_static: dynamic_anchors.iter().all(Vec::is_empty),
            dynamic_anchors,
            start,
            tracks: self.tracks,
        })
    }

    /// The schema `whole` without its type, fields and items.
    fn cross_field_only(&mut self, whole: Id) -> Compiled<Id> {
        let (pointer, resource) = (self.pointers[whole].clone(), self.schemas[whole].resource);
        let Some(Value::Object(keywords)) = self.document.pointer(pointer.as_str()) else {
            return Ok(whole);
        };
        let mut rules = self.rules(&Source {
            keywords,
            pointer: pointer.clone(),
            resource,
        })?;
        let is_of_parts = |rule: &Rule| match rule {
            Rule::Type(_) | Rule::Members { .. } | Rule::Required(_) => true,
            Rule::Items { prefix, .. } => prefix.is_empty(),
            _ => false,
        };
        rules.retain(|rule| !is_of_parts(rule));
        self.pointers.push(pointer);
        self.schemas.push(SchemaRules {
            rules,
            resource,
            only_warns: false,
        });
        Ok(self.schemas.len() - 1)
    }

    /// Compiles the schema at `pointer`, to which `keyword` of `from` refers.
    fn at(&mut self, pointer: &Pointer, from: &Pointer, keyword: &str) -> Compiled<Id> {
        let Some(value) = self.document.pointer(pointer.as_str()) else {
            return Err(Unsupported {
                pointer: from.to_string(),
                keyword: keyword.to_owned(),
                message: format!("there is nothing at {pointer}"),
            });
        };
        self.schema(value, pointer.to_buf())
    }

    /// Compiles the schema that instances are checked against.
    fn start(&mut self, pointer: &str) -> Compiled<Id> {
        let pointer = PointerBuf::parse(pointer).map_err(|error| Unsupported {
            pointer: pointer.to_owned(),
            keyword: String::new(),
            message: error.to_string(),
        })?;
        self.at(&pointer, Pointer::root(), "")
    }

    fn schema(&mut self, value: &'s Value, pointer: PointerBuf) -> Compiled<Id> {
        if let Some(id) = self.ids.get(&pointer) {
            return Ok(*id);
        }
        let id = self.schemas.len();
        let resource = self.resources.resource(&pointer);
        self.ids.insert(pointer.clone(), id);
        self.pointers.push(pointer.clone());
        self.schemas.push(SchemaRules {
            resource,
            ..SchemaRules::default()
        });
        let rules = match value {
            Value::Bool(true) => Vec::new(),
            Value::Bool(false) => vec![Rule::Never],
            Value::Object(keywords) => self.rules(&Source {
                keywords,
                pointer,
                resource,
            })?,
            _ => {
                return Err(Unsupported {
                    pointer: pointer.to_string(),
                    keyword: String::new(),
                    message: "a schema is an object or a boolean".into(),
                });
            }
        };
        self.schemas[id].rules = rules;
        Ok(id)
    }

    fn rules(&mut self, source: &Source<'s>) -> Compiled<Vec<Rule>> {
        if self.draft == Draft::Seven && source.keywords.contains_key("$ref") {
            return Ok(self.reference(source)?.into_iter().collect());
        }
        let mut rules = Vec::new();
        rules.extend(self.reference(source)?);
        rules.extend(self.dynamic_reference(source)?);
        rules.extend(values(source)?);
        rules.extend(numbers(source)?);
        rules.extend(texts(source)?);
        self.arrays(source, &mut rules)?;
        self.objects(source, &mut rules)?;
        self.logic(source, &mut rules)?;
        rules.extend(own(source)?);
        // What is unevaluated is known only after all other rules.
        if self.draft == Draft::Latest {
            self.unevaluated(source, &mut rules)?;
        }
        Ok(rules)
    }

    fn reference(&mut self, source: &Source<'s>) -> Compiled<Option<Rule>> {
        let Some(reference) = source.text("$ref")? else {
            return Ok(None);
        };
        let id = self.referred(source, "$ref", reference)?;
        Ok(Some(Rule::Ref(id)))
    }

    fn referred(&mut self, source: &Source<'s>, keyword: &str, to: &str) -> Compiled<Id> {
        let target = self.resources.target(source.resource, to);
        let target = target.ok_or_else(|| {
            source.fault(
                keyword,
                format!("{to} leads out of the document, or to no anchor in it"),
            )
        })?;
        self.at(&target, &source.pointer, keyword)
    }

    fn dynamic_reference(&mut self, source: &Source<'s>) -> Compiled<Option<Rule>> {
        if self.draft == Draft::Seven {
            return Ok(None);
        }
        let Some(reference) = source.text("$dynamicRef")? else {
            return Ok(None);
        };
        let initial = self.referred(source, "$dynamicRef", reference)?;
        let anchor = reference.split_once('#').map_or("", |(_, anchor)| anchor);
        let pointer = &self.pointers[initial];
        let is_dynamic = self
            .resources
            .dynamic
            .iter()
            .any(|(_, name, at)| name == anchor && at == pointer);
        Ok(Some(if is_dynamic {
            Rule::DynamicRef {
                anchor: anchor.to_owned(),
                initial,
            }
        } else {
            Rule::Ref(initial)
        }))
    }

    fn arrays(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let (tuple, rest) = match self.draft {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven if matches!(source.get("items"), Some(Value::Array(_))) => {
                ("items", "additionalItems")
            }
            Draft::Seven => ("", "items"),
        };
        if let (Draft::Latest, Some(Value::Array(_))) = (self.draft, source.get("items")) {
            return Err(source.fault("items", "is an array: draft 2020-12 has prefixItems for it"));
        }
        let prefix = self.list(source, tuple)?;
        let rest = self.child(source, rest)?;
        if !prefix.is_empty() || rest.is_some() {
            rules.push(Rule::Items { prefix, rest });
        }
        let (min_items, max_items) = (source.count("minItems")?, source.count("maxItems")?);
        if min_items.is_some() || max_items.is_some() {
            rules.push(Rule::Count {
                min_items: min_items.unwrap_or(0),
                max_items,
            });
        }
        if source.flag("uniqueItems")? {
            rules.push(Rule::UniqueItems);
        }
        if let Some(schema) = self.child(source, "contains")? {
            let counted = self.draft == Draft::Latest;
            let bound = |name| {
                if counted {
                    source.count(name)
                } else {
                    Ok(None)
                }
            };
            rules.push(Rule::Contains {
                schema,
                min_contains: bound("minContains")?.unwrap_or(1),
                max_contains: bound("maxContains")?,
            });
        }
        Ok(())
    }

    fn objects(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let properties = self.map(source, "properties")?;
        let mut patterns = Vec::new();
        for (pattern, schema) in self.map(source, "patternProperties")? {
            patterns.push((source.regex("patternProperties", &pattern)?, schema));
        }
        let additional = self.child(source, "additionalProperties")?;
        if !properties.is_empty() || !patterns.is_empty() || additional.is_some() {
            rules.push(Rule::Members {
                properties,
                patterns,
                additional,
            });
        }
        if let Some(names) = source.names("required", source.get("required"))? {
            rules.push(Rule::Required(names));
        }
        rules.extend(source.count("minProperties")?.map(Rule::MinProperties));
        rules.extend(source.count("maxProperties")?.map(Rule::MaxProperties));
        rules.extend(
            self.child(source, "propertyNames")?
                .map(Rule::PropertyNames),
        );
        match self.draft {
            Draft::Latest => {
                let required = source.dependent("dependentRequired")?;
                if !required.is_empty() {
                    rules.push(Rule::DependentRequired(required));
                }
                let schemas = self.map(source, "dependentSchemas")?;
                if !schemas.is_empty() {
                    rules.push(Rule::DependentSchemas(schemas));
                }
            }
            Draft::Seven => self.dependencies(source, rules)?,
        }
        Ok(())
    }

    /// Draft 7's `dependencies`: names or a schema for each property.
    fn dependencies(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let Some(value) = source.get("dependencies") else {
            return Ok(());
        };
        let Value::Object(dependencies) = value else {
            return Err(source.fault("dependencies", "is not an object"));
        };
        for (name, dependency) in dependencies {
            rules.push(match dependency {
                Value::Array(_) => {
                    let names = source.names("dependencies", Some(dependency))?;
                    Rule::DependentRequired(vec![(name.clone(), names.unwrap_or_default())])
                }
                schema => {
                    let pointer = source.grandchild("dependencies", name.as_str());
                    let schema = self.schema(schema, pointer)?;
                    Rule::DependentSchemas(vec![(name.clone(), schema)])
                }
            });
        }
        Ok(())
    }

    fn logic(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let lists: [Made<Vec<Id>>; 3] = [
            ("allOf", Rule::AllOf),
            ("anyOf", Rule::AnyOf),
            ("oneOf", Rule::OneOf),
        ];
        for (keyword, rule) in lists {
            if source.get(keyword).is_some() {
                rules.push(rule(self.list(source, keyword)?));
            }
        }
        rules.extend(self.child(source, "not")?.map(Rule::Not));
        if let Some(condition) = self.child(source, "if")? {
            rules.push(Rule::If {
                condition,
                then: self.child(source, "then")?,
                otherwise: self.child(source, "else")?,
                title: source.title_of("if"),
            });
        }
        Ok(())
    }

    fn unevaluated(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        if let Some(schema) = self.child(source, "unevaluatedItems")? {
            self.tracks = true;
            rules.push(Rule::UnevaluatedItems(schema));
        }
        if let Some(schema) = self.child(source, "unevaluatedProperties")? {
            self.tracks = true;
            rules.push(Rule::UnevaluatedProperties(schema));
        }
        Ok(())
    }

    fn child(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Option<Id>> {
        match source.get(keyword) {
            None => Ok(None),
            Some(value) => self.schema(value, source.child(keyword)).map(Some),
        }
    }

    fn list(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Vec<Id>> {
        match source.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if !items.is_empty() => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.schema(item, source.grandchild(keyword, index)))
                .collect(),
            Some(_) => Err(source.fault(keyword, "is not an array of schemas")),
        }
    }

    fn map(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Vec<(String, Id)>> {
        match source.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| {
                    let pointer = source.grandchild(keyword, name.as_str());
                    Ok((name.clone(), self.schema(value, pointer)?))
                })
                .collect(),
            Some(_) => Err(source.fault(keyword, "is not an object of schemas")),
        }
    }

    /// The dynamic anchors of each resource; none where nothing refers to one.
    fn dynamic_anchors(&mut self) -> Compiled<Vec<Vec<(String, Id)>>> {
        let refers = |rule: &Rule| matches!(rule, Rule::DynamicRef { .. });
        let mut anchors = vec![Vec::new(); self.resources.list.len()];
        if !self
            .schemas
            .iter()
            .flat_map(|schema| &schema.rules)
            .any(refers)
        {
            return Ok(anchors);
        }
        for (resource, name, pointer) in self.resources.dynamic.clone() {
            let id = self.at(&pointer, &pointer, "$dynamicAnchor")?;
            anchors[resource].push((name, id));
        }
        Ok(anchors)
    }
}
