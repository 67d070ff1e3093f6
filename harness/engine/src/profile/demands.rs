//! What a profile asks of a device in numbers and settings: cases see it as `profile`, and hold the device against it.

use iedassay_model::tree::ServerModel;

use crate::cel::{Expr, Millis, Scope, Value};
use crate::diagnostic::{Code, Diagnostic, Spanned};
use crate::glob;
use crate::suite::TrgOp;
use crate::value::{list, map};
use crate::yaml::{Decoder, yaml_struct};

yaml_struct! {
    /// Settings and numbers that cases take from the profile. Without one the cases that want it do not apply.
    #[derive(Default)]
    pub struct Demands {
        /// How report control blocks are to be configured, and how soon they are to report.
        #[schemars(default)]
        pub reports: Vec<ReportTemplate>,
        /// Clients that connect at the same time.
        pub clients: Option<ClientDemand>,
        /// How long the supply is off in the cases that ask what outlives it; as the target says if absent.
        pub supply_off: Option<Millis>,
        /// Rules for names.
        pub names: Option<NameRules>,
    }
}

yaml_struct! {
    /// How some report control blocks are to be configured (IEC 61850-7-2, BRCB and URCB). What is absent is not asked for.
    pub struct ReportTemplate {
        /// What the template is called: `protection`, `metering`.
        pub name: Spanned<String>,
        /// The blocks it is for: references such as `LD0/LLN0.brcb*`, with `*`. All blocks if absent.
        #[schemars(default)]
        pub blocks: Vec<String>,
        /// `true`: only buffered blocks; `false`: only unbuffered ones.
        pub buffered: Option<bool>,
        /// Trigger options: these and no others.
        #[schemars(default)]
        pub trg_ops: Vec<TrgOp>,
        /// Integrity period.
        pub intg_pd: Option<Millis>,
        /// Time for which changes are bundled.
        pub buf_tm: Option<Millis>,
        /// From a change to its report, beyond BufTm.
        pub latency: Option<Millis>,
    }
}

yaml_struct! {
    /// Clients that connect at the same time, as they do after an outage.
    pub struct ClientDemand {
        /// How many.
        pub count: u32,
        /// All that there is room for are served within this time.
        pub within: Millis,
    }
}

yaml_struct! {
    /// Rules for names, each a regular expression that the whole name fits.
    pub struct NameRules {
        /// Names of configured data sets.
        pub data_sets: Option<Spanned<String>>,
        /// Names of report control blocks, as they are on the wire.
        pub report_blocks: Option<Spanned<String>>,
    }
}

impl Demands {
    /// What expressions see as `profile`.
    #[must_use]
    pub fn value(&self, model: &ServerModel) -> Value {
        let reports = self.reports.iter().map(|template| template.value(model));
        let clients = self.clients.as_ref().map_or(Value::Null, |clients| {
            map([
                ("count", Value::Int(i64::from(clients.count))),
                ("within", millis(clients.within)),
            ])
        });
        let rule = |of: fn(&NameRules) -> &Option<Spanned<String>>| {
            let rule = self.names.as_ref().and_then(|names| of(names).as_ref());
            Value::from(rule.map_or(String::new(), |rule| format!("^(?:{})$", rule.value)))
        };
        map([
            ("reports", list(reports)),
            ("clients", clients),
            ("supplyOff", self.supply_off.map_or(Value::Null, millis)),
            ("dataSetNames", rule(|names| &names.data_sets)),
            ("blockNames", rule(|names| &names.report_blocks)),
        ])
    }

    /// Mistakes that the shape of the file does not show.
    pub(super) fn check(&self, cx: &mut Decoder) {
        for (index, template) in self.reports.iter().enumerate() {
            let mut earlier = self.reports.iter().take(index);
            if earlier.any(|other| other.name.value == template.name.value) {
                let message = format!("template `{}` stands here twice", template.name.value);
                cx.error(Code::Invalid, template.name.span, message);
            }
            if template.trg_ops.contains(&TrgOp::Integrity)
                != template.intg_pd.is_some_and(|period| period.0 > 0)
            {
                cx.push(
                    Diagnostic::error(
                        Code::Invalid,
                        template.name.span,
                        "the trigger `integrity` and the period `intg-pd` go together",
                    )
                    .help("without one of them there is no integrity report"),
                );
            }
        }
        let rules = self.names.iter();
        for rule in rules.flat_map(|names| names.data_sets.iter().chain(&names.report_blocks)) {
            if !is_pattern(&rule.value) {
                let message = format!("`{}` is no regular expression", rule.value);
                cx.error(Code::Invalid, rule.span, message);
            }
        }
    }
}

impl ReportTemplate {
    fn value(&self, model: &ServerModel) -> Value {
        let blocks = model.report_controls().filter(|at| {
            let reference = at.reference().to_string();
            self.buffered
                .is_none_or(|wanted| wanted == at.block.buffered)
                && (self.blocks.is_empty()
                    || self
                        .blocks
                        .iter()
                        .any(|block| glob::matches(block, &reference)))
        });
        let blocks = blocks.map(|at| Value::from(at.reference().to_string()));
        let optional = |time: Option<Millis>| time.map_or(Value::Null, millis);
        map([
            ("ref", Value::from(self.name.value.clone())),
            ("name", Value::from(self.name.value.clone())),
            ("blocks", list(blocks)),
            (
                "trgOps",
                list(
                    TrgOp::ALL
                        .iter()
                        .filter(|option| self.trg_ops.contains(option))
                        .map(|option| Value::from(option.as_str())),
                ),
            ),
            ("intgPd", optional(self.intg_pd)),
            ("bufTm", optional(self.buf_tm)),
            ("latency", optional(self.latency)),
        ])
    }
}

fn millis(time: Millis) -> Value {
    Value::Int(i64::try_from(time.0).unwrap_or(i64::MAX))
}

/// Whether the engine of expressions can read it, which is what will use it.
fn is_pattern(pattern: &str) -> bool {
    let mut scope = Scope::new();
    scope.set("pattern", Value::from(format!("^(?:{pattern})$")));
    let span = |a, b| crate::diagnostic::Span::new(crate::diagnostic::FileId::default(), a, b);
    Expr::parse("'x'.matches(pattern)", &span).is_ok_and(|test| scope.eval(&test).is_ok())
}
