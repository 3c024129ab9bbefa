//! Attributes as a plain object: the official list of keys and values, each value as what JavaScript has for it.

use crate::fault::Fault;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Official;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use serde::Serialize;
use std::collections::BTreeMap;

/// The attributes of a record or a resource, by key.
pub type Attributes = BTreeMap<String, Value>;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text; also a whole number that JavaScript's numbers cannot hold, in decimal as in OTLP's JSON.
    Text(String),
    /// A truth.
    Bool(bool),
    /// A whole number or a fraction: to JavaScript the same.
    Number(f64),
    /// Bytes, as an array of numbers.
    Bytes(Vec<u8>),
    /// Several values.
    List(Vec<Self>),
    /// Values by name.
    Map(Attributes),
    /// A value that was left empty.
    Nothing,
}

/// The attributes by key.
pub(crate) fn by_key(list: Vec<KeyValue>) -> Result<Attributes, Fault> {
    let mut attributes = Attributes::new();
    for KeyValue { key, value, .. } in list {
        let value = Value::read(value.unwrap_or_default())?;
        if attributes.contains_key(&key) {
            return Err(Fault::TwoValues(key));
        }
        attributes.insert(key, value);
    }
    Ok(attributes)
}

impl Value {
    fn read(value: AnyValue) -> Result<Self, Fault> {
        /// 2^53 - 1, `Number.MAX_SAFE_INTEGER`.
        const LARGEST: u64 = (1 << 53) - 1;
        Ok(match value.value {
            Some(Official::StringValue(text)) => Self::Text(text),
            Some(Official::BoolValue(truth)) => Self::Bool(truth),
            Some(Official::IntValue(number)) if number.unsigned_abs() > LARGEST => Self::Text(number.to_string()),
            Some(Official::IntValue(number)) => Self::Number(number as f64),
            Some(Official::DoubleValue(number)) => Self::Number(number),
            Some(Official::BytesValue(bytes)) => Self::Bytes(bytes),
            Some(Official::ArrayValue(array)) => Self::List(array.values.into_iter().map(Self::read).collect::<Result<_, _>>()?),
            Some(Official::KvlistValue(list)) => Self::Map(by_key(list.values)?),
            // An index into a dictionary that only profiles have.
            Some(Official::StringValueStrindex(_)) | None => Self::Nothing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::attribute;
    use opentelemetry_proto::tonic::common::v1::{ArrayValue, KeyValueList};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[track_caller]
    fn check(official: Official, expected: Value) {
        let value = Some(official);
        assert_eq!(Value::read(AnyValue { value }), Ok(expected));
    }

    #[test]
    fn each_value_is_what_javascript_has_for_it() {
        check(Official::StringValue("größer".into()), Value::Text("größer".into()));
        check(Official::BoolValue(true), Value::Bool(true));
        check(Official::IntValue(-7), Value::Number(-7.0));
        check(Official::DoubleValue(0.1), Value::Number(0.1));
        check(Official::BytesValue(vec![1, 255]), Value::Bytes(vec![1, 255]));
        check(Official::StringValueStrindex(3), Value::Nothing);
        assert_eq!(Value::read(AnyValue::default()), Ok(Value::Nothing));
    }

    #[test]
    fn a_number_too_large_for_javascript_is_text() {
        check(Official::IntValue(9_007_199_254_740_991), Value::Number(9_007_199_254_740_991.0));
        check(Official::IntValue(9_007_199_254_740_993), Value::Text("9007199254740993".into()));
        check(Official::IntValue(i64::MIN), Value::Text("-9223372036854775808".into()));
    }

    #[test]
    fn lists_and_maps_hold_values() {
        let values = vec![AnyValue { value: Some(Official::IntValue(1)) }, AnyValue::default()];
        check(Official::ArrayValue(ArrayValue { values }), Value::List(vec![Value::Number(1.0), Value::Nothing]));
        let values = vec![attribute("a", Official::BoolValue(false))];
        check(Official::KvlistValue(KeyValueList { values }), Value::Map([("a".into(), Value::Bool(false))].into()));
    }

    #[test]
    fn a_key_that_stands_twice_is_a_fault() {
        let twice = vec![attribute("a", Official::IntValue(1)), attribute("a", Official::IntValue(1))];
        assert_eq!(by_key(twice), Err(Fault::TwoValues("a".into())));
    }
}
