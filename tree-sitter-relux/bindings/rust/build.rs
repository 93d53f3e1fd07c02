//! Compiles the generated parser and its scanner; a debug build optimises them too, because every test parses.

fn main() {
    let source = std::path::Path::new("src");
    let files = [source.join("parser.c"), source.join("scanner.c")];
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    println!("cargo:rerun-if-changed={}", source.join("tree_sitter").display());
    cc::Build::new()
        .std("c11")
        .include(source)
        .opt_level(2)
        .flag_if_supported("-Wno-unused-parameter")
        .flag_if_supported("-Wno-unused-but-set-variable")
        .files(&files)
        .compile("tree-sitter-relux");
}
