//! Service tracking.

/// Hands the faults of this area on to the next list.
macro_rules! tracking {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Tracking {
                }
            }
            $($rest)*
        }
    };
}
