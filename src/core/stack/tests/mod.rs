//! Stacks as they are read and told. What browsers write is in `collected.rs`, whose code it is in `origins.rs`, what falls
//! together and what does not in `groups.rs` and `builds.rs`, and what holds for any bytes in `bounds.rs`.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod collected;

pub(super) const PAGE: &[u8] = b"https://shop.example/page/12345?customer=7";
