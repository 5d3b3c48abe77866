//! Applies a list of policies to one question, statement by statement. How several lists add up to a
//! decision is for `evaluate`.

use super::pattern;
use super::policy::{Policy, PolicyStatement, Selection};
use super::principal::{Directness, Identity};
use super::question::{Denial, DenialCause, Question};

/// The answer of a list of policies to one question.
#[derive(Default)]
pub(super) struct Scan {
    denied: Option<String>,
    pub(super) allows: Option<Directness>,
    nearest: Option<Mismatch>,
}

/// The reasons why a statement does not apply; the later the stage, the nearer it came.
struct Mismatch {
    stage: u8,
    text: String,
}

impl Scan {
    pub(super) fn over(
        policies: &[Policy],
        question: &Question<'_>,
        who: Option<&Identity<'_>>,
    ) -> Self {
        let mut scan = Self::default();
        for statement in policies.iter().flat_map(|policy| &policy.statements) {
            match applies(statement, question, who) {
                Ok(_) if !statement.allows => scan.denied = Some(statement.name.clone()),
                Ok(how) if scan.allows.is_none_or(|other| other < how) => scan.allows = Some(how),
                Ok(_) => {}
                Err(mismatch) => scan.note(statement, mismatch),
            }
        }
        scan
    }

    fn note(&mut self, statement: &PolicyStatement, mismatch: Mismatch) {
        let nearer = self
            .nearest
            .as_ref()
            .is_none_or(|other| other.stage < mismatch.stage);
        if statement.allows && nearer {
            let text = format!("{}: {}", statement.name, mismatch.text);
            self.nearest = Some(Mismatch { text, ..mismatch });
        }
    }

    pub(super) fn check_deny(&self, cause: DenialCause) -> Result<(), Denial> {
        self.denied.as_ref().map_or(Ok(()), |name| {
            Err(Denial {
                cause,
                detail: name.clone(),
            })
        })
    }

    pub(super) fn check_allow(&self, cause: DenialCause) -> Result<(), Denial> {
        if self.allows.is_some() {
            Ok(())
        } else {
            Err(self.silent(cause))
        }
    }

    pub(super) fn silent(&self, cause: DenialCause) -> Denial {
        let nearest = self.nearest.as_ref().map(|mismatch| mismatch.text.clone());
        Denial {
            cause,
            detail: nearest
                .unwrap_or_else(|| "it has no statement that allows anything".to_owned()),
        }
    }
}

fn applies(
    statement: &PolicyStatement,
    question: &Question<'_>,
    who: Option<&Identity<'_>>,
) -> Result<Directness, Mismatch> {
    let mismatch = |stage, text: String| Mismatch { stage, text };
    if !selects(&statement.actions, |pattern| {
        pattern::matches_ignoring_case(pattern, question.action)
    }) {
        return Err(mismatch(
            0,
            format!("its actions do not cover {}", question.action),
        ));
    }
    let covers = |pattern: &str| {
        let pattern = question.context.expand(pattern);
        pattern.is_some_and(|pattern| pattern.matches(question.resource))
    };
    if !statement
        .resources
        .as_ref()
        .is_none_or(|resources| selects(resources, covers))
    {
        return Err(mismatch(
            1,
            format!("its resources do not cover {}", question.resource),
        ));
    }
    let named = match (who, &statement.principals) {
        (Some(who), Some(principals)) => principals
            .name(who)
            .ok_or_else(|| mismatch(2, format!("its principals do not name {}", display(who))))?,
        _ => Directness::Direct,
    };
    match statement
        .conditions
        .iter()
        .find(|condition| !condition.holds(question.context))
    {
        Some(condition) => Err(mismatch(3, condition.describe(question.context))),
        None => Ok(named),
    }
}

fn selects(selection: &Selection, matches: impl Fn(&str) -> bool) -> bool {
    selection.patterns.iter().any(|pattern| matches(pattern)) != selection.inverted
}

fn display<'a>(who: &Identity<'a>) -> &'a str {
    who.session_arn.or(who.federated).unwrap_or(who.arn)
}
