//! `bench-fleet`: what a fleet of jobs does to the service's limit, by where its tokens are kept. It asks nobody: the
//! fleet, the service and the time are simulated, and only the judgement of a token's age is the product's own code.

mod plan;
mod service;
mod simulation;
mod store;

use std::io::{self, Write as _};

use plan::Plan;
use simulation::Outcome;

const HEAD: &str = "\
| | AWS asked | at most a second | refused | tokens | jobs failed | helpers waited, 99 of 100 | at most |
| --- | --: | --: | --: | --: | --: | --: | --: |
";

fn main() -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for (title, plans) in plan::tables() {
        write!(stdout, "\n{title}\n\n{HEAD}")?;
        for (name, plan) in plans {
            writeln!(stdout, "| {name} {}", line(&simulation::run(&plan), &plan))?;
        }
    }
    Ok(())
}

fn line(outcome: &Outcome, plan: &Plan) -> String {
    let share = 100.0 * f64::from(outcome.refused) / f64::from(outcome.asked.max(1));
    format!(
        "| {} | {} | {share:.0} % | {} | {} of {} | {:.1} s | {:.1} s |",
        outcome.asked,
        outcome.busiest_second,
        outcome.tokens,
        outcome.failed_jobs,
        plan.jobs * plan.waves,
        outcome.waited(99),
        outcome.waited(100),
    )
}
