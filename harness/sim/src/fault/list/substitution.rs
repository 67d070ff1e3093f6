//! Substitution and its blocking.

/// Hands the faults of this area on to the next list.
macro_rules! substitution {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Substitution {
                    /// A substituted value is accepted and enabled, and the value of the process goes on being shown.
                    SubstitutionIgnored = "substitution-ignored", "IEC 61850-7-2, clause 13; IEC 61850-7-3, subEna";
                    /// The source in the quality of a substituted value is process.
                    SubstitutedSourceNotSet = "substituted-source-not-set", "IEC 61850-7-3, Quality, source";
                    /// The quality of a substituted value is that of the process, only its source says substituted.
                    SubstitutedQualityIgnored = "substituted-quality-ignored", "IEC 61850-7-3, subQ";
                    /// A substituted value is shown though substitution is not enabled.
                    SubstitutedWithoutEnable = "substituted-without-enable", "IEC 61850-7-3, subEna";
                    /// A new substituted value is not shown while substitution is enabled.
                    SubstitutedValueFixed = "substituted-value-fixed", "IEC 61850-7-3, subVal and subMag";
                    /// The instantaneous value of a substituted measurand is that of the process.
                    InstantaneousNotSubstituted = "instantaneous-not-substituted", "IEC 61850-7-3, subMag and instMag";
                    /// Changes of the process show in what is substituted or blocked.
                    SubstitutedValueFollowsProcess = "substituted-value-follows-process", "IEC 61850-7-2, clause 13";
                    /// Changes of the process while a value is substituted are not there when substitution ends.
                    ProcessLostUnderSubstitution = "process-lost-under-substitution", "IEC 61850-7-2, clause 13";
                    /// The substituted value stays when substitution ends.
                    SubstitutionNotEnded = "substitution-not-ended", "IEC 61850-7-2, clause 13";
                    /// The source in the quality stays substituted when substitution ends.
                    SubstitutedSourceNotReset = "substituted-source-not-reset", "IEC 61850-7-3, Quality, source";
                    /// A client that writes who substitutes is answered with success, and nothing is stored.
                    SubIdNotStored = "sub-id-not-stored", "IEC 61850-7-3, subID";
                    /// Changes that come of substitution are not reported.
                    SubstitutionUnreported = "substitution-unreported", "IEC 61850-7-2, 17.2, TrgOps";
                    /// When an association ends, what was substituted shows the process again, though substitution reads as enabled.
                    SubstitutionLapsesWithAssociation = "substitution-lapses-with-association", "IEC 61850-7-3, subEna";
                    /// After a restart what was substituted shows the process again, though substitution reads as enabled.
                    SubstitutionLapsesOnRestart = "substitution-lapses-on-restart", "IEC 61850-7-2, functional constraint SV";
                    /// A value whose update is blocked follows the process.
                    BlockedUpdateIgnored = "blocked-update-ignored", "IEC 61850-7-3, blkEna";
                    /// The quality of a value whose update is blocked does not say so.
                    BlockedQualityNotSet = "blocked-quality-not-set", "IEC 61850-7-3, Quality, operatorBlocked and oldData";
                    /// A value whose update was blocked stays when the block ends, though the process has changed meanwhile.
                    BlockedUpdateNotEnded = "blocked-update-not-ended", "IEC 61850-7-3, blkEna";
                }
            }
            $($rest)*
        }
    };
}
