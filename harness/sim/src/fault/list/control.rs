//! Control.

/// Hands the faults of this area on to the next list.
macro_rules! control {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Control {
                    /// A select is answered with the reference but nothing is selected.
                    SelectWithoutEffect = "select-without-effect", "IEC 61850-7-2, Select";
                    /// stSeld does not follow the selection.
                    StSeldStuck = "st-seld-stuck", "IEC 61850-7-3, stSeld";
                    /// Operate-once leaves the object selected after Operate.
                    SelectionAfterOperate = "selection-after-operate", "IEC 61850-7-2, sboClass operate-once";
                    /// Operate is answered with success and nothing moves.
                    OperateWithoutEffect = "operate-without-effect", "IEC 61850-7-2, Operate";
                    /// An object that the process blocks can be selected.
                    SelectIgnoresBlock = "select-ignores-block", "IEC 61850-7-2, Select, test-not-ok";
                    /// A refused select is answered with the reference, not with an empty string.
                    RefusedSelectNotEmpty = "refused-select-not-empty", "IEC 61850-8-1, Select";
                    /// A selection never times out.
                    SboTimeoutIgnored = "sbo-timeout-ignored", "IEC 61850-7-2, sboTimeout";
                    /// A selection ends after half of sboTimeout.
                    SboTimeoutHalved = "sbo-timeout-halved", "IEC 61850-7-2, sboTimeout";
                    /// An object that the process blocks can be operated.
                    OperateIgnoresBlock = "operate-ignores-block", "IEC 61850-7-2, Operate, test-not-ok";
                    /// A refused Operate leaves the object selected.
                    RefusedOperateKeepsSelection = "refused-operate-keeps-selection", "IEC 61850-7-2, SBO state machine";
                    /// Operate-many ends the selection after the first Operate.
                    OperateManyOnce = "operate-many-once", "IEC 61850-7-2, sboClass operate-many";
                    /// Cancel is answered with success and the object stays selected.
                    CancelWithoutEffect = "cancel-without-effect", "IEC 61850-7-2, Cancel";
                    /// Cancel by the selecting client is refused.
                    CancelRefused = "cancel-refused", "IEC 61850-7-2, Cancel";
                    /// An Operate for a later time is executed at once.
                    OperTmIgnored = "oper-tm-ignored", "IEC 61850-7-2, TimeActivatedOperate";
                    /// Cancel does not stop an Operate that waits for its time.
                    WaitingOperateNotCancelled = "waiting-operate-not-cancelled", "IEC 61850-7-2, TimeActivatedOperate";
                    /// Operate with Test set moves the process although the behaviour is on.
                    TestFlagIgnored = "test-flag-ignored", "IEC 61850-7-4, annex A; IEC 61850-7-2, Test";
                    /// In behaviour test an Operate without Test is executed.
                    PlainOperateInTest = "plain-operate-in-test", "IEC 61850-7-4, annex A; IEC 61850-7-2, Test";
                    /// In behaviour on-blocked the process moves.
                    BlockedModeMoves = "blocked-mode-moves", "IEC 61850-7-4, annex A, on-blocked";
                    /// Selecting a second object ends the selection of the first.
                    SingleSelection = "single-selection", "IEC 61850-10, PIXIT Ct23";
                    /// Of several objects that a client selected only one is unselected when its association ends.
                    LossUnselectsOne = "loss-unselects-one", "IEC 61850-7-2, SBO state machine";
                    /// Operate without select is executed.
                    OperateWithoutSelect = "operate-without-select", "IEC 61850-7-2, SBO state machine";
                    /// A refused control is not explained by LastApplError.
                    LastApplErrorMissing = "last-appl-error-missing", "IEC 61850-8-1, LastApplError";
                    /// Every refused control has AddCause unknown.
                    AddCauseUnknown = "add-cause-unknown", "IEC 61850-7-2, AddCause";
                    /// A second select by the same client is accepted.
                    SecondSelectAccepted = "second-select-accepted", "IEC 61850-7-2, SBO state machine";
                    /// A select by another client takes the selection over.
                    SelectionStolen = "selection-stolen", "IEC 61850-7-2, SBO state machine";
                    /// A refused second select ends the selection of the first.
                    RefusedSelectEndsSelection = "refused-select-ends-selection", "IEC 61850-7-2, SBO state machine";
                    /// An Operate to the position that is reached already is accepted although stated as refused.
                    PositionReachedAccepted = "position-reached-accepted", "IEC 61850-10, PIXIT Ct15";
                    /// Operate by a client that did not select is executed.
                    OtherClientOperates = "other-client-operates", "IEC 61850-7-2, SBO state machine";
                    /// A refused Operate by another client ends the selection.
                    OtherClientEndsSelection = "other-client-ends-selection", "IEC 61850-7-2, SBO state machine";
                    /// A selection outlives the association of its client.
                    SelectionOutlivesAssociation = "selection-outlives-association", "IEC 61850-7-2, SBO state machine";
                    /// origin in the status does not follow the command.
                    OriginNotMirrored = "origin-not-mirrored", "IEC 61850-7-3, origin";
                    /// ctlNum in the status does not follow the command.
                    CtlNumNotMirrored = "ctl-num-not-mirrored", "IEC 61850-7-3, ctlNum";
                    /// Any originator category is accepted.
                    OrCatUnchecked = "or-cat-unchecked", "IEC 61850-7-2, originator category";
                    /// An originator identification of any length is accepted.
                    OrIdentUnchecked = "or-ident-unchecked", "IEC 61850-7-2, originator identification";
                    /// The end of a command with enhanced security is not told.
                    TerminationMissing = "termination-missing", "IEC 61850-7-2, CommandTermination";
                    /// Every CommandTermination is positive, also when the process has not followed.
                    TerminationAlwaysPositive = "termination-always-positive", "IEC 61850-7-2, CommandTermination; IEC 61850-8-1, LastApplError";
                    /// Every client is told of the end of a command, not only the one that has commanded.
                    TerminationToEveryone = "termination-to-everyone", "IEC 61850-8-1, CommandTermination";
                    /// CommandTermination is sent twice.
                    TerminationTwice = "termination-twice", "IEC 61850-7-2, CommandTermination";
                    /// A command that the process does not follow never ends.
                    OperTimeoutIgnored = "oper-timeout-ignored", "IEC 61850-7-2, operTimeout";
                    /// A command while another one is executing is accepted and takes its place.
                    OperateWhileExecutingAccepted = "operate-while-executing-accepted", "IEC 61850-7-2, control state machine, WaitForChange";
                    /// Cancel while a command is executing is accepted and ends it without a word.
                    CancelWhileExecutingAccepted = "cancel-while-executing-accepted", "IEC 61850-7-2, control state machine, WaitForChange";
                    /// A command that differs from its selection with value is executed.
                    OperateNeedNotRepeatSelect = "operate-need-not-repeat-select", "IEC 61850-7-2, SBO control with enhanced security";
                    /// A command is executed although it asks for the interlock check and the interlock stands against it.
                    InterlockCheckIgnored = "interlock-check-ignored", "IEC 61850-7-2, Check, interlock-check";
                    /// A command is executed although it asks for the synchrocheck and there is no synchronism.
                    SynchroCheckIgnored = "synchro-check-ignored", "IEC 61850-7-2, Check, synchrocheck";
                    /// The local switch does not keep remote commands away.
                    SwitchingHierarchyIgnored = "switching-hierarchy-ignored", "IEC 61850-7-4, Loc, LocKey and LocSta";
                    /// A second object of a group of which only one may be controlled is controlled beside the first.
                    OneOfNIgnored = "one-of-n-ignored", "IEC 61850-7-2, AddCause 1-of-n-control";
                    /// A block of commands (CmdBlk) does not keep them away.
                    CommandBlockIgnored = "command-block-ignored", "IEC 61850-7-4, CmdBlk";
                    /// An Operate for a time that has passed is executed.
                    PastOperTmAccepted = "past-oper-tm-accepted", "IEC 61850-7-2, TimeActivatedOperate";
                    /// A command that executes goes on although the behaviour has become off.
                    ModeChangeIgnoredInExecution = "mode-change-ignored-in-execution", "IEC 61850-7-4, annex A; IEC 61850-7-2, CommandTermination";
                    /// With enhanced security the positive CommandTermination comes before the response, whatever the process does.
                    TerminationBeforeResponse = "termination-before-response", "IEC 61850-8-1, CommandTermination";
                    /// A command with a time of activation ends positively when it is accepted, not when it is carried out.
                    TerminationBeforeActivation = "termination-before-activation", "IEC 61850-7-2, TimeActivatedOperate and CommandTermination";
                    /// LastApplError comes after the negative response.
                    LastApplErrorLate = "last-appl-error-late", "IEC 61850-8-1, LastApplError";
                    /// A command with a value beyond minVal and maxVal is executed.
                    ControlLimitsUnchecked = "control-limits-unchecked", "IEC 61850-7-3, minVal and maxVal of controllable common data classes";
                    /// An output that is configured to give pulses stays on.
                    PulseIgnored = "pulse-ignored", "IEC 61850-7-3, pulseConfig, cmdQual";
                    /// A pulse lasts half of its duration.
                    PulseHalved = "pulse-halved", "IEC 61850-7-3, pulseConfig, onDur";
                    /// tOpOk does not follow the commands that are accepted.
                    TOpOkStuck = "t-op-ok-stuck", "IEC 61850-7-3, tOpOk";
                    /// opOk and tOpOk also tell of a command that was refused.
                    OpOkOfRefused = "op-ok-of-refused", "IEC 61850-7-3, opOk and tOpOk";
                    /// A new control model is stored, and the object is controlled as before.
                    CtlModelWithoutEffect = "ctl-model-without-effect", "IEC 61850-10, PIXIT Ct2; IEC 61850-7-3, ctlModel";
                    /// With enhanced security the object stays selected after CommandTermination.
                    SelectionAfterTermination = "selection-after-termination", "IEC 61850-7-2, SBO control with enhanced security";
                    /// A positive CommandTermination comes and the status has not changed.
                    TerminationWithoutEffect = "termination-without-effect", "IEC 61850-7-2, CommandTermination";
                    /// CommandTermination has another ctlNum than the command.
                    TerminationWrongCtlNum = "termination-wrong-ctl-num", "IEC 61850-8-1, CommandTermination";
                    /// Oper with another value than SBOw is executed.
                    OperateNeedNotRepeatValue = "operate-need-not-repeat-value", "IEC 61850-7-2, SBO control with enhanced security";
                    /// Oper with another originator than SBOw is executed.
                    OperateNeedNotRepeatOrigin = "operate-need-not-repeat-origin", "IEC 61850-7-2, SBO control with enhanced security";
                    /// Oper with another ctlNum than SBOw is executed.
                    OperateNeedNotRepeatCtlNum = "operate-need-not-repeat-ctl-num", "IEC 61850-7-2, SBO control with enhanced security";
                    /// Oper with another Check than SBOw is executed.
                    OperateNeedNotRepeatCheck = "operate-need-not-repeat-check", "IEC 61850-7-2, SBO control with enhanced security";
                    /// What is written to Oper and is no command moves the process.
                    NoCommandMoves = "no-command-moves", "IEC 61850-8-1, control, Oper";
                    /// A command with a ctlNum above 255 is read at the wrong places: it moves the process although Test is set.
                    WideCtlNumMoves = "wide-ctl-num-moves", "IEC 61850-7-2, ctlNum";
                    /// A command with a Check of another length than two bits moves the process although Test is set.
                    OddCheckMoves = "odd-check-moves", "IEC 61850-8-1, Check";
                    /// A command with more octets in orIdent than 64 moves the process although Test is set.
                    LongOrIdentMoves = "long-or-ident-moves", "IEC 61850-7-2, originator identification";
                }
            }
            $($rest)*
        }
    };
}
