//! Buffered report control blocks: the buffer, EntryIDs, resynchronisation, reservation by time.

/// Hands the faults of this area on to the next list.
macro_rules! buffered {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Buffered {
                }
            }
            $($rest)*
        }
    };
}
