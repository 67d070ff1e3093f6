//! Service tracking.

/// Hands the faults of this area on to the next list.
macro_rules! tracking {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Tracking {
                    /// No service is tracked: every tracking object keeps what it held at the start.
                    ServicesNotTracked = "services-not-tracked", "IEC 61850-7-2, tracking of services";
                    /// A service that is refused is not tracked.
                    RefusalsNotTracked = "refusals-not-tracked", "IEC 61850-7-2, tracking of services, errorCode";
                    /// A refused service is tracked as one without error.
                    TrackedErrorAlwaysNone = "tracked-error-always-none", "IEC 61850-7-2, tracking of services, errorCode";
                    /// Services are numbered from 0, so that each is tracked as the one before it.
                    ServicesCountedFromZero = "services-counted-from-zero", "IEC 61850-7-2, ServiceNameKind";
                    /// objRef names the logical node of what the service was about, and not that.
                    TrackedReferenceOfNode = "tracked-reference-of-node", "IEC 61850-7-2, tracking of services, objRef";
                    /// t of a tracking object is not set.
                    TrackedTimeFrozen = "tracked-time-frozen", "IEC 61850-7-2, tracking of services, t";
                    /// A service that is tracked triggers no report.
                    TrackingNotReported = "tracking-not-reported", "IEC 61850-7-3, CST, objRef with dupd";
                    /// The tracking object of a control block does not get its attributes.
                    TrackedParametersMissing = "tracked-parameters-missing", "IEC 61850-7-3, BTS, UTS, LTS, STS";
                    /// A service on a buffered report control block is tracked as one on an unbuffered block.
                    BufferedTrackedAsUnbuffered = "buffered-tracked-as-unbuffered", "IEC 61850-7-4, LTRK, BrcbTrk";
                    /// Services on GOOSE control blocks are not tracked.
                    GooseServicesNotTracked = "goose-services-not-tracked", "IEC 61850-7-4, LTRK, GocbTrk";
                    /// A service on a control block of multicast sampled values is tracked as one on a unicast block.
                    MulticastTrackedAsUnicast = "multicast-tracked-as-unicast", "IEC 61850-7-4, LTRK, MsvcbTrk";
                    /// A service on a control block of unicast sampled values is tracked as one on a multicast block.
                    UnicastTrackedAsMulticast = "unicast-tracked-as-multicast", "IEC 61850-7-4, LTRK, UsvcbTrk";
                    /// ConfirmEditSGValues is not tracked.
                    ConfirmationNotTracked = "confirmation-not-tracked", "IEC 61850-7-2, tracking of services, SGCB";
                    /// The tracking object of a control has no originator.
                    TrackedOriginLost = "tracked-origin-lost", "IEC 61850-7-2, CTS, origin";
                    /// The tracking object of a refused control tells no cause.
                    TrackedCauseMissing = "tracked-cause-missing", "IEC 61850-7-2, CTS, respAddCause";
                    /// CommandTermination is not tracked.
                    TerminationNotTracked = "termination-not-tracked", "IEC 61850-7-2, CTS, serviceType";
                    /// The deletion of a data set is tracked as its creation.
                    DeletionTrackedAsCreation = "deletion-tracked-as-creation", "IEC 61850-7-2, tracking of services, serviceType";
                    /// Clients can write what a tracking object holds.
                    TrackingWritable = "tracking-writable", "IEC 61850-7-2, functional constraint SR";
                }
            }
            $($rest)*
        }
    };
}
