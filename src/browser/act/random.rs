//! Where `getrandom` gets its bytes: its own back end for browsers catches exceptions, and the table of JavaScript
//! objects that this needs would be 1 KB of the download. `build.sh` chooses this one (`getrandom_backend="custom"`).
#![allow(unsafe_code, reason = "the signature of a back end is getrandom's")]

/// Source: documentation of getrandom 0.4, "Custom backend".
///
/// # Safety
/// `buffer` must be valid for writes of `len` bytes, which JavaScript makes there; getrandom sees to that.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(buffer: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    super::shim::random(buffer as i32, len as i32);
    Ok(())
}
