//! The modules of a large suite: two that everybody imports, helpers, services, tests.

use super::bodies::{Counter, Scope, paragraph};
use super::random::Random;
use super::world::{Helper, Service, World, sentence, thing, world};
use super::writer::Writer;
use super::{Edition, File};

/// All files of a suite of so many modules.
pub(super) fn suite(modules: usize, seed: u64, edition: Edition) -> Vec<File> {
    let world = world(modules, seed);
    let mut files = vec![
        File::manifest(edition, "5s"),
        File::new("relux/lib/api/http.relux", http(edition)),
        File::new("relux/lib/api/jq.relux", jq(edition)),
    ];
    for (number, helper) in world.helpers.iter().enumerate() {
        let random = &mut Random::new(seed, 4_000_000 + number);
        let text = helper_module(&world, helper, random, edition);
        files.push(File::new(format!("relux/lib/{}.relux", helper.path), text));
    }
    for (number, service) in world.services.iter().enumerate() {
        let random = &mut Random::new(seed, 5_000_000 + number);
        let text = service_module(&world, service, random, edition);
        files.push(File::new(format!("relux/lib/{}.relux", service.path), text));
    }
    for (number, path) in world.tests.iter().enumerate() {
        let random = &mut Random::new(seed, 6_000_000 + number);
        let text = test_module(&world, random, edition);
        files.push(File::new(format!("relux/tests/{path}.relux"), text));
    }
    files
}

fn http(edition: Edition) -> String {
    let mut writer = Writer::new(edition);
    for (parameters, body) in [
        ("method, url, status", ""),
        ("method, url, body, status", " -d '${body}'"),
    ] {
        writer.gap();
        writer.line("# skip unless which(\"curl\")");
        writer.block(format_args!("fn request({parameters})"), |writer| {
            writer.bind("answer", "answer_file()");
            writer.line(format_args!(
                "> curl -s -X ${{method}}{body} -o \"${{answer}}\" -w '%{{http_code}}\\\\n' \"${{url}}\""
            ));
            writer.line("<? ^${status}$");
            writer.line("match_ok()");
            writer.line("answer");
        });
    }
    writer.gap();
    writer.block("pure fn answer_file()", |writer| {
        writer.bind("id", "uuid()");
        writer.line("\"${__RELUX_TEST_ARTIFACTS}/answer-${id}.json\"");
    });
    writer.finish()
}

fn jq(edition: Edition) -> String {
    let mut writer = Writer::new(edition);
    let look = "> jq -r '\"value: \\\\(${path})\"' \"${file}\"";
    writer.block("fn extract(file, path)", |writer| {
        writer.line(look);
        writer.line("<? ^value: (.*)$");
        writer.bind("value", "$1");
        writer.line("match_ok()");
        writer.line("value");
    });
    writer.gap();
    writer.block("fn check(file, path, pattern)", |writer| {
        writer.line(look);
        writer.line("<? ^value: ${pattern}$");
        writer.line("match_ok()");
    });
    writer.finish()
}

fn imports(writer: &mut Writer) {
    writer.line("import api/http { request }");
    writer.line("import api/jq { check, extract }");
}

fn helper_module(world: &World, helper: &Helper, random: &mut Random, edition: Edition) -> String {
    let mut writer = Writer::new(edition);
    writer.line(format_args!("// {}", sentence(random)));
    imports(&mut writer);
    let mut callable: Vec<String> = Vec::new();
    for &used in &helper.uses {
        let function = random.pick(&world.helpers[used].functions);
        writer.line(format_args!(
            "import {} {{ {function} }}",
            world.helpers[used].path
        ));
        callable.push(function.clone());
    }
    for function in &helper.functions {
        writer.gap();
        writer.line(format_args!("// {}", sentence(random)));
        writer.block(format_args!("fn {function}(subject)"), |writer| {
            let scope = Scope {
                base: "subject",
                functions: &callable,
            };
            let counter = &mut 0;
            for _ in 0..random.between(3, 5) {
                paragraph(writer, random, &scope, counter);
            }
            writer.gap();
            writer.line(format_args!("\"${{subject}}/{}\"", thing(random)));
        });
    }
    for function in &helper.pure_functions {
        writer.gap();
        writer.block(format_args!("pure fn {function}(left, right)"), |writer| {
            writer.bind("joined", "\"${left}-${right}\"");
            writer.bind("plain", "lower(trim(joined))");
            writer.line(format_args!("default(plain, \"{}\")", thing(random)));
        });
    }
    writer.finish()
}

