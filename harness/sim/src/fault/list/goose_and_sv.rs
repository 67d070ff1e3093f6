//! Control blocks of GOOSE and of sampled values over MMS.

/// Hands the faults of this area on to the next list.
macro_rules! goose_and_sv {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                GooseAndSv {
                }
            }
            $($rest)*
        }
    };
}
