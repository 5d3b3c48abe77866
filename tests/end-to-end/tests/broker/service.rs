//! A cluster's service in front of replicas: one address, whose connections go to those that are there in turn.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Passes bytes on, and knows nothing of what they mean.
pub(crate) struct Service(String);

impl Service {
    pub(crate) fn in_front_of(replicas: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let turn = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let (replicas, turn) = (replicas.clone(), Arc::clone(&turn));
                thread::spawn(move || pass(&near, &replicas, &turn));
            }
        });
        Self(address)
    }

    pub(crate) fn address(&self) -> &str {
        &self.0
    }
}

/// One that does not take the connection is passed over.
fn pass(near: &TcpStream, replicas: &[String], turn: &AtomicUsize) {
    let first = turn.fetch_add(1, Ordering::Relaxed);
    let order = (0..replicas.len()).map(|offset| &replicas[(first + offset) % replicas.len()]);
    let Some(far) = order.into_iter().find_map(|it| TcpStream::connect(it).ok()) else {
        return;
    };
    thread::scope(|scope| {
        scope.spawn(|| copy(near, &far));
        copy(&far, near);
    });
}

fn copy(mut from: &TcpStream, mut to: &TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
