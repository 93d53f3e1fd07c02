//! Who is still alive: an oracle outside of the runner that looks at every process of the host.

use std::fs;
use std::path::Path;

/// Command lines of processes that work in a directory or name it in their arguments.
pub(crate) fn survivors(directory: &Path) -> Vec<String> {
    let directory = directory.canonicalize().expect("the directory exists");
    let needle = directory.to_string_lossy().into_owned();
    let mut alive = Vec::new();
    for entry in fs::read_dir("/proc").expect("listing processes").flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let arguments = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
        let works_there =
            fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(&directory));
        if pid != std::process::id() && (works_there || arguments.contains(&needle)) {
            alive.push(format!("{pid}: {arguments}"));
        }
    }
    alive
}
