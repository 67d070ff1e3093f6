//! What IEC 61850-7-2, 7-3 and 7-4 say of names, as far as it holds whatever the edition or says which.

use crate::Fc;

/// What an attribute of a well-known name is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Boolean,
    /// An integer of any width.
    Enumerated,
    Unsigned,
    Quality,
    Time,
    /// Visible string of at most this many characters.
    Visible(u32),
    /// MMS string of at most this many octets.
    Unicode(u32),
    /// Several components.
    Structure,
    /// Depends on the common data class.
    Varies,
}

/// An attribute that has the same functional constraints and type in every common data class of IEC 61850-7-3.
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) constraints: &'static [Fc],
    pub(super) shape: Shape,
}

const fn attribute(name: &'static str, constraints: &'static [Fc], shape: Shape) -> Attribute {
    Attribute {
        name,
        constraints,
        shape,
    }
}

/// Only names that no common data class uses otherwise.
pub(super) const ATTRIBUTES: &[Attribute] = &[
    attribute("stVal", &[Fc::ST], Shape::Varies),
    attribute("q", &[Fc::ST, Fc::MX], Shape::Quality),
    attribute("t", &[Fc::ST, Fc::MX, Fc::SR], Shape::Time),
    attribute("general", &[Fc::ST], Shape::Boolean),
    attribute("dirGeneral", &[Fc::ST], Shape::Enumerated),
    attribute("stSeld", &[Fc::ST, Fc::MX], Shape::Boolean),
    attribute("mag", &[Fc::MX], Shape::Structure),
    attribute("instMag", &[Fc::MX], Shape::Structure),
    attribute("cVal", &[Fc::MX], Shape::Structure),
    attribute("instCVal", &[Fc::MX], Shape::Structure),
    attribute("range", &[Fc::MX], Shape::Enumerated),
    attribute("ctlModel", &[Fc::CF], Shape::Enumerated),
    attribute("sboTimeout", &[Fc::CF], Shape::Unsigned),
    attribute("operTimeout", &[Fc::CF], Shape::Unsigned),
    attribute("sboClass", &[Fc::CF], Shape::Enumerated),
    attribute("units", &[Fc::CF], Shape::Structure),
    attribute("db", &[Fc::CF], Shape::Unsigned),
    attribute("zeroDb", &[Fc::CF], Shape::Unsigned),
    attribute("rangeC", &[Fc::CF], Shape::Structure),
    attribute("pulseConfig", &[Fc::CF], Shape::Structure),
    attribute("persistent", &[Fc::CF], Shape::Boolean),
    attribute("setVal", &[Fc::SP, Fc::SG, Fc::SE], Shape::Varies),
    attribute("setMag", &[Fc::SP, Fc::SG, Fc::SE], Shape::Structure),
    attribute("Oper", &[Fc::CO], Shape::Structure),
    attribute("SBOw", &[Fc::CO], Shape::Structure),
    attribute("Cancel", &[Fc::CO], Shape::Structure),
    attribute("SBO", &[Fc::CO], Shape::Visible(129)),
    attribute("subEna", &[Fc::SV], Shape::Boolean),
    attribute("subVal", &[Fc::SV], Shape::Varies),
    attribute("subQ", &[Fc::SV], Shape::Quality),
    attribute("subID", &[Fc::SV], Shape::Visible(64)),
    attribute("blkEna", &[Fc::BL], Shape::Boolean),
    attribute("opRcvd", &[Fc::OR], Shape::Boolean),
    attribute("opOk", &[Fc::OR], Shape::Boolean),
    attribute("tOpOk", &[Fc::OR], Shape::Time),
    attribute("d", &[Fc::DC], Shape::Visible(255)),
    attribute("dU", &[Fc::DC], Shape::Unicode(255)),
    attribute("vendor", &[Fc::DC], Shape::Visible(255)),
    attribute("swRev", &[Fc::DC], Shape::Visible(255)),
    attribute("hwRev", &[Fc::DC], Shape::Visible(255)),
    attribute("configRev", &[Fc::DC], Shape::Visible(255)),
    attribute("ldNs", &[Fc::EX], Shape::Visible(255)),
    attribute("lnNs", &[Fc::EX], Shape::Visible(255)),
    attribute("cdcNs", &[Fc::EX], Shape::Visible(255)),
    attribute("cdcName", &[Fc::EX], Shape::Visible(255)),
    attribute("dataNs", &[Fc::EX], Shape::Visible(255)),
];

/// What every object of a common data class has, whatever else it has (IEC 61850-7-3). What is mandatory only under a
/// condition is left out.
pub(super) const MANDATORY_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("SPS", &["stVal", "q", "t"]),
    ("DPS", &["stVal", "q", "t"]),
    ("INS", &["stVal", "q", "t"]),
    ("ENS", &["stVal", "q", "t"]),
    ("VSS", &["stVal", "q", "t"]),
    ("ACT", &["general", "q", "t"]),
    ("ACD", &["general", "dirGeneral", "q", "t"]),
    ("BCR", &["actVal", "q", "t", "pulsQty"]),
    ("MV", &["mag", "q", "t"]),
    ("CMV", &["cVal", "q", "t"]),
    ("SAV", &["instMag", "q"]),
    ("SEQ", &["c1", "c2", "c3", "seqT"]),
    ("SPC", &["ctlModel"]),
    ("DPC", &["stVal", "q", "t", "ctlModel"]),
    ("INC", &["ctlModel"]),
    ("ENC", &["ctlModel"]),
    ("BSC", &["ctlModel"]),
    ("ISC", &["ctlModel"]),
    ("APC", &["ctlModel"]),
    ("BAC", &["ctlModel"]),
    ("SPG", &["setVal"]),
    ("ING", &["setVal"]),
    ("ENG", &["setVal"]),
    ("ASG", &["setMag"]),
    ("DPL", &["vendor"]),
    ("LPL", &["vendor", "swRev"]),
];

