//! `relux new`: a module to be filled in, in the edition of the suite.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use relux_model::edition::{Edition, edition};
use relux_model::manifest::manifest;

use super::OK;
use super::create::{create, exists};
use crate::args::NewArgs;
use crate::scaffold::Template;
use crate::scaffold::path::ModulePath;
use crate::suite::Loaded;

/// Makes the module and says what to do with it.
pub(crate) fn new(args: &NewArgs, loaded: &Loaded) -> Result<ExitCode> {
    let (template, typed) = match (&args.test, &args.effect, &args.lib) {
        (Some(path), _, _) => (Template::Test, path),
        (_, Some(path), _) => (Template::Effect, path),
        (_, _, Some(path)) => (Template::Functions, path),
        _ => bail!("one of --test, --effect and --lib is needed"),
    };
    let path = ModulePath::parse(typed, template.directory())?;
    let below = format!("{}/{}.relux", template.directory(), path.below());
    let real = loaded.root.join(&below);
    let shown = format!("{}{below}", loaded.prefix());
    if exists(real.as_std_path()) {
        bail!("{shown} exists already; nothing was changed");
    }
    create(real.as_std_path(), &template.text(&path, suite_edition(loaded)))?;
    let next = match template {
        Template::Test => format!("run it with `relux run -f {shown}`"),
        Template::Effect => format!(
            "in a test, `import {} {{ {} }}`",
            path.below(),
            path.effect_name()
        ),
        Template::Functions => format!("in a test, `import {}`", path.below()),
    };
    // What was made is there, whoever reads this.
    let _ = writeln!(anstream::stdout(), "created {shown}\n{next}");
    Ok(OK)
}

/// What the manifest says, else what most modules are written in.
fn suite_edition(loaded: &Loaded) -> Edition {
    let (db, suite) = (&loaded.db, loaded.suite);
    if let Some(edition) = manifest(db, suite).edition {
        return edition;
    }
    let mut modules: BTreeMap<Edition, usize> = BTreeMap::new();
    for file in suite.files(db).iter() {
        *modules.entry(edition(db, suite, *file).edition).or_default() += 1;
    }
    let most = modules
        .into_iter()
        .max_by_key(|(edition, count)| (*count, std::cmp::Reverse(*edition)));
    most.map(|(edition, _)| edition).unwrap_or_default()
}
