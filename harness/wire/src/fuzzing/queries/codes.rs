//! Codes: every number has a text, a name leads back to its code, and times of any number stay in their range.

use core::time::Duration;

use crate::acse::{AbortSource, AssociateResult, Diagnostic};
use crate::association::{Abort, ConcludeRefusal, Ending, Phase, Refusal, Released};
use crate::cotp::{DisconnectReason, RejectCause, TpduSize};
use crate::fuzzing::queries::{debug, shown};
use crate::mms::{
    BinaryTime, DataAccessError, ErrorClass, ErrorCode, EventConditionState, ObjectClass,
    Parameter, ParameterSupport, RejectClass, RejectReason, ScopeOfDelete, Service, ServiceError,
    ServiceSupport, TimeQuality, UtcTime, VmdLogicalStatus, VmdPhysicalStatus,
};
use crate::presentation::{AbortReason, ProviderReason};
use crate::session::{RefuseReason, TransportDisconnect};
use crate::sntp::{Message, NtpTime};

/// Eight octets are a number, which is looked at as each code and each time.
pub(super) fn all(octets: &[u8]) {
    let Some((eight, rest)) = octets.split_first_chunk::<8>() else {
        return;
    };
    let number = i64::from_be_bytes(*eight);
    let [.., high, low] = *eight;
    mms(number, rest);
    below(number, high, low, rest);
    times(*eight, octets);
}

/// The name of each leads back to it.
macro_rules! named {
    ($rest:expr, $($code:expr => $ty:ident,)*) => {$(
        let code = $ty($code);
        shown(&code, $rest);
        if let Some(name) = code.name() {
            assert_eq!($ty::from_name(name), Some(code));
            assert!($ty::NAMED.contains(&code));
        }
    )*};
}

fn mms(number: i64, rest: &[u8]) {
    let index = u32::try_from(number & 0xff).unwrap_or_default();
    named!(rest,
        number => DataAccessError,
        number => ObjectClass,
        number => VmdLogicalStatus,
        number => VmdPhysicalStatus,
        number => ScopeOfDelete,
        number => EventConditionState,
        index => ErrorClass,
        index => RejectClass,
        index => Service,
        index => Parameter,
    );
    let code = ErrorCode {
        class: ErrorClass(index >> 4),
        code: number & 0xf,
    };
    shown(&code, rest);
    assert_eq!(
        code.name().is_some(),
        code.code == 0 || ErrorCode::NAMED.contains(&code)
    );
    assert_eq!(ErrorCode::other(code.class).name(), Some("other"));
    shown(&ServiceError::from(code), rest);
    let reason = RejectReason {
        class: RejectClass(index >> 4),
        code: number & 0xf,
    };
    shown(&reason, rest);

    let mut services = ServiceSupport::of(&[Service(index), Service::READ]);
    assert!(services.contains(Service(index)) && services.contains(Service::READ));
    assert_eq!(services.intersection(&services), services);
    assert_eq!(
        ServiceSupport::of(&services.iter().collect::<Vec<_>>()),
        services
    );
    shown(&services, rest);
    services.remove(Service(index));
    assert!(!services.contains(Service(index)));
    let mut parameters = ParameterSupport::of(&[]);
    parameters.insert(Parameter(index));
    assert!(parameters.iter().eq([Parameter(index)]));
    shown(&parameters, rest);
}

