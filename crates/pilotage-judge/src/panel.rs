//! A panel: rules that judge a candidate together.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ballot::Ballot;
use crate::counts::as_float;
use crate::doubt::Doubt;
use crate::evidence::{Evidence, Strand};
use crate::judgement::Judgement;
use crate::metric::MetricName;
use crate::reading::Reading;
use crate::risk::Risk;
use crate::rule::{Method, Opinion, Rule};

/// The scores between which a panel with weighted rules decides, in percent of their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Marks {
    /// From this share of passed weight on, the panel passes.
    pub pass_percent: u8,
    /// Once even the best share within reach is under this, the panel fails.
    pub marginal_percent: u8,
}

impl Default for Marks {
    fn default() -> Self {
        Self { pass_percent: 75, marginal_percent: 50 }
    }
}

/// The settings of a [`Panel`], not yet checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelOptions {
    /// The rules; a look gives one reading for each, in this order.
    pub rules: Vec<Rule>,
    /// The accepted probability that the sequential rules ever fail a candidate that is no worse.
    #[serde(default = "default_risk")]
    pub false_abort_risk: Risk,
    /// How weighted rules decide.
    #[serde(default)]
    pub marks: Marks,
}

fn default_risk() -> Risk {
    Risk::ONE_PERCENT
}

/// Rules that judge a candidate together: at least one, each for a metric of its own.
///
/// The risk of a false abort is shared evenly among the sequential rules (Bonferroni). The risk of
/// a false pass is not: a bad candidate has to pass every critical rule, the one that sees it
/// included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PanelOptions", into = "PanelOptions")]
pub struct Panel {
    options: PanelOptions,
    /// The logarithm of the evidence at which a sequential rule aborts.
    abort_height: f64,
}

/// Rules that cannot judge together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPanel {
    /// Nothing would be judged.
    #[error("a panel without rules would pass nothing and fail nothing: add a rule")]
    NoRules,
    /// Two rules are for one metric.
    #[error("`{metric}` is judged by two rules: name each metric once")]
    Repeated {
        /// The metric.
        metric: MetricName,
    },
    /// The marks contradict each other.
    #[error(
        "a pass from {pass} % and a failure under {marginal} % contradict each other: give \
         `marginal_percent` of at most `pass_percent`, which is 1 to 100"
    )]
    Marks {
        /// The mark from which the panel passes.
        pass: u8,
        /// The mark under which it fails.
        marginal: u8,
    },
}

/// Readings or evidence that do not belong to a panel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnfitReadings {
    /// There is not one reading per rule.
    #[error("{given} readings for {rules} rules: give one reading per rule, in their order")]
    Number {
        /// The readings given.
        given: usize,
        /// The rules of the panel.
        rules: usize,
    },
    /// A rule that counts events was given a gauge.
    #[error("`{metric}` is judged by its event counts and was given a gauge: give a ratio")]
    Kind {
        /// The metric.
        metric: MetricName,
    },
    /// The evidence was gathered by other rules.
    #[error("the evidence was gathered by other rules: begin anew with this panel")]
    ForeignEvidence,
}

impl TryFrom<PanelOptions> for Panel {
    type Error = InvalidPanel;

    fn try_from(options: PanelOptions) -> Result<Self, InvalidPanel> {
        if options.rules.is_empty() {
            return Err(InvalidPanel::NoRules);
        }
        if let Some(metric) = first_repeated(&options.rules) {
            return Err(InvalidPanel::Repeated { metric });
        }
        let Marks { pass_percent: pass, marginal_percent: marginal } = options.marks;
        if pass == 0 || pass > 100 || marginal > pass {
            return Err(InvalidPanel::Marks { pass, marginal });
        }
        Ok(Self::of_checked(options))
    }
}

impl From<Panel> for PanelOptions {
    fn from(panel: Panel) -> Self {
        panel.options
    }
}

fn first_repeated(rules: &[Rule]) -> Option<MetricName> {
    let mut metrics: Vec<_> = rules.iter().map(|rule| &rule.metric).collect();
    metrics.sort_unstable();
    metrics.windows(2).find(|pair| pair.first() == pair.last())?.first().map(|name| (*name).clone())
}

fn sequential_rules(rules: &[Rule]) -> f64 {
    let sequential = rules.iter().filter(|rule| matches!(rule.method, Method::Sequential(_)));
    as_float(sequential.count().max(1) as u64)
}

