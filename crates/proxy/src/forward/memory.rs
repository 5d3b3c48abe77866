//! What was fetched, for a while, and fetched once: of many requests at once the first one asks, and the others wait.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as AsyncMutex;

/// A build has a few hundred modules. More entries than this are all forgotten.
const MOST: usize = 10_000;

type Slot<V> = Arc<AsyncMutex<Option<(Instant, V)>>>;

pub(crate) struct Memory<K, V> {
    life: Duration,
    slots: Mutex<BTreeMap<K, Slot<V>>>,
}

impl<K: Ord, V: Clone> Memory<K, V> {
    pub(crate) fn new(life: Duration) -> Self {
        Self {
            life,
            slots: Mutex::default(),
        }
    }

    /// What is kept, or else what `fetch` gets. A failure is not kept.
    pub(crate) async fn get<E>(
        &self,
        key: K,
        fetch: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        if let Some((at, value)) = &*kept
            && at.elapsed() < self.life
        {
            return Ok(value.clone());
        }
        let value = fetch.await?;
        Ok(kept.insert((Instant::now(), value)).1.clone())
    }

    fn slot(&self, key: K) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST {
            slots.clear();
        }
        Arc::clone(slots.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fetched_once_and_again_when_it_is_old() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let rows = [
                (Duration::from_secs(60), [1, 1, 1]),
                (Duration::ZERO, [1, 2, 3]),
            ];
            for (life, expected) in rows {
                let memory = Memory::new(life);
                for number in 1..=3 {
                    let got = memory.get("a", async { Ok::<_, ()>(number) }).await;
                    assert_eq!(got, Ok(expected[number - 1]));
                }
            }
            let memory = Memory::<_, u8>::new(Duration::from_secs(60));
            assert_eq!(memory.get("a", async { Err("no") }).await, Err("no"));
            assert_eq!(memory.get("a", async { Ok::<_, &str>(1) }).await, Ok(1));
        });
    }
}
