//! Attributes of OTLP as JSON, within the limits of what one record may hold.

use crate::fault::Fault;
use crate::limits;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value as Otlp};
use serde_json::{Map, Value};
use vitrum_wire::Key;

/// Attributes by key.
pub(crate) type Attributes = Map<String, Value>;

/// The attributes as a JSON object; of a key given twice the last counts.
pub(crate) fn to_json(attributes: Vec<KeyValue>) -> Result<Attributes, Fault> {
    if attributes.len() > limits::ATTRIBUTES {
        return Err(Fault::TooManyAttributes);
    }
    attributes
        .into_iter()
        .map(|KeyValue { key, value, .. }| {
            if key.len() > limits::KEY_BYTES {
                return Err(Fault::KeyTooLong);
            }
            let stack = key == Key::ExceptionStack.text();
            let text_bytes = if stack { limits::STACK_BYTES } else { limits::VALUE_BYTES };
            let value = value_to_json(value, text_bytes, limits::VALUE_DEPTH)?;
            Ok((key, value))
        })
        .collect()
}

/// One value; arrays and maps share the limit of text with all that they hold.
pub(crate) fn value_to_json(value: Option<AnyValue>, text_bytes: usize, depth: usize) -> Result<Value, Fault> {
    let mut left_bytes = text_bytes;
    convert(value, &mut left_bytes, depth)
}

fn convert(value: Option<AnyValue>, left_bytes: &mut usize, depth: usize) -> Result<Value, Fault> {
    let Some(value) = value.and_then(|value| value.value) else { return Ok(Value::Null) };
    let mut take = |bytes: usize| {
        *left_bytes = left_bytes.checked_sub(bytes).ok_or(Fault::ValueTooLong)?;
        Ok(())
    };
    Ok(match value {
        Otlp::StringValue(text) => {
            take(text.len())?;
            Value::from(text)
        }
        Otlp::BytesValue(bytes) => {
            take(bytes.len())?;
            Value::from(hex(&bytes))
        }
        Otlp::BoolValue(value) => Value::from(value),
        Otlp::IntValue(value) => Value::from(value),
        Otlp::DoubleValue(value) => Value::from(value),
        Otlp::ArrayValue(array) => {
            let depth = depth.checked_sub(1).ok_or(Fault::ValueTooDeep)?;
            // A place in the array counts as a byte, or empty values would be free.
            take(array.values.len())?;
            array.values.into_iter().map(|value| convert(Some(value), left_bytes, depth)).collect::<Result<_, _>>()?
        }
        Otlp::KvlistValue(list) => {
            let depth = depth.checked_sub(1).ok_or(Fault::ValueTooDeep)?;
            take(list.values.iter().map(|entry| entry.key.len() + 1).sum())?;
            let entries = list
                .values
                .into_iter()
                .map(|KeyValue { key, value, .. }| Ok((key, convert(value, left_bytes, depth)?)));
            Value::Object(entries.collect::<Result<_, _>>()?)
        }
        // An index into a table of strings that only profiles have.
        _ => Value::Null,
    })
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text under a key, unless it is empty.
pub(crate) fn text(attributes: &Attributes, key: Key) -> Option<String> {
    text_of(attributes, key.text()).map(str::to_owned)
}

/// The same for a key that the agent does not send.
pub(crate) fn text_of<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    attributes.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The number under a key, whichever kind of number it came as.
pub(crate) fn number(attributes: &Attributes, key: Key) -> Option<f64> {
    attributes.get(key.text()).and_then(Value::as_f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::{ArrayValue, KeyValueList};
    use serde_json::json;

    fn attribute(key: &str, value: Otlp) -> KeyValue {
        KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
    }

    fn nested(depth: usize) -> Otlp {
        (0..depth).fold(Otlp::BoolValue(true), |inner, _| {
            Otlp::ArrayValue(ArrayValue { values: vec![AnyValue { value: Some(inner) }] })
        })
    }

    #[test]
    fn every_kind_of_value_has_its_json() {
        let map = Otlp::KvlistValue(KeyValueList { values: vec![attribute("a", Otlp::IntValue(1))] });
        let attributes = to_json(vec![
            attribute("text", Otlp::StringValue("t".to_owned())),
            attribute("bytes", Otlp::BytesValue(vec![0, 255])),
            attribute("int", Otlp::IntValue(-3)),
            attribute("double", Otlp::DoubleValue(0.5)),
            attribute("nan", Otlp::DoubleValue(f64::NAN)),
            attribute("array", nested(2)),
            attribute("map", map),
            KeyValue { key: "none".to_owned(), ..KeyValue::default() },
        ]);
        let expected = json!({"text": "t", "bytes": "00ff", "int": -3, "double": 0.5, "nan": null,
            "array": [[true]], "map": {"a": 1}, "none": null});
        assert_eq!(attributes.map(Value::Object), Ok(expected));
    }

    #[test]
    fn what_is_over_a_limit_is_named() {
        let text = |bytes| Otlp::StringValue("x".repeat(bytes));
        let one = |key: &str, value| to_json(vec![attribute(key, value)]).err();
        assert_eq!(one("k", text(limits::VALUE_BYTES)), None);
        assert_eq!(one("k", text(limits::VALUE_BYTES + 1)), Some(Fault::ValueTooLong));
        assert_eq!(one("exception.stacktrace", text(limits::STACK_BYTES)), None);
        assert_eq!(one("exception.stacktrace", text(limits::STACK_BYTES + 1)), Some(Fault::ValueTooLong));
        assert_eq!(one("k", nested(limits::VALUE_DEPTH)), None);
        assert_eq!(one("k", nested(limits::VALUE_DEPTH + 1)), Some(Fault::ValueTooDeep));
        assert_eq!(one(&"k".repeat(limits::KEY_BYTES + 1), text(1)), Some(Fault::KeyTooLong));
        let many = (0..=limits::ATTRIBUTES).map(|n| attribute(&n.to_string(), Otlp::BoolValue(true))).collect();
        assert_eq!(to_json(many).err(), Some(Fault::TooManyAttributes));
    }

    #[test]
    fn a_number_is_one_whether_whole_or_not() {
        let key = Key::VitalValue.text();
        for (value, expected) in [(Otlp::IntValue(2), 2.0), (Otlp::DoubleValue(2.5), 2.5)] {
            assert_eq!(number(&to_json(vec![attribute(key, value)]).unwrap(), Key::VitalValue), Some(expected));
        }
    }
}
