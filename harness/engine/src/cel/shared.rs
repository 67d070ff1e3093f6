//! Maps and lists that are copied by reference.
//!
//! The interpreter copies the element into every round of `filter`, `exists` and the like. For an object of the
//! model, which holds its members and their leaves, a true copy costs more than everything else in an expression;
//! so maps and lists are shared, and remember the [`Value`] they stand for.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cel::common::traits::{Adder, Container, Indexer, Iterable, Iterator as Items, Sizer, Zeroer};
use cel::common::types::{CelInt, CelList, CelMap, CelMapKey, CelString, Type};
use cel::common::value::{BuiltinRef, CowVal, StaticVal, Val};
use cel::{ExecutionError, Value};

/// A shared map or list.
#[derive(Debug, Clone)]
struct Shared<T> {
    inner: Arc<T>,
    value: Value,
}

type SharedMap = Shared<CelMap<'static>>;
type SharedList = Shared<CelList<'static>>;

/// What was shared before, by the address of the [`Value`]'s contents; the values are kept, so addresses stay theirs.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    maps: HashMap<usize, SharedMap>,
    lists: HashMap<usize, SharedList>,
}

impl Pool {
    /// The interpreter's form of a value. With `keep` its maps and lists are shared with every later value of the
    /// same origin; meant for what lives as long as the run.
    pub(super) fn val(&self, value: &Value, keep: bool) -> Box<dyn Val> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.val(value, keep)
    }
}

impl Known {
    fn val(&mut self, value: &Value, keep: bool) -> Box<dyn Val> {
        match value {
            Value::Map(map) => {
                let at = Arc::as_ptr(&map.map).addr();
                if let Some(known) = self.maps.get(&at) {
                    return Box::new(known.clone());
                }
                let entries: HashMap<CelMapKey<'static>, Box<dyn Val>> = map
                    .map
                    .iter()
                    .map(|(k, v)| (k.clone().into(), self.val(v, keep)))
                    .collect();
                let shared = Shared {
                    inner: Arc::new(CelMap::from(entries)),
                    value: value.clone(),
                };
                if keep {
                    self.maps.insert(at, shared.clone());
                }
                Box::new(shared)
            }
            Value::List(list) => {
                let at = Arc::as_ptr(list).addr();
                if let Some(known) = self.lists.get(&at) {
                    return Box::new(known.clone());
                }
                let items: Vec<Box<dyn Val>> = list.iter().map(|v| self.val(v, keep)).collect();
                let shared = Shared {
                    inner: Arc::new(CelList::from(items)),
                    value: value.clone(),
                };
                if keep {
                    self.lists.insert(at, shared.clone());
                }
                Box::new(shared)
            }
            Value::String(s) => Box::new(CelString::from(s.as_str().to_owned())),
            other => Box::<dyn Val>::try_from(other.clone())
                .unwrap_or_else(|_| Box::new(cel::common::types::CelNull)),
        }
    }
}

/// The interpreter's form of a value that is used once.
pub(super) fn val(value: &Value) -> Box<dyn Val> {
    Known::default().val(value, false)
}

/// The value of an expression's result; what is shared is handed out as it was put in.
pub(super) fn value(val: &dyn Val) -> Result<Value, ExecutionError> {
    if let Some(map) = val.downcast_ref::<SharedMap>() {
        return Ok(map.value.clone());
    }
    if let Some(list) = val.downcast_ref::<SharedList>() {
        return Ok(list.value.clone());
    }
    match val.as_builtin() {
        BuiltinRef::List(list) => {
            let items = list
                .inner()
                .iter()
                .map(|v| value(v.as_ref()))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Value::List(Arc::new(items)))
        }
        _ => val.try_into(),
    }
}

impl<T: Val + 'static> StaticVal for Shared<T> where Self: Val {}

