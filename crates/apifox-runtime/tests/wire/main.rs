//! What is sent for a request.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod bodies;
mod headers;
mod multipart;
mod paths;
mod properties;
mod queries;
mod requests;
mod sequences;
mod styles;

use apifox_runtime::{
    Encoded, Invalid, Location, Node, Operation, Parameter, Report, Serialization, Unsendable,
};
use serde_json::Value;

/// An operation with a path and nothing else.
fn operation(path: &'static str) -> Operation {
    fn recode(node: &Node<'_>) -> Result<Node<'static>, Invalid> {
        Ok(node.clone().into_owned())
    }
    Operation {
        api: "test",
        name: "test",
        method: "POST",
        path,
        document: "{}",
        check_request: |_| Report::default(),
        check_response: |_| Report::default(),
        check_error: |_| Report::default(),
        recode_request: Some(recode),
        recode_response: Some(recode),
        ..Operation::ANY
    }
}

/// The same operation with these parameters at `location`.
fn with(
    operation: Operation,
    location: Location,
    parameters: &[(&'static str, Serialization)],
) -> Operation {
    let mut all = operation.parameters.unwrap_or_default().to_vec();
    all.extend(parameters.iter().map(|(name, serialization)| Parameter {
        location,
        name,
        serialization: *serialization,
    }));
    Operation {
        parameters: Some(all.leak()),
        ..operation
    }
}

fn encode(operation: &Operation, request: &Value) -> Result<Encoded, Unsendable> {
    operation.encode(&Node::from(request))
}

/// Why `request` can't be sent.
fn refusal(operation: &Operation, request: &Value) -> String {
    let refused = encode(operation, request);
    refused.expect_err(&request.to_string()).to_string()
}
