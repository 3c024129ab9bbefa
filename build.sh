#!/usr/bin/env bash
# Every task of the project, by name. `./build.sh help` lists them; package.json and CI call the same words.
set -euo pipefail
cd "$(dirname "$0")"

TOOLS=target/tools
WASM_TARGET=wasm32-unknown-unknown
# Size first: a panic is one instruction, positions in the source are left out, and the stack takes one page of memory.
WASM_FLAGS='-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Clink-arg=-zstack-size=65536 --cfg getrandom_backend="custom"'
# What wasm32-unknown-unknown has by default, and every browser of the last years; wasm-opt must not use more.
WASM_FEATURES="--enable-bulk-memory --enable-sign-ext --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# Debian packages, as root or by sudo. Called only for what is missing.
apt_install() {
  command -v apt-get >/dev/null || fail "$1 is missing, and there is no apt-get to install it with; install it by hand"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "installing $* needs root: run './build.sh setup' once as root, or install sudo"
    as_root=(sudo)
  fi
  say "installing $*"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# The compiler that builds the wasm must have the standard library's sources, for it is built with our flags: rustup's
# with rust-src, else Debian's. Sets WASM_CARGO and WASM_RUSTC.
find_wasm_compiler() {
  local rustc
  for rustc in rustc /usr/bin/rustc; do
    if command -v "$rustc" >/dev/null && [ -d "$("$rustc" --print sysroot)/lib/rustlib/src/rust/library" ]; then
      WASM_RUSTC=$(command -v "$rustc")
      WASM_CARGO=$([ "$rustc" = rustc ] && command -v cargo || echo /usr/bin/cargo)
      [ -x "$WASM_CARGO" ] && return 0
    fi
  done
  return 1
}

# A tool that only this project needs, from its source. What it does takes a moment in any case, so it is built quickly.
install_tool() { CARGO_PROFILE_DEV_DEBUG=false cargo install --quiet --debug --root "$TOOLS" --force "$@"; }

# The version of a crate in Cargo.lock.
locked() { awk -v crate="\"$1\"" '$1 == "name" { found = $3 == crate } $1 == "version" && found { gsub(/"/, "", $3); print $3; exit }' Cargo.lock; }

# What builds and the demo need, if it is missing. Repeats nothing.
set_up() {
  command -v cargo >/dev/null || fail "cargo is missing: install Rust from rustup.rs first"
  command -v node >/dev/null && command -v npm >/dev/null || fail "node or npm is missing: install Node.js 20 or later first"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node.js is $(node --version), but must be 20 or later"
  if ! cargo clippy --version >/dev/null 2>&1; then
    rustup component add clippy || fail "clippy is missing, and 'rustup component add clippy' did not give it"
  fi
  command -v cc >/dev/null || apt_install gcc libc6-dev
  if ! find_wasm_compiler; then
    say "adding the standard library's sources to the compiler"
    if ! { command -v rustup >/dev/null && rustup component add rust-src >/dev/null 2>&1 && find_wasm_compiler; }; then
      apt_install rustc-web cargo-web rust-web-src rust-web-llvm lld-22
      find_wasm_compiler || fail "no Rust compiler with the standard library's sources was found; 'rustup component add rust-src' gives one"
    fi
  fi
  local version
  version=$(locked wasm-bindgen)
  if [ "$("$TOOLS/bin/wasm-bindgen" --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
    say "installing wasm-bindgen $version (some minute, once)"
    install_tool wasm-bindgen-cli --version "$version" --no-default-features --bin wasm-bindgen --bin wasm-bindgen-test-runner
  fi
  if ! cmp -s package-lock.json node_modules/.vitrum-lock; then
    say "installing the npm packages"
    npm ci --silent --no-audit --no-fund >&2
    cp package-lock.json node_modules/.vitrum-lock
  fi
  if ! find_chromium; then
    apt_install chromium chromium-driver fonts-dejavu-core
    find_chromium || fail "Chromium and its driver are missing after their installation"
  fi
}

# task: setup - installs what is missing (compiler for wasm, wasm-bindgen, npm packages, the browsers); repeats nothing
task_setup() {
  set_up
  if ! find_other_browsers; then
    apt_install firefox-esr webkit2gtk-driver xvfb
    find_other_browsers || fail "Firefox, the driver of WebKitGTK or Xvfb is missing after their installation"
  fi
}

# Sets and exports CHROMIUM; a value that is there already is believed.
find_chromium() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
  export CHROMIUM
  [ -x "$CHROMIUM" ] && command -v chromedriver >/dev/null
}

# Sets and exports FIREFOX likewise; WebKitGTK is what its driver finds, and is shown on a screen of Xvfb.
find_other_browsers() {
  FIREFOX=${FIREFOX:-$(command -v firefox-esr || true)}
  export FIREFOX
  [ -x "$FIREFOX" ] && command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null
}

wasm_cargo() {
  RUSTC=$WASM_RUSTC RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$1 "$WASM_CARGO" "${@:2}" \
    --target $WASM_TARGET -Z build-std=std,panic_abort -Z build-std-features=optimize_for_size
}

# What is not optimised runs nine times as long in a browser, the standard library's part of it too.
wasm_for_tests() { CARGO_PROFILE_DEV_OPT_LEVEL=1 RUSTFLAGS='' wasm_cargo target/wasm-test "$@"; }

# task: wasm - builds the agent: the release wasm, the scripts, the types and the dashboard, into dist
task_wasm() {
  set_up
  say "building the agent's wasm"
  RUSTFLAGS=$WASM_FLAGS wasm_cargo target/wasm build --quiet --release -p vitrum
  local built=target/wasm/$WASM_TARGET/release/vitrum.wasm
  if [ ! -f target/bindgen/vitrum.wasm ] || [ "$built" -nt target/bindgen/vitrum.wasm ] || [ build.sh -nt target/bindgen/vitrum.wasm ]; then
    "$TOOLS/bin/wasm-bindgen" --target bundler --no-typescript --out-dir target/bindgen "$built"
    # shellcheck disable=SC2086
    node node_modules/binaryen/bin/wasm-opt $WASM_FEATURES --flatten --rereloop --low-memory-unused -Oz -Oz --converge --strip-debug --strip-producers \
      --strip-target-features target/bindgen/vitrum_bg.wasm -o target/bindgen/vitrum.wasm
  fi
  say "bundling the scripts and the dashboard"
  node js/build.mjs
  node_modules/.bin/tsc -p js
  node_modules/.bin/tsc -p www/dashboard --noEmit
  "$WASM_RUSTC" --version > dist/compiler.txt
}

# task: inspect - builds the wasm that reads batches back, for tests, into target/inspect
task_inspect() {
  set_up
  say "building the wasm that reads batches"
  wasm_for_tests build --quiet -p vitrum-inspect
  "$TOOLS/bin/wasm-bindgen" --target web --out-dir target/inspect target/wasm-test/$WASM_TARGET/debug/vitrum_inspect.wasm
}

# task: collector - builds vitrum-collector as it is shipped, with the dashboard in it, into target/collector
task_collector() {
  task_wasm
  say "building the collector"
  cargo build --quiet --profile collector -p vitrum-collector
}

# task: demo - builds all, starts the collector and the demo shop, and prints both addresses; --once visits it and stops
task_demo() {
  task_wasm
  say "building the collector (some two minutes the first time)"
  cargo build --quiet -p vitrum-collector
  exec node www/demo.mjs "$@"
}

# task: size - prints what a page downloads: raw, gzip and brotli bytes
task_size() {
  task_wasm
  node js/sizes.mjs
}

# The agents that ours is held against, in a place of their own. None of their scripts is run.
set_up_peers() {
  local place=target/peers
  cmp -s tests/bench/peers/package-lock.json "$place/.lock" && return 0
  say "installing the peers (some half a minute, once)"
  mkdir -p "$place"
  cp tests/bench/peers/package.json tests/bench/peers/package-lock.json "$place"
  npm ci --prefix "$place" --ignore-scripts --silent --no-audit --no-fund >&2
  cp tests/bench/peers/package-lock.json "$place/.lock"
}

# task: bench - measures what the agent costs a page's requests, as ratios against none; with 'delivery' what arrives, with 'bytes' what a page view costs on the wire, with 'peers' what a visit costs there with other agents
task_bench() {
  local what=${1:-fetch}
  shift || true
  [ -f "tests/bench/$what.mjs" ] || fail "there is no bench '$what': say fetch, delivery, bytes or peers"
  case "$what" in
    delivery) build_for_e2e ;;
    fetch) task_wasm ;;
    *) task_wasm; task_inspect ;;
  esac
  [ "$what" != peers ] || set_up_peers
  node "tests/bench/$what.mjs" "$@"
}