macro_rules! delegate {
    ($ty:ty, $inner:ty, $variant:ident) => {
        impl Val for $ty {
            fn get_type(&self) -> &Type {
                self.inner.get_type()
            }

            fn cel_type() -> &'static Type {
                <$inner as Val>::cel_type()
            }

            fn as_adder<'b, 'v>(&'b self) -> Option<&'b (dyn Adder + 'v)>
            where
                Self: 'v,
            {
                self.inner.as_adder()
            }

            fn as_container(&self) -> Option<&dyn Container> {
                self.inner.as_container()
            }

            fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
            where
                Self: 'v,
            {
                Some(self)
            }

            fn into_indexer<'v>(self: Box<Self>) -> Option<Box<dyn Indexer + 'v>>
            where
                Self: 'v,
            {
                Some(self)
            }

            fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
            where
                Self: 'v,
            {
                Some(self)
            }

            fn as_sizer(&self) -> Option<&dyn Sizer> {
                Some(self)
            }

            fn as_zeroer(&self) -> Option<&dyn Zeroer> {
                self.inner.as_zeroer()
            }

            fn equals(&self, other: &dyn Val) -> bool {
                self.inner.equals(other)
            }

            fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
            where
                Self: 'v,
            {
                Box::new(self.clone())
            }

            fn as_any(&self) -> Option<&dyn Any> {
                Some(self)
            }

            // Hidden in the crate's documentation, but the only way for functions and operators to see the map or
            // list inside; the tests below notice if it goes.
            fn as_builtin<'b, 'v>(&'b self) -> BuiltinRef<'b, 'v>
            where
                Self: 'v,
            {
                BuiltinRef::$variant(&self.inner)
            }
        }

        impl Indexer for $ty {
            fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
            where
                Self: 'v,
            {
                self.inner.get(key)
            }

            fn steal<'v>(
                self: Box<Self>,
                key: &dyn Val,
            ) -> Result<Box<dyn Val + 'v>, ExecutionError>
            where
                Self: 'v,
            {
                Ok(self.inner.get(key)?.clone_as_boxed())
            }
        }

        impl Iterable for $ty {
            fn iter<'b, 'v>(&'b self) -> Box<dyn Items<'b, 'v> + 'b>
            where
                Self: 'v,
            {
                self.inner.iter()
            }
        }

        impl Sizer for $ty {
            fn size(&self) -> CelInt {
                self.inner.size()
            }
        }
    };
}
delegate!(SharedMap, CelMap<'static>, Map);
delegate!(SharedList, CelList<'static>, List);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::{Expr, Scope};
    use crate::diagnostic::{FileId, Span};
    use crate::value::{list, map};

    fn scope() -> Scope {
        let inner = map([("x", Value::Int(1)), ("l", list([Value::Int(1)]))]);
        let mut scope = Scope::new();
        scope.set_shared("a", list([inner.clone(), inner.clone()]));
        scope.set("b", inner);
        scope
    }

    fn eval(scope: &Scope, text: &str) -> Value {
        let expr = Expr::parse(text, &|a, b| Span::new(FileId::default(), a, b)).unwrap();
        scope.eval(&expr).unwrap()
    }

    #[test]
    fn shared_values_behave_as_any_others() {
        let scope = scope();
        for text in [
            "a[0].x == 1 && a[1]['x'] == 1",
            "a == [a[0], b]",
            "b == {'x': 1, 'l': [1]}",
            "{'x': 1, 'l': [1]} == b",
            "a.filter(e, e.x == 1).size() == 2",
            "a.map(e, e.l)[0] == [1]",
            "a.filter(e, e == b)[0].l[0] == 1",
            "b in a && 'x' in b && !('y' in b) && has(b.x) && !has(b.y)",
            "size(a + a) == 4 && size(b) == 2",
            "b.all(k, k in ['x', 'l'])",
            "a.exists(e, e.l.exists(i, i == 1))",
            "type(a) == list && type(b) == map",
            "a.sameElements([b, b])",
            "(true ? b : a[0]).x == 1",
        ] {
            assert_eq!(eval(&scope, text), Value::Bool(true), "{text}");
        }
    }

    #[test]
    fn results_are_the_values_put_in() {
        let scope = scope();
        let Value::Map(there) = scope.get("b").unwrap().clone() else {
            panic!("map expected");
        };
        let Value::List(found) = eval(&scope, "a.filter(e, e.x == 1)") else {
            panic!("list expected");
        };
        let Value::Map(first) = &found[0] else {
            panic!("map expected");
        };
        assert!(Arc::ptr_eq(&first.map, &there.map));
    }
}
