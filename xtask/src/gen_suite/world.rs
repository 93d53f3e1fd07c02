//! What exists in a generated suite before a line of it is written: names, and who needs whom.
//!
//! A helper calls only helpers with a lower number and a service starts only services of a lower tier, so that there
//! are no cycles; what an effect needs from outside is known here, so that every start can supply it.

use super::random::Random;
use super::writer::capitalised;

/// Helpers and services, in the order in which they may use each other.
#[derive(Debug)]
pub(super) struct World {
    pub(super) helpers: Vec<Helper>,
    pub(super) services: Vec<Service>,
    /// Import paths of the modules of tests, below `relux/tests`.
    pub(super) tests: Vec<String>,
}

/// A library of functions.
#[derive(Debug)]
pub(super) struct Helper {
    /// The import path.
    pub(super) path: String,
    /// Impure ones take a subject; pure ones take two texts.
    pub(super) functions: Vec<String>,
    pub(super) pure_functions: Vec<String>,
    /// Helpers that this one calls.
    pub(super) uses: Vec<usize>,
}

/// A library that starts something.
#[derive(Debug)]
pub(super) struct Service {
    /// The import path.
    pub(super) path: String,
    /// The name of its plain effect; `…WithData` is the one on top.
    pub(super) effect: String,
    /// Name of its functions and of its data.
    pub(super) stem: String,
    /// The variable that holds its own port.
    pub(super) port: String,
    /// Services that its effect starts.
    pub(super) starts: Vec<usize>,
    /// Everything that must come from outside, its own port last.
    pub(super) needs: Vec<String>,
}

const AREAS: &[&str] = &[
    "billing",
    "catalog",
    "search",
    "mail",
    "identity",
    "storage",
    "metrics",
    "shipping",
    "reports",
    "gateway",
    "calendar",
    "payments",
    "media",
    "support",
    "inventory",
    "audit",
];
const THINGS: &[&str] = &[
    "ledger", "queue", "index", "profile", "session", "invoice", "basket", "archive", "channel", "report",
    "voucher", "parcel", "ticket", "schedule", "journal", "mirror", "quota", "tariff", "notice", "label",
];
const VERBS: &[&str] = &[
    "open", "fetch", "verify", "renew", "count", "publish", "withdraw", "compare", "collect", "restore",
    "rotate", "describe",
];
const TIERS: usize = 4;

/// The names of a suite of so many modules, at least ten; the two modules that everybody imports are among them.
pub(super) fn world(modules: usize, seed: u64) -> World {
    let rest = modules.max(10) - 2;
    let (helpers, services) = (rest / 5, rest / 5);
    World {
        helpers: (0..helpers).map(|number| helper(number, seed)).collect(),
        services: make_services(services, seed),
        tests: (0..rest - helpers - services)
            .map(|number| {
                let random = &mut Random::new(seed, 3_000_000 + number);
                format!("{}/{}_{number:04}", random.pick(AREAS), random.pick(THINGS))
            })
            .collect(),
    }
}

fn helper(number: usize, seed: u64) -> Helper {
    let random = &mut Random::new(seed, 1_000_000 + number);
    let thing = random.pick(THINGS);
    let first = random.below(VERBS.len());
    let name = |index: usize| format!("{}_{thing}_{number}", VERBS[(first + index) % VERBS.len()]);
    let split = random.between(4, 6);
    let mut uses: Vec<usize> = (0..random.between(1, 3).min(number))
        .map(|_| random.below(number))
        .collect();
    uses.sort_unstable();
    uses.dedup();
    Helper {
        path: format!("{}/{thing}_helpers_{number:04}", random.pick(AREAS)),
        functions: (0..split).map(name).collect(),
        pure_functions: (split..split + 3).map(name).collect(),
        uses,
    }
}

fn make_services(count: usize, seed: u64) -> Vec<Service> {
    let mut services: Vec<Service> = Vec::with_capacity(count);
    for number in 0..count {
        let random = &mut Random::new(seed, 2_000_000 + number);
        let tier = number * TIERS / count;
        let below = (tier.saturating_sub(1) * count).div_ceil(TIERS)..(tier * count).div_ceil(TIERS);
        let wanted = if below.is_empty() { 0 } else { random.between(1, 2) };
        let mut starts: Vec<usize> = (0..wanted)
            .map(|_| below.start + random.below(below.len()))
            .collect();
        starts.sort_unstable();
        starts.dedup();

        let thing = random.pick(THINGS);
        let stem = format!("{thing}_{number}");
        let port = format!("{}_{number}_PORT", thing.to_uppercase());
        let mut needs: Vec<String> = Vec::new();
        for name in starts.iter().flat_map(|&start| services[start].needs.clone()) {
            if !needs.contains(&name) {
                needs.push(name);
            }
        }
        needs.push(port.clone());
        services.push(Service {
            path: format!("{}/service/{thing}_{number:04}", random.pick(AREAS)),
            effect: format!("{}{number}", capitalised(thing)),
            stem,
            port,
            starts,
            needs,
        });
    }
    services
}

/// A word for data that nobody looks at closely.
pub(super) fn thing(random: &mut Random) -> &'static str {
    random.pick::<&str>(THINGS)
}

/// A sentence for comments and docstrings.
pub(super) fn sentence(random: &mut Random) -> String {
    const ENDS: &[&str] = &[
        "before the next one may begin",
        "although nobody has asked for it yet",
        "even when the answer comes late",
        "in the order in which they were made",
        "and says so in the log",
        "without touching what was there before",
        "as long as the other side agrees",
    ];
    format!(
        "{} the {} of the {} {}.",
        capitalised(random.pick::<&str>(VERBS)),
        random.pick(THINGS),
        random.pick(AREAS),
        random.pick(ENDS)
    )
}