# task: golden - rewrites the golden files: imports of the wasm, the API's surface, sizes, and the hash in WIRE.md
task_golden() {
  task_wasm
  UPDATE_GOLDEN=1 node --test tests/golden.test.mjs
  UPDATE_GOLDEN=1 cargo test --quiet -p vitrum-tests --test tidy
}

# task: record - plays the side-by-side stories and rewrites tests/replay/stories; takes names of folders, or a URL and a name
task_record() {
  task_wasm
  node tests/replay/record.mjs "$@"
}

# task: stacks - plays errors in the browsers and rewrites tests/stacks/collected; takes names of browsers, or 'builds'
task_stacks() {
  task_setup
  if [ "${1:-}" = builds ]; then node tests/stacks/builds.mjs; else node tests/stacks/collect.mjs "$@"; fi
}

# task: check - lints and type checks, without running tests
task_check() {
  count_what_breaks_off
  set_up
  check "clippy" cargo clippy --quiet --workspace --all-targets -- -D warnings
  check "types of the scripts" node_modules/.bin/tsc -p js --noEmit
  check "types of the dashboard" node_modules/.bin/tsc -p www/dashboard --noEmit
  closing
}

# task: e2e - the stories in real browsers, and the package test; takes paths of test files
task_e2e() {
  count_what_breaks_off
  build_for_e2e
  [ $# != 0 ] || set -- tests/e2e/*.test.mjs tests/e2e/sidebyside/*.test.mjs tests/package/*.test.mjs
  suite "end to end" node --test --test-concurrency=1 --test-reporter=tap "$@"
  closing
}

# task: wpt - runs the web-platform-tests below given paths without the agent and with it, and tells what differs; see --help
task_wpt() {
  local from=$OLDPWD
  set_up
  case " $* " in *firefox*) task_setup ;; esac
  case " $* " in *' --help '* | *' --list '*) ;; *) [ -n "${VITRUM_DIST:-}" ] || task_wasm ;; esac
  CALLED_FROM=$from exec node tests/wpt/main.mjs "$@"
}

