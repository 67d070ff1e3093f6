//! Control blocks: their attributes by name, read whole and written in an order that works
//! (IEC 61850-8-1: GetBRCBValues, SetBRCBValues and their kin).

use iedassay_model::BlockReference;
use iedassay_model::tree::{OptFlds, TrgOps};
use iedassay_wire::mms::{
    Data, DataAccessError, ListedVariable, ObjectName, TypeSpecification, WriteResult,
};

use super::inconsistent;
use crate::{Client, ClientError};

/// A control block as it was read: attributes and values in the order of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which.
    pub reference: BlockReference,
    /// Names and values.
    pub attributes: Vec<(String, Data)>,
}

impl Block {
    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Data> {
        self.attributes
            .iter()
            .find(|(attribute, _)| attribute == name)
            .map(|(_, value)| value)
    }

    /// A boolean attribute such as `RptEna`.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(Data::as_bool)
    }

    /// A numeric attribute such as `ConfRev`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Data::as_i64)
    }

    /// A text attribute such as `RptID`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Data::as_str)
    }

    /// `OptFlds` of a report control block.
    #[must_use]
    pub fn opt_flds(&self) -> Option<OptFlds> {
        self.get("OptFlds")
            .and_then(Data::as_bits)
            .map(OptFlds::from_bits)
    }

    /// `TrgOps` of a report or log control block.
    #[must_use]
    pub fn trg_ops(&self) -> Option<TrgOps> {
        self.get("TrgOps")
            .and_then(Data::as_bits)
            .map(TrgOps::from_bits)
    }
}

/// How several attributes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Writes {
    /// One request for each, in order; after a refusal the rest is written all the same.
    #[default]
    OneByOne,
    /// One request for each, in order, up to the first refusal.
    UntilRefused,
    /// All in one request.
    Together,
}

impl Client {
    /// The names of the attributes of a control block, from its type.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when the type is no structure of named
    /// components.
    pub async fn block_attributes(
        &self,
        block: &BlockReference,
    ) -> Result<Vec<String>, ClientError> {
        let attributes = self.variable_type(object(block)).await?;
        let TypeSpecification::Structure { components, .. } = attributes.type_spec else {
            return Err(inconsistent(format!(
                "the type of {} is no structure",
                block.mms_text()
            )));
        };
        let names: Option<Vec<String>> = components
            .into_iter()
            .map(|component| component.name)
            .collect();
        names.ok_or_else(|| inconsistent(format!("the type of {} has no names", block.mms_text())))
    }

    /// Reads a control block: its type for the names, then its values.
    ///
    /// # Errors
    /// As [`Client::block_attributes`] and [`Client::read`]; [`ClientError::Inconsistent`] when
    /// there are not as many values as names.
    pub async fn get_block(&self, block: &BlockReference) -> Result<Block, ClientError> {
        let names = self.block_attributes(block).await?;
        self.get_block_as(block, names).await
    }

    /// As [`Client::get_block`] with the names known before.
    ///
    /// # Errors
    /// As [`Client::get_block`].
    pub async fn get_block_as(
        &self,
        block: &BlockReference,
        names: Vec<String>,
    ) -> Result<Block, ClientError> {
        match self.read(object(block)).await? {
            Data::Structure(values) if values.len() == names.len() => Ok(Block {
                reference: block.clone(),
                attributes: names.into_iter().zip(values).collect(),
            }),
            value => Err(inconsistent(format!(
                "{} has {} attributes by its type and reads as a {} of {}",
                block.mms_text(),
                names.len(),
                value.kind(),
                value.members().map_or(1, <[Data]>::len),
            ))),
        }
    }

    /// Writes attributes of a control block in an order that works whatever order they are given
    /// in: disable, reserve, configure, enable, then GI. A result for each that was written, in the
    /// order of writing.
    ///
    /// # Errors
    /// As [`Client::request`]; a refusal is no error but a result.
    pub async fn set_block(
        &self,
        block: &BlockReference,
        mut attributes: Vec<(String, Data)>,
        writes: Writes,
    ) -> Result<Vec<(String, WriteResult)>, ClientError> {
        attributes.sort_by_key(|(name, value)| rank(name, value));
        let (names, values): (Vec<_>, Vec<_>) = attributes.into_iter().unzip();
        if writes == Writes::Together {
            let values = names
                .iter()
                .map(|name| attribute(block, name))
                .zip(values)
                .collect();
            let results = self.write_many(values).await?;
            return Ok(names.into_iter().zip(results).collect());
        }
        let mut results = Vec::new();
        for (name, value) in names.into_iter().zip(values) {
            let written = self.write_attribute(block, &name, value).await;
            let result: Result<(), DataAccessError> = match written {
                Ok(()) => Ok(()),
                Err(ClientError::Access(error)) => Err(error),
                Err(error) => return Err(error),
            };
            let refused = result.is_err();
            results.push((name, result));
            if refused && writes == Writes::UntilRefused {
                break;
            }
        }
        Ok(results)
    }

    /// Writes one attribute of a control block.
    ///
    /// # Errors
    /// As [`Client::write`].
    pub async fn write_attribute(
        &self,
        block: &BlockReference,
        name: &str,
        value: Data,
    ) -> Result<(), ClientError> {
        self.write(attribute(block, name), value).await
    }
}

/// Where an attribute stands in the order of writing.
fn rank(name: &str, value: &Data) -> u8 {
    let on = value.as_bool() == Some(true);
    match name {
        "RptEna" | "LogEna" | "GoEna" | "SvEna" if !on => 0,
        // Giving up a reservation comes last of all.
        "Resv" if !on => 9,
        "Resv" => 1,
        "ResvTms" if value.as_i64() == Some(0) => 9,
        "ResvTms" => 1,
        "RptID" | "GoID" | "MsvID" | "UsvID" => 2,
        "DatSet" | "LogRef" => 3,
        // A change of these purges the buffer, so a resynchronisation comes after them.
        "OptFlds" | "BufTm" | "TrgOps" | "IntgPd" => 4,
        "PurgeBuf" => 5,
        "EntryID" => 6,
        "RptEna" | "LogEna" | "GoEna" | "SvEna" => 7,
        "GI" => 8,
        _ => 4,
    }
}

fn attribute(block: &BlockReference, name: &str) -> ListedVariable {
    ObjectName::domain(block.ld.clone(), block.attribute_item(name)).into()
}

fn object(block: &BlockReference) -> ObjectName {
    ObjectName::domain(block.ld.clone(), block.mms_item())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_in_an_order_that_works() {
        let mut attributes = [
            ("GI", Data::Boolean(true)),
            ("RptEna", Data::Boolean(true)),
            ("EntryID", Data::OctetString(vec![0; 8])),
            ("TrgOps", Data::BitString(TrgOps::default().to_bits())),
            ("DatSet", Data::VisibleString("LD/LLN0$ds".into())),
            ("ResvTms", Data::Integer(10)),
            ("Resv", Data::Boolean(false)),
            ("LogEna", Data::Boolean(false)),
        ];
        attributes.sort_by_key(|(name, value)| rank(name, value));
        let names: Vec<&str> = attributes.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "LogEna", "ResvTms", "DatSet", "TrgOps", "EntryID", "RptEna", "GI", "Resv"
            ]
        );
    }
}
