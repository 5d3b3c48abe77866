//! A thousand jobs of three tenants on a cold cache, before three replicas that know nothing of each other.

use std::collections::{BTreeMap, BTreeSet};

use super::service::Service;
use super::*;

/// Processes at a time: what two processors bear.
const WAVE: usize = 25;

/// Lets so many jobs ask, and returns each tenant's answers. `between` is told how many have been started.
fn ask(
    cluster: &Cluster,
    url: &str,
    jobs: usize,
    mut between: impl FnMut(usize),
) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut answers: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for wave in (0..jobs).collect::<Vec<_>>().chunks(WAVE) {
        between(wave[0]);
        let started: Vec<_> = wave
            .iter()
            .map(|&number| {
                let tenant = TENANTS[number % TENANTS.len()];
                (tenant, cluster.job(number, tenant, url).spawn().unwrap())
            })
            .collect();
        for (tenant, job) in started {
            let answer = end(job).succeeded().stdout;
            assert_ne!(answer, "");
            answers.entry(tenant).or_default().insert(answer);
        }
    }
    answers
}

/// Each got a token of its own tenant, of which there are no more than replicas.
fn assert_apart(cluster: &Cluster, answers: &BTreeMap<&str, BTreeSet<String>>, most: usize) {
    assert_eq!(answers.len(), TENANTS.len());
    for (tenant, tokens) in answers {
        assert!(tokens.len() <= most, "{tenant} has {} tokens", tokens.len());
        for token in tokens {
            assert_eq!(cluster.minted_for(token).as_deref(), Some(*tenant));
        }
    }
    assert!(cluster.emulator.journal().mints() <= most * TENANTS.len());
}

#[test]
fn a_thousand_jobs_ask_aws_three_times_for_each_tenant() {
    let cluster = Cluster::new();
    let replicas = ["one", "two", "three"].map(|name| cluster.broker(name));
    let service = Service::in_front_of(replicas.iter().map(Broker::address).collect());
    let url = format!("http://{}", service.address());
    let answers = ask(&cluster, &url, 1000, |_| {});
    assert_apart(&cluster, &answers, 3);
    let issued = replicas.iter().map(|replica| replica.audit().len());
    assert_eq!(issued.sum::<usize>(), 1000, "each job asked once");
}

#[test]
fn a_replica_that_dies_is_not_missed() {
    let cluster = Cluster::new();
    let mut replicas = ["one", "two", "three"].map(|name| cluster.broker(name));
    let service = Service::in_front_of(replicas.iter().map(Broker::address).collect());
    let url = format!("http://{}", service.address());
    let answers = ask(&cluster, &url, 4 * WAVE, |started| {
        if started == WAVE {
            replicas[0].kill();
        }
    });
    assert_apart(&cluster, &answers, 3);
}
