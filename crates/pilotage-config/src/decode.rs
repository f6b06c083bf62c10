//! Reading the tree into types by `serde`, with the place of every fault.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserializer, de::IntoDeserializer, forward_to_deserialize_any};

use crate::{Entry, Fault, Node, Value};

impl<'de> Deserializer<'de> for &Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let decoded = match &self.value {
            Value::Text(text) | Value::Time(text) => visitor.visit_str(text),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Array(items) => visitor.visit_seq(Items { items, index: 0 }),
            Value::Table(entries) => visitor.visit_map(Entries { entries, at: None }),
        };
        decoded.map_err(|fault| fault.within(self))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self).map_err(|fault| fault.within(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let decoded = match &self.value {
            Value::Text(text) => visitor.visit_enum(StrDeserializer::new(text)),
            Value::Table(entries) => match entries.as_slice() {
                [entry] => visitor.visit_enum(Choice { entry }),
                _ => Err(Fault::new(format!("expected exactly one key, found {}", entries.len()))
                    .with_help("keep the one that is meant")),
            },
            _ => Err(Fault::invalid_type(unexpected(&self.value), &"a name or a table")),
        };
        decoded.map_err(|fault| fault.within(self))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Text(text) | Value::Time(text) => Unexpected::Str(text),
        Value::Integer(number) => Unexpected::Signed(*number),
        Value::Float(number) => Unexpected::Float(*number),
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Array(_) => Unexpected::Seq,
        Value::Table(_) => Unexpected::Map,
    }
}

struct Items<'a> {
    items: &'a [Node],
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.get(self.index) else { return Ok(None) };
        let key = format!("[{}]", self.index);
        self.index += 1;
        seed.deserialize(item).map(Some).map_err(|fault| fault.within(item).under(key))
    }
}

struct Entries<'a> {
    entries: &'a [Entry],
    at: Option<&'a Entry>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((entry, rest)) = self.entries.split_first() else { return Ok(None) };
        (self.entries, self.at) = (rest, Some(entry));
        let key: StrDeserializer<'_, Fault> = entry.key.as_str().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|fault| fault.at(&entry.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let entry = self.at.take().ok_or_else(|| Fault::new("a value was read before its key"))?;
        seed.deserialize(&entry.node).map_err(|fault| under(entry, fault))
    }
}

/// A fault of the value of an entry, which need not have come from the tree: types have rules too.
fn under(entry: &Entry, fault: Fault) -> Fault {
    fault.within(&entry.node).under(&entry.key)
}

/// A choice with content: a table of one key.
struct Choice<'a> {
    entry: &'a Entry,
}

impl<'de, 'a> EnumAccess<'de> for Choice<'a> {
    type Error = Fault;
    type Variant = &'a Entry;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Fault> {
        let key: StrDeserializer<'_, Fault> = self.entry.key.as_str().into_deserializer();
        let name = seed.deserialize(key).map_err(|fault| fault.at(&self.entry.place))?;
        Ok((name, self.entry))
    }
}

impl<'de> VariantAccess<'de> for &Entry {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        let fault = Fault::new(format!("`{}` takes no settings", self.key));
        Err(fault.with_help(format!("write it as \"{}\"", self.key)).at(&self.place))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(&self.node).map_err(|fault| under(self, fault))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.node.deserialize_any(visitor).map_err(|fault| under(self, fault))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.node.deserialize_any(visitor).map_err(|fault| under(self, fault))
    }
}
