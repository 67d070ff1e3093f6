//! Substitution and its blocking.

/// Hands the faults of this area on to the next list.
macro_rules! substitution {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Substitution {
                }
            }
            $($rest)*
        }
    };
}
