//! The binding of one function of the C library, in a crate of its own because calling it is
//! `unsafe`, which the program forbids itself.
#![warn(missing_docs)]

/// Gives pages that the C heap holds and does not use back to the system (`malloc_trim(3)`), in a
/// few milliseconds. Does nothing where the C library is not glibc: others give them back by
/// themselves or not at all. Rust's own allocator is not concerned when it is another one.
pub fn trim() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            fn malloc_trim(pad: usize) -> std::ffi::c_int;
        }
        // SAFETY: glibc has this function with this signature, it takes no pointer, and it may be
        // called at any time from any thread (MT-Safe, malloc_trim(3)).
        unsafe {
            malloc_trim(0);
        }
    }
}