fn service_module(world: &World, service: &Service, random: &mut Random, edition: Edition) -> String {
    let mut writer = Writer::new(edition);
    writer.line(format_args!("// {}", sentence(random)));
    imports(&mut writer);
    for &start in &service.starts {
        let started = &world.services[start];
        writer.line(format_args!("import {} {{ {} }}", started.path, started.effect));
    }
    let helper = random.pick(&world.helpers);
    let called = random.pick(&helper.functions);
    writer.line(format_args!("import {} {{ {called} }}", helper.path));
    plain_effect(&mut writer, world, service, random);
    seeded_effect(&mut writer, service, called, random);

    let stem = &service.stem;
    writer.gap();
    writer.block(format_args!("fn add_{stem}(base, name)"), |writer| {
        writer.bind("body", "\"{\\\"name\\\": \\\"${name}\\\"}\"");
        writer.bind(
            "made",
            format_args!("request(\"POST\", \"${{base}}/{stem}\", body, 201)"),
        );
        writer.line("extract(made, \".id\")");
    });
    writer.gap();
    writer.block(format_args!("pure fn {stem}_url(port)"), |writer| {
        writer.line("\"http://127.0.0.1:${port}\"");
    });
    writer.finish()
}

fn plain_effect(writer: &mut Writer, world: &World, service: &Service, random: &mut Random) {
    let Service {
        effect, stem, port, ..
    } = service;
    let expose = writer.edition.expose_shell();
    writer.gap();
    writer.block(format_args!("effect {effect}"), |writer| {
        writer.line(format_args!("expect {}", service.needs.join(", ")));
        writer.bind("data", format_args!("\"${{__RELUX_TEST_ARTIFACTS}}/{stem}\""));
        writer.bind("base", format_args!("{stem}_url({port})"));
        for &start in &service.starts {
            writer.line(format_args!("start {}", world.services[start].effect));
        }
        writer.line(format_args!("{expose} service"));
        if writer.edition == Edition::August {
            writer.line("expose var base");
        }
        writer.gap();
        writer.block("shell service", |writer| {
            writer.line("!? ^error:");
            writer.line(format_args!(
                "> ./services/{stem} --port ${{{port}}} --data \"${{data}}\""
            ));
            writer.line(format_args!("<~10s? ^listening on ${{{port}}}$"));
        });
        writer.gap();
        writer.block("shell setup", |writer| {
            let scope = Scope {
                base: "base",
                functions: &[],
            };
            let counter = &mut 0;
            for _ in 0..random.between(4, 6) {
                paragraph(writer, random, &scope, counter);
            }
        });
        writer.gap();
        writer.block("cleanup", |writer| {
            writer.line("> rm -rf \"${data}\"");
            writer.line("match_ok()");
        });
    });
}

