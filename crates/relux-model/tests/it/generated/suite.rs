//! Suites without mistakes, with marks where mistakes can be planted.
//!
//! A place is written `‹kind›text‹/›` and stands for `text`.

use std::fmt::Write as _;

use proptest::prelude::*;

/// How a module binds and exposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edition {
    April,
    August,
}

impl Edition {
    fn bind(self) -> &'static str {
        match self {
            Self::April => "=",
            Self::August => ":=",
        }
    }

    fn alias(self, number: usize) -> String {
        match self {
            Self::April => format!("it{number}"),
            Self::August => format!("It{number}"),
        }
    }
}

/// The number of its service, and what its shell does, as numbers of [`STATEMENTS`].
type Test = (usize, Vec<usize>);

/// What a suite is made of.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// One service each: its edition, and whether it starts the one before.
    services: Vec<(Edition, bool)>,
    /// One file each: its edition, and for each test the number of its service and what its shell does.
    tests: Vec<(Edition, Vec<Test>)>,
}

/// A module in parts: what stands before its tests, and the tests.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: String,
    /// What stands before the tests, then each test.
    pub(super) parts: Vec<String>,
}

impl File {
    /// With marks.
    pub(super) fn marked(&self) -> String {
        self.parts.join("\n")
    }

    /// Without marks.
    pub(super) fn text(&self) -> String {
        super::mistakes::unmark(&self.marked()).0
    }

    pub(super) fn tests(&mut self) -> &mut [String] {
        &mut self.parts[1..]
    }

    pub(super) fn break_first_call_of_each_test(&mut self) {
        for test in self.tests() {
            if let Some(at) = test.find("‹call›") {
                test.insert_str(at + "‹call›".len(), "no_such_");
            }
        }
    }
}

fn edition() -> impl Strategy<Value = Edition> {
    prop_oneof![Just(Edition::April), Just(Edition::August)]
}

pub(super) fn shape() -> impl Strategy<Value = Shape> {
    let services = prop::collection::vec((edition(), any::<bool>()), 1..4);
    let statements = prop::collection::vec(0..STATEMENTS.len(), 1..7);
    let test = (any::<prop::sample::Index>(), statements);
    let tests = prop::collection::vec((edition(), prop::collection::vec(test, 1..4)), 1..4);
    (services, tests).prop_map(|(services, tests)| {
        let tests = tests
            .into_iter()
            .map(|(edition, tests)| {
                let tests = tests
                    .into_iter()
                    .map(|(service, statements)| (service.index(services.len()), statements))
                    .collect();
                (edition, tests)
            })
            .collect();
        Shape { services, tests }
    })
}

/// One suite per edition, and a mixed one, with everything in them.
pub(super) fn large() -> Vec<Shape> {
    let shape = |first, second| Shape {
        services: vec![(first, false), (second, true)],
        tests: vec![
            (first, vec![(0, (0..STATEMENTS.len()).collect()), (1, vec![0])]),
            (second, vec![(1, (0..STATEMENTS.len()).collect())]),
        ],
    };
    vec![
        shape(Edition::April, Edition::April),
        shape(Edition::August, Edition::August),
        shape(Edition::April, Edition::August),
    ]
}

/// What a shell of a test may do; `=:` is the binding of the edition, `@` the number of the service, `#` of the line.
const STATEMENTS: &[&str] = &[
    "‹call›say_@‹/›(‹string›\"hello\"‹/›)\n",
    "> echo ‹payload›one #‹/›\n<? ‹regex›^one #$‹/›\nmatch_ok()\n",
    "let got_# =: join_@(‹string›\"a\"‹/›, ‹string›\"b\"‹/›)\n> echo ‹payload›${‹variable›got_#‹/›}‹/›\n<= ‹literal›a-b‹/›\nmatch_ok()\n",
    "> sleep 0; echo \"took 5 ms\"\n<~‹duration›5s‹/›? ‹groups›^took (\\d+) ms$‹/›\nlog(\"after ${‹capture›1‹/›}\")\nmatch_ok()\n",
    "sleep(\"‹span›10ms‹/›\")\n> true\nmatch_ok()\n",
    "~‹duration›3s‹/›\n> true\nmatch_ok()\n",
];

impl Shape {
    /// The modules, services first.
    pub(super) fn files(&self) -> Vec<File> {
        let mut files: Vec<File> = (0..self.services.len())
            .map(|number| self.service(number))
            .collect();
        files.extend((0..self.tests.len()).map(|number| self.test_file(number)));
        files
    }

