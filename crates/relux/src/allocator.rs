//! The allocator of the whole program: Rust's own memory and that of tree-sitter, which is written in C and asks for
//! many small pieces.

use std::ffi::c_void;

use tree_sitter::Allocator;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lets tree-sitter use the allocator of the program. Must be called before anything is parsed.
#[expect(
    unsafe_code,
    reason = "all memory of tree-sitter has to come from one allocator, which nobody but `main` can promise"
)]
pub(crate) fn share_with_tree_sitter() {
    // SAFETY: `main` calls this first, on its only thread; the four functions belong together, never return null for
    // memory that was asked for, and align like `malloc`.
    unsafe {
        tree_sitter::set_allocator(Some(Allocator {
            malloc,
            calloc,
            realloc,
            free: libmimalloc_sys::mi_free,
        }));
    }
}

/// As `malloc`, which tree-sitter expects to end the process rather than to return null.
#[expect(unsafe_code, reason = "a C function")]
unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    // SAFETY: takes any size.
    or_abort(unsafe { libmimalloc_sys::mi_malloc(size) }, size)
}

#[expect(unsafe_code, reason = "a C function")]
unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    let bytes = count.saturating_mul(size);
    // SAFETY: takes any size.
    or_abort(unsafe { libmimalloc_sys::mi_zalloc(bytes) }, bytes)
}

#[expect(unsafe_code, reason = "a C function")]
unsafe extern "C" fn realloc(old: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: `old` is null or came from one of these functions, as tree-sitter promises.
    or_abort(unsafe { libmimalloc_sys::mi_realloc(old, size) }, size)
}

fn or_abort(memory: *mut c_void, size: usize) -> *mut c_void {
    if memory.is_null() && size > 0 {
        std::process::abort();
    }
    memory
}