fn seeded_effect(writer: &mut Writer, service: &Service, called: &str, random: &mut Random) {
    let Service {
        effect, stem, port, ..
    } = service;
    let expose = writer.edition.expose_shell();
    let alias = writer.edition.alias("plain");
    writer.gap();
    writer.line(format_args!("// {}", sentence(random)));
    writer.block(format_args!("effect {effect}WithData"), |writer| {
        writer.line(format_args!("expect {}", service.needs.join(", ")));
        writer.bind("base", format_args!("{stem}_url({port})"));
        writer.line(format_args!("start {effect} as {alias}"));
        writer.line(format_args!("{expose} {alias}.service as service"));
        if writer.edition == Edition::August {
            writer.line(format_args!("expose var {alias}.base as base"));
        }
        writer.gap();
        writer.block("shell seeder", |writer| {
            for _ in 0..random.between(3, 8) {
                writer.line(format_args!(
                    "add_{stem}(base, \"{} {}\")",
                    thing(random),
                    thing(random)
                ));
            }
            let functions = [called.to_owned()];
            let scope = Scope {
                base: "base",
                functions: &functions,
            };
            let counter = &mut 0;
            for _ in 0..random.between(5, 8) {
                paragraph(writer, random, &scope, counter);
            }
            writer.gap();
            writer.line(format_args!("{called}(base)"));
        });
    });
}

fn test_module(world: &World, random: &mut Random, edition: Edition) -> String {
    let mut writer = Writer::new(edition);
    let service = random.pick(&world.services);
    let helper = random.pick(&world.helpers);
    let stem = &service.stem;
    let called = &helper.functions[..random.between(1, 3)];
    let joined = random.pick(&helper.pure_functions);
    imports(&mut writer);
    writer.line(format_args!(
        "import {} {{ {}, {joined} }}",
        helper.path,
        called.join(", ")
    ));
    writer.line(format_args!(
        "import {} {{ {stem}_url, {effect}, {effect}WithData }}",
        service.path,
        effect = service.effect
    ));
    let count = random.between(2, 4);
    for number in 0..count {
        let seeded = number % 2 == 1;
        writer.gap();
        if random.percent(30) {
            writer.line(random.pick(&["# skip if SMOKE", "# skip unless which(\"sh\")", "# flaky"]));
        }
        let title = format!("{} {} number {number}", thing(random), thing(random));
        writer.block(format_args!("test \"{title}\""), |writer| {
            one_test(writer, random, service, called, joined, seeded);
        });
    }
    writer.finish()
}

fn one_test(
    writer: &mut Writer,
    random: &mut Random,
    service: &Service,
    called: &[String],
    joined: &str,
    seeded: bool,
) {
    let Service { stem, port, .. } = service;
    let alias = writer.edition.alias("it");
    writer.line("\"\"\"");
    writer.line(sentence(random));
    writer.line(sentence(random));
    writer.line("\"\"\"");
    for need in &service.needs {
        writer.bind(&need.to_lowercase(), "available_port()");
    }
    writer.bind("base", format_args!("{stem}_url({})", port.to_lowercase()));
    writer.bind(
        "owner",
        format_args!("{joined}(\"{}\", \"{}\")", thing(random), thing(random)),
    );
    writer.gap();
    let suffix = if seeded { "WithData" } else { "" };
    writer.block(
        format_args!("start {}{suffix} as {alias}", service.effect),
        |writer| {
            let operator = writer.edition.bind();
            for need in &service.needs {
                writer.line(format_args!("{need} {operator} {}", need.to_lowercase()));
            }
        },
    );
    writer.gap();
    writer.block("shell client", |writer| {
        writer.line("log(\"for ${owner}\")");
        for function in called {
            writer.line(format_args!("{function}(base)"));
        }
        let scope = Scope {
            base: "base",
            functions: called,
        };
        let counter: &mut Counter = &mut 0;
        for _ in 0..random.between(2, 6) {
            paragraph(writer, random, &scope, counter);
        }
    });
    if random.percent(40) {
        writer.gap();
        writer.block(format_args!("shell {alias}.service"), |writer| {
            writer.line(format_args!("<~5s? ^{} (\\d+) is done$", thing(random)));
            writer.line("log(\"done after ${1} ms\")");
        });
    }
    if random.percent(20) {
        writer.gap();
        writer.block("cleanup", |writer| {
            writer.line("> rm -f \"${__RELUX_TEST_ARTIFACTS}\"/*.log");
            writer.line("match_ok()");
        });
    }
}