impl Panel {
    /// A panel of these rules with the default marks.
    pub fn new(rules: Vec<Rule>, false_abort_risk: Risk) -> Result<Self, InvalidPanel> {
        Self::try_from(PanelOptions { rules, false_abort_risk, marks: Marks::default() })
    }

    /// A panel of one rule, which cannot contradict itself.
    pub fn of(rule: Rule, false_abort_risk: Risk) -> Self {
        let rules = alloc::vec![rule];
        Self::of_checked(PanelOptions { rules, false_abort_risk, marks: Marks::default() })
    }

    fn of_checked(options: PanelOptions) -> Self {
        let abort_height = options.false_abort_risk.ln_height(sequential_rules(&options.rules));
        Self { options, abort_height }
    }

    /// The checked settings.
    pub fn options(&self) -> &PanelOptions {
        &self.options
    }

    /// The rules, in the order in which readings are given.
    pub fn rules(&self) -> &[Rule] {
        &self.options.rules
    }

    /// Whether any rule compares the candidate with the stable version, so that both need traffic.
    pub fn compares(&self) -> bool {
        self.rules().iter().any(|rule| rule.method.compares())
    }

    /// The evidence before the first look.
    pub fn begin(&self) -> Evidence {
        let strands = self.rules().iter().map(|rule| Strand::new(rule.method.begin()));
        Evidence { looks: 0, strands: strands.collect() }
    }

    /// Adds a look to the evidence and judges it. The readings are those since the previous look,
    /// one per rule, in the order of the rules.
    pub fn weigh(
        &self,
        mut evidence: Evidence,
        readings: &[Reading],
    ) -> Result<(Evidence, Judgement), UnfitReadings> {
        self.check(&evidence, readings)?;
        evidence.looks = evidence.looks.saturating_add(1);
        let mut ballot = Ballot::default();
        let looked = self.rules().iter().zip(&mut evidence.strands).zip(readings);
        for ((rule, strand), reading) in looked {
            strand.blind = rule.method.observe(&mut strand.tally, reading).err();
            let opinion = self.opinion(rule, strand, false);
            if let (Opinion::Worse(finding), None) = (&opinion, &strand.failed) {
                strand.failed = Some(finding.clone());
            }
            ballot.cast(rule, opinion);
        }
        let judgement = ballot.judge(evidence.looks, self.options.marks);
        Ok((evidence, judgement))
    }

    /// What can be said at the end of the time that a step has.
    ///
    /// Methods that are judged once are judged now. A sequential rule says what it said at the
    /// latest look: it passes only if it has shown that the candidate is not bad, and what to do
    /// with one that is still undecided is the caller's policy.
    pub fn conclude(&self, evidence: &Evidence) -> Judgement {
        if evidence.strands.len() != self.rules().len() {
            return Judgement::Undecided { needed: None, why: Doubt::ForeignEvidence };
        }
        let mut ballot = Ballot::default();
        for (rule, strand) in self.rules().iter().zip(&evidence.strands) {
            ballot.cast(rule, self.opinion(rule, strand, true));
        }
        ballot.judge(evidence.looks, self.options.marks)
    }

    fn check(&self, evidence: &Evidence, readings: &[Reading]) -> Result<(), UnfitReadings> {
        let (given, rules) = (readings.len(), self.rules().len());
        if given != rules {
            return Err(UnfitReadings::Number { given, rules });
        }
        let fits = |(rule, strand): (&Rule, &Strand)| rule.method.owns(&strand.tally);
        let strands = &evidence.strands;
        if strands.len() != rules || !self.rules().iter().zip(strands).all(fits) {
            return Err(UnfitReadings::ForeignEvidence);
        }
        let unread =
            self.rules().iter().zip(readings).find(|(rule, reading)| !rule.method.reads(reading));
        match unread {
            Some((rule, _)) => Err(UnfitReadings::Kind { metric: rule.metric.clone() }),
            None => Ok(()),
        }
    }

    fn opinion(&self, rule: &Rule, strand: &Strand, last: bool) -> Opinion {
        if let Some(finding) = &strand.failed {
            return Opinion::Worse(finding.clone());
        }
        match (rule.method.opinion(&strand.tally, self.abort_height, last), &strand.blind) {
            (Opinion::Sound | Opinion::Unsure { .. }, Some(cause)) => {
                Opinion::unsure(cause.clone())
            }
            (opinion, _) => opinion,
        }
    }
}