/// Sub data objects of which at least one must be there.
pub(super) const ONE_OF: &[(&str, &[&str])] = &[
    ("WYE", &["phsA", "phsB", "phsC", "neut", "net", "res"]),
    ("DEL", &["phsAB", "phsBC", "phsCA"]),
];

/// The main attribute, whose change triggers.
pub(super) const TRIGGERING: &[&str] = &["stVal", "general", "dirGeneral", "mag", "cVal"];

/// Common data classes that are controlled (IEC 61850-7-3, control classes).
pub(super) const CONTROLLABLE: &[&str] = &["SPC", "DPC", "INC", "ENC", "BSC", "ISC", "APC", "BAC"];

/// What every logical node of a class has (IEC 61850-7-4), in every edition.
pub(super) const MANDATORY_OBJECTS: &[(&str, &[&str])] = &[
    ("LLN0", &["Mod", "Beh", "Health", "NamPlt"]),
    ("LPHD", &["PhyNam", "PhyHealth", "Proxy"]),
    ("CILO", &["EnaOpn", "EnaCls"]),
    ("CSWI", &["Pos"]),
    ("PDIF", &["Op"]),
    ("PDIS", &["Str", "Op"]),
    ("PTOC", &["Str", "Op"]),
    ("RSYN", &["Rel"]),
    ("XCBR", &["Pos", "BlkOpn", "BlkCls", "OpCnt"]),
    ("XSWI", &["Pos", "BlkOpn", "BlkCls", "OpCnt"]),
];

/// What every logical node but LPHD had to have in Edition 1.
pub(super) const MANDATORY_OBJECTS_ED1: &[&str] = &["Mod", "Beh", "Health", "NamPlt"];

/// Numbers of enumerations that no extension may widen (IEC 61850-7-3, 7-4): attribute, object or empty, lowest, highest.
pub(super) const ENUMERATIONS: &[(&str, &str, i32, i32)] = &[
    ("ctlModel", "", 0, 4),
    ("sboClass", "", 0, 1),
    ("orCat", "", 0, 8),
    ("dirGeneral", "", 0, 3),
    ("range", "", 0, 4),
    ("stVal", "Beh", 1, 5),
    ("stVal", "Mod", 1, 5),
    ("ctlVal", "Mod", 1, 5),
    ("stVal", "Health", 1, 3),
    ("stVal", "PhyHealth", 1, 3),
];

/// The classes of logical nodes of IEC 61850-7-4 Edition 1 and 2. Those of domain parts (hydro power, distributed energy, wind)
/// begin with letters of their own, see [`DOMAIN_LETTERS`].
pub(super) const CLASSES: &str = "LLN0 LPHD LCCH LGOS LSVS LTIM LTMS LTRK ANCR ARCO ARIS ATCC AVCO CALH CCGR CILO CPOW CSWI CSYN \
    FCNT FCSD FFIL FLIM FPID FRMP FSCH FSPT FXOT FXUT GAPC GGIO GLOG GSAL IARC IHMI ISAF ITCI ITMI ITPC KFAN KFIL KPMP KTNK KVLV \
    MDIF MENV MFLK MHAI MHAN MHET MHYD MMDC MMET MMTN MMTR MMXN MMXU MSQI MSTA MDFN \
    PDIF PDIR PDIS PDOP PDUP PFRC PHAR PHIZ PIOC PMRI PMSS POPF PPAM PRTR PSCH PSDE PTEF PTHF PTOC PTOF PTOV PTRC PTTR PTUC PTUF \
    PTUV PUPF PVOC PVPH PZSU QFVR QITR QIUB QVTR QVUB QVVR RADR RBDR RBRF RDIR RDRE RDRS RFLO RMXU RPSB RREC RSYN \
    SARC SCBR SIMG SIML SLTC SOPM SPDC SPTR SSWI STMP SVBR TANG TAXD TCTR TDST TFLW TFRQ TGSN THUM TLVL TMGF TMVM TPOS TPRS TRTN \
    TSND TTMP TTNS TVBR TVTR TWPH XCBR XSWI YEFN YLTC YPSH YPTR ZAXN ZBAT ZBSH ZCAB ZCAP ZCON ZGEN ZGIL ZLIN ZMOT ZREA ZRES ZRRC \
    ZSAR ZSCR ZSMC ZTCF ZTCR";

/// First letters of classes of domain parts: distributed energy, hydro power, wind power, functional blocks.
pub(super) const DOMAIN_LETTERS: &str = "DHWF";