fn below(number: i64, high: u8, low: u8, rest: &[u8]) {
    shown(&DisconnectReason(low), rest);
    shown(&RejectCause(low), rest);
    if let Some(size) = TpduSize(low).octets() {
        assert!((128..=8192).contains(&size) && size.is_power_of_two());
    }
    shown(&RefuseReason(low), rest);
    assert_eq!(TransportDisconnect(low).releases(), low & 1 == 1);
    let small = number & 0xf;
    shown(&AbortReason(small), rest);
    shown(&ProviderReason(small), rest);
    shown(&AbortSource(small), rest);
    let diagnostics = [Diagnostic::User(small), Diagnostic::Provider(small)];
    diagnostics
        .iter()
        .for_each(|diagnostic| shown(diagnostic, rest));
    shown(&AssociateResult(small), rest);

    let error = ServiceError::new(ErrorCode::other(ErrorClass(u32::from(high))));
    let reject = RejectReason {
        class: RejectClass(u32::from(high)),
        code: small,
    };
    let refusal = match high % 8 {
        0 => Refusal::Transport(DisconnectReason(low)),
        1 => Refusal::TransportError(RejectCause(low)),
        2 => Refusal::Session(Some(RefuseReason(low))),
        3 => Refusal::Session(None),
        4 => Refusal::Presentation(Some(ProviderReason(small))),
        5 => Refusal::Acse(AssociateResult(small), diagnostics[0]),
        6 => Refusal::Initiate(error.clone()),
        _ => Refusal::Reject(reject),
    };
    debug(&refusal.layer());
    shown(&refusal, rest);
    let abort = match high % 5 {
        0 => Abort::TransportError(RejectCause(low)),
        1 => Abort::Session,
        2 => Abort::Presentation(Some(AbortReason(small))),
        3 => Abort::Presentation(None),
        _ => Abort::Acse {
            source: Some(AbortSource(small)),
            diagnostic: None,
        },
    };
    shown(&abort, rest);
    let phase = match high % 7 {
        0 => Phase::Transport,
        1 => Phase::Association,
        2 => Phase::Established,
        3 => Phase::Conclude,
        4 => Phase::Release,
        5 => Phase::Close,
        _ => Phase::Ended,
    };
    shown(&phase, rest);
    debug(&phase.layer());
    let released = Released {
        conclude: low & 1 == 1,
        session: low & 2 == 2,
        local: low & 4 == 4,
    };
    let ending = match low % 5 {
        0 => Ending::Refused(refusal),
        1 => Ending::AbortedByPeer(abort),
        2 => Ending::Closed(phase),
        3 => Ending::Released(released),
        _ => Ending::TimedOut {
            phase,
            after: Duration::from_millis(u64::from(low)),
        },
    };
    shown(&ending, rest);
    let concluding = if high & 1 == 0 {
        ConcludeRefusal::Error(error)
    } else {
        ConcludeRefusal::Reject(reject)
    };
    shown(&concluding, rest);
}

fn times(eight: [u8; 8], octets: &[u8]) {
    let time = UtcTime::from_octets(eight);
    assert_eq!(time.to_octets(), eight);
    assert_eq!(
        UtcTime::from_since_epoch(time.since_epoch(), time.quality),
        time
    );
    shown(&time, octets);
    let quality = TimeQuality(eight[7]);
    shown(&quality, octets);
    assert!(quality.accuracy() <= 31);

    for len in [4, 6] {
        let made = octets.get(..len).unwrap_or_default();
        let Some(time) = BinaryTime::from_octets(made) else {
            continue;
        };
        let (again, count) = time.to_octets();
        assert_eq!(again.get(..count), Some(made));
        shown(&time, octets);
        if let (BinaryTime::DateTime { millis, .. }, Some(since)) = (time, time.since_epoch())
            && millis < 86_400_000
        {
            assert_eq!(BinaryTime::from_since_epoch(since), time);
        }
    }

    let time = NtpTime(u64::from_be_bytes(eight));
    debug(&time);
    if let Some(since) = time.since_epoch() {
        // Half a nanosecond is a bit more than two of its steps.
        let again = NtpTime::from_since_epoch(since).0;
        assert!(
            again.abs_diff(time.0).min(again.wrapping_sub(time.0)) <= 3,
            "{since:?}"
        );
    }
    let request = Message::request(eight[0] & 7, time);
    assert_eq!(Message::decode(&request.encode()), Ok(request));
    if let Err(error) = Message::decode(&eight) {
        shown(&error, octets);
    }
}
