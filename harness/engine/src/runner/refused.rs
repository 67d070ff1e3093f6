//! What the owner of a target file can do about a refused association.

use iedassay_wire::acse::Diagnostic;
use iedassay_wire::association::Refusal;
use iedassay_wire::cotp::DisconnectReason;

/// The remedy for a refusal; `password` tells whether one was sent.
pub(super) fn remedy(refusal: Option<&Refusal>, password: bool) -> &'static str {
    match refusal {
        Some(Refusal::Transport(reason)) => match *reason {
            DisconnectReason::ADDRESS_UNKNOWN => {
                "the transport selector: `association.called.tsel` of the target file"
            }
            DisconnectReason::CONGESTION => {
                "all associations of the device are taken: end other clients, or wait until it has noticed that they are gone"
            }
            _ => {
                "selectors under `association.called` of the target file; are all associations of the device taken?"
            }
        },
        Some(Refusal::TransportError(_)) => {
            "the transport selector: `association.called.tsel` of the target file"
        }
        Some(Refusal::Session(_)) => {
            "the session selector: `association.called.ssel` of the target file; are all associations of the device taken?"
        }
        Some(Refusal::Presentation(_)) => {
            "the presentation selector: `association.called.psel` of the target file"
        }
        Some(Refusal::Acse(_, diagnostic)) => acse(*diagnostic, password),
        Some(Refusal::Initiate(_) | Refusal::Reject(_)) => {
            "what is proposed: `association.initiate` of the target file, above all `pdu-size`"
        }
        None => "selectors, titles and password under `association` of the target file",
    }
}

/// By the diagnostic of the AARE (ISO 8650-1, Associate-source-diagnostic).
fn acse(diagnostic: Diagnostic, password: bool) -> &'static str {
    let Diagnostic::User(code) = diagnostic else {
        return "the device has no common version of ACSE; is it an MMS server?";
    };
    match (code, password) {
        (2, _) => "the device wants another application context than that of MMS",
        (3 | 4, _) => {
            "the device knows no client of this title: `association.calling.ap-title` of the target file, or the list of clients in the device"
        }
        (5 | 6, _) => {
            "the device knows no client of this qualifier: `association.calling.ae-qualifier` of the target file, or the list of clients in the device"
        }
        (7 | 8, _) => "the title of the device: `association.called.ap-title` of the target file",
        (9 | 10, _) => {
            "the qualifier of the device: `association.called.ae-qualifier` of the target file"
        }
        (11..=14, false) => {
            "the device wants a password and none is sent: `association.password` of the target file"
        }
        (13, true) => "the password is wrong: `association.password` of the target file",
        (11 | 12 | 14, true) => {
            "the device does not take the password as it is sent: it wants another mechanism of authentication"
        }
        (_, true) => {
            "the device gives no reason: the password, or the titles, under `association` of the target file"
        }
        (_, false) => {
            "the device gives no reason: does it want a password (`association.password` of the target file), are the titles right?"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::acse::AssociateResult;

    #[test]
    fn a_password_that_is_missing_and_one_that_is_wrong_are_told_apart() {
        let told = |diagnostic, password| {
            let refusal = Refusal::Acse(AssociateResult::REJECTED_PERMANENT, diagnostic);
            remedy(Some(&refusal), password)
        };
        for (diagnostic, password, part) in [
            (Diagnostic::AUTHENTICATION_REQUIRED, false, "none is sent"),
            (Diagnostic::AUTHENTICATION_FAILURE, false, "none is sent"),
            (
                Diagnostic::AUTHENTICATION_FAILURE,
                true,
                "the password is wrong",
            ),
            (
                Diagnostic::AUTHENTICATION_REQUIRED,
                true,
                "another mechanism",
            ),
            (
                Diagnostic::CALLED_AP_TITLE,
                true,
                "`association.called.ap-title`",
            ),
            (
                Diagnostic::CALLED_AE_QUALIFIER,
                false,
                "`association.called.ae-qualifier`",
            ),
            (Diagnostic::User(3), false, "`association.calling.ap-title`"),
            (Diagnostic::NO_REASON, false, "does it want a password"),
            (Diagnostic::NO_REASON, true, "the password, or the titles"),
            (Diagnostic::Provider(2), true, "no common version"),
        ] {
            let told = told(diagnostic, password);
            assert!(told.contains(part), "{diagnostic}, {password}: {told}");
        }
    }

    #[test]
    fn each_layer_has_its_own_remedy() {
        let refusals = [
            Refusal::Transport(DisconnectReason::ADDRESS_UNKNOWN),
            Refusal::Transport(DisconnectReason::CONGESTION),
            Refusal::Session(None),
            Refusal::Presentation(None),
            Refusal::Acse(AssociateResult::REJECTED_PERMANENT, Diagnostic::NO_REASON),
        ];
        let mut told: Vec<_> = refusals
            .iter()
            .map(|refusal| remedy(Some(refusal), false))
            .collect();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), refusals.len());
    }
}