# task: conformance - demands that nothing changes for the page, in Chromium and Firefox: the network with and without the agent
task_conformance() {
  count_what_breaks_off
  task_setup
  task_wasm
  suite "conformance" node --test --test-concurrency=1 --test-reporter=tap tests/e2e/network/*.test.mjs
  closing
}

# A foreign receiver of OTLP and the official messages for Python, in a place of their own.
set_up_receiver() {
  local place=target/otlp
  if ! cmp -s tests/otlp/requirements.txt "$place/.requirements"; then
    say "installing the foreign receiver"
    command -v python3 >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
    rm -rf "$place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: -r tests/otlp/requirements.txt ||
      fail "the foreign receiver could not be installed; it is there for Python 3.11 and glibc 2.34 on x86_64"
    cp tests/otlp/requirements.txt "$place/.requirements"
  fi
}

# task: otlp - sends batches of a real visit to a foreign receiver of OTLP (rotel), and reads what it passes on
task_otlp() {
  count_what_breaks_off
  build_for_e2e
  set_up_receiver
  suite "a foreign receiver of OTLP" node --test --test-reporter=tap tests/otlp/*.test.mjs
  closing
}

build_for_e2e() {
  task_setup
  task_wasm
  task_inspect
  say "building the collector"
  cargo build --quiet -p vitrum-collector
}

NATIVE_TESTS=(cargo test --quiet --no-fail-fast --workspace --features vitrum-wire/decode)

# task: test - sets up what is missing and runs every test
task_test() {
  count_what_breaks_off
  task_setup
  task_wasm
  task_inspect
  # The collector is among it, as tests run it.
  say "building the native tests and the collector"
  "${NATIVE_TESTS[@]}" --no-run
  # Stories wait for browsers most of the time, so compilers have what they leave of the machine.
  beside stories
  check "clippy" cargo clippy --quiet --workspace --all-targets -- -D warnings
  suite "native tests" "${NATIVE_TESTS[@]}"
  suite "golden files" node --test --test-reporter=tap tests/golden.test.mjs
  say "building the wasm tests"
  wasm_tests --no-run --quiet
  rejoin
  suite "wasm tests in the browser" wasm_tests
  suite "conformance" node --test --test-concurrency=1 --test-reporter=tap tests/e2e/network/*.test.mjs
  suite "what it costs and what it hides" node --test --test-concurrency=1 --test-reporter=tap "${ALONE[@]}"
  closing
}

# Stories that measure or search much have the machine to themselves, and so has conformance, which waits for what must not happen.
ALONE=(tests/e2e/busy.test.mjs tests/e2e/cost.test.mjs tests/e2e/storm.test.mjs tests/e2e/secrets.test.mjs)

stories() {
  local file rest=()
  for file in tests/e2e/*.test.mjs; do
    case " ${ALONE[*]} " in *" $file "*) ;; *) rest+=("$file") ;; esac
  done
  suite "end to end" node --test --test-concurrency=2 --test-reporter=tap "${rest[@]}"
  suite "side by side with web-vitals" node --test --test-concurrency=2 --test-reporter=tap tests/e2e/sidebyside/*.test.mjs
  suite "web-platform-tests' runner" node --test --test-concurrency=2 --test-reporter=tap tests/wpt/*.test.mjs
  suite "package" node --test --test-concurrency=2 --test-reporter=tap tests/package/*.test.mjs
  suite "source maps of three bundlers" node --test --test-concurrency=2 --test-reporter=tap tests/sourcemaps/*.test.mjs
}

wasm_tests() {
  CHROMEDRIVER=$(command -v chromedriver) WASM_BINDGEN_USE_BROWSER=1 WASM_BINDGEN_TEST_TIMEOUT=300 \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$PWD/$TOOLS/bin/wasm-bindgen-test-runner \
    wasm_for_tests test --no-fail-fast "$@" -p vitrum-wire -p vitrum-core -p vitrum-browser -p vitrum-inspect --lib --features vitrum-wire/decode
}

passed=0
failed=0

# Runs a suite, shows what it prints, and adds up what it counted: cargo's and node's closing lines. One that ran no test
# has failed.
suite() {
  local name=$1 log code=0 ok bad
  shift
  say "$name"
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || code=$?
  ok=$(awk '/^test result:/ { n += $4 } /^# pass / { n += $3 } END { print n + 0 }' "$log")
  bad=$(awk '/^test result:/ { n += $6 } /^# (fail|cancelled) / { n += $3 } END { print n + 0 }' "$log")
  rm -f "$log"
  if [ "$bad" = 0 ] && { [ "$code" != 0 ] || [ "$ok" = 0 ]; }; then bad=1; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# Runs a check that has no tests of its own: it counts as one.
check() {
  say "$1"
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# Runs suites beside what follows. `rejoin` waits for them, shows what they printed, and adds what they counted.
beside() {
  say "$1, beside what follows"
  beside_log=$(mktemp)
  (
    trap - EXIT
    passed=0
    failed=0
    "$@" >"$beside_log" 2>&1
    echo "$passed $failed" >"$beside_log.counts"
  ) &
  beside_job=$!
}

rejoin() {
  local ok=0 bad=1
  wait "$beside_job" || true
  beside_job=
  cat "$beside_log"
  [ ! -f "$beside_log.counts" ] || read -r ok bad <"$beside_log.counts"
  rm -f "$beside_log" "$beside_log.counts"
  passed=$((passed + ok))
  failed=$((failed + bad))
}

closing() {
  trap - EXIT
  [ -z "${beside_job:-}" ] || kill "$beside_job" 2>/dev/null || true
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# What ends the script before its closing line, such as a build that fails, is a failure too, and is counted.
count_what_breaks_off() { trap 'failed=$((failed + 1)); closing || true' EXIT; }

# task: help - lists the tasks
task_help() {
  echo 'Usage: ./build.sh TASK'
  sed -nE 's/^# task: ([a-z0-9]+) - (.*)/  \1\t\2/p' build.sh | expand -t 14
}

name=${1:-help}
shift || true
declare -F "task_$name" >/dev/null || { task_help >&2; fail "there is no task '$name'"; }
"task_$name" "$@"