    /// The variables that a service needs, its own first.
    fn needs(&self, number: usize) -> Vec<String> {
        let mut needs = vec![format!("SERVICE_{number}_PORT")];
        if number > 0 && self.services[number].1 {
            needs.extend(self.needs(number - 1));
        }
        needs
    }

    fn service(&self, number: usize) -> File {
        let (edition, starts) = self.services[number];
        let bind = edition.bind();
        let needs = self.needs(number);
        let mut text = String::new();
        if number > 0 && starts {
            let before = number - 1;
            let _ = writeln!(
                text,
                "import ‹path›service_{before}‹/› {{ ‹name›Service{before}‹/› }}\n"
            );
        }
        let _ = write!(
            text,
            "effect Service{number} {{\n    expect {}\n    let dir {bind} \"${{__RELUX_TEST_ARTIFACTS}}/data\"\n",
            needs.join(", ")
        );
        if number > 0 && starts {
            let _ = writeln!(text, "    start ‹effect›Service{}‹/›", number - 1);
        }
        let exposed = match edition {
            Edition::April => "expose ‹shell›main‹/›",
            Edition::August => "expose shell ‹shell›main‹/›",
        };
        let _ = write!(
            text,
            "    {exposed}\n\n    shell main {{\n        > serve --data \"${{‹variable›dir‹/›}}\" --port ${{‹variable›{}‹/›}}\n        \
             <~‹duration›8s‹/›? ‹regex›^ready$‹/›\n    }}\n}}\n\n",
            needs[0]
        );
        let _ = write!(
            text,
            "fn say_{number}(‹parameters›word‹/›) {{\n    > echo \"${{‹variable›word‹/›}}\"\n    <? ‹open›^${{word}}$‹/›\n    match_ok()\n}}\n\n\
             pure fn join_{number}(left, right) {{\n    \"‹pure›${{left}}‹/›-${{right}}\"\n}}\n"
        );
        File {
            path: format!("relux/lib/service_{number}.relux"),
            parts: vec![text],
        }
    }

    fn test_file(&self, number: usize) -> File {
        let (edition, tests) = &self.tests[number];
        let mut head = String::new();
        let mut used: Vec<usize> = tests.iter().map(|(service, _)| *service).collect();
        used.sort_unstable();
        used.dedup();
        for service in used {
            let of_service: Vec<&Test> = tests.iter().filter(|(it, _)| *it == service).collect();
            let holds = |kind| {
                of_service
                    .iter()
                    .any(|(_, statements)| statements.contains(&kind))
            };
            let mut names = vec![format!("‹name›Service{service}‹/›")];
            if holds(0) {
                names.push(format!("‹name›say_{service}‹/›"));
            }
            if holds(2) {
                names.push(format!("‹name›join_{service}‹/›"));
            }
            let _ = writeln!(
                head,
                "import ‹path›service_{service}‹/› {{ {} }}",
                names.join(", ")
            );
        }
        let mut parts = vec![head];
        let tests = tests.iter().enumerate();
        parts.extend(tests.map(|(at, (service, statements))| self.test(*edition, at, *service, statements)));
        File {
            path: format!("relux/tests/file_{number}.relux"),
            parts,
        }
    }

    fn test(&self, edition: Edition, number: usize, service: usize, statements: &[usize]) -> String {
        let bind = edition.bind();
        let alias = edition.alias(number);
        let mut text = format!("‹marker›‹/›test \"‹title›number {number}‹/›\" {{\n");
        let needs = self.needs(service);
        for need in &needs {
            let _ = writeln!(
                text,
                "    let {} {bind} ‹port›available_port()‹/›",
                need.to_lowercase()
            );
        }
        let _ = writeln!(text, "    start ‹effect›Service{service}‹/› as {alias} {{");
        for need in &needs {
            let _ = writeln!(
                text,
                "‹entry›        {need} {bind} ‹value›{}‹/›\n‹/›",
                need.to_lowercase()
            );
        }
        text.push_str("    }\n\n    shell client {\n‹statement›‹/›");
        for (at, statement) in statements.iter().enumerate() {
            let lines = STATEMENTS[*statement]
                .replace("=:", bind)
                .replace('@', &service.to_string())
                .replace('#', &at.to_string());
            for line in lines.lines() {
                let _ = writeln!(text, "        {line}");
            }
        }
        let _ = write!(
            text,
            "    }}\n    shell ‹alias›{alias}‹/›.‹exposed›main‹/› {{\n        <? ‹regex›^done$‹/›\n    }}\n}}\n"
        );
        text
    }
}
