//! The program as its users have it: started, stopped by a signal, started again, asked to decode.

use prost::Message;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use vitrum_wire::beacon::Beacon;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vitrum-collector");

/// A collector on a free port; killed if the test ends before it does.
struct Running {
    child: Child,
    address: String,
}

const TOKEN: &str = "a token";

impl Running {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["--listen", "127.0.0.1:0", "--log-level", "error", "--data"])
            .arg(folder.join("data"))
            .env("VITRUM_TOKEN", TOKEN)
            .arg("--capture")
            .arg(folder.join("bodies"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("vitrum-collector listening on http://").expect("the first line says where");
        Self { address: address.trim().to_owned(), child }
    }

    fn open(&self, request: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> String {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n",
            self.address
        );
        let mut answer = String::new();
        self.open(&[head.as_bytes(), body].concat()).read_to_string(&mut answer).unwrap();
        answer
    }

    fn end(&mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by itself where the test went well.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn beacon(batch_id: &str) -> Vec<u8> {
    let log_records = vec![LogRecord { event_name: "session.start".to_owned(), ..LogRecord::default() }];
    let scope_logs = vec![ScopeLogs { log_records, ..ScopeLogs::default() }];
    let logs = ExportLogsServiceRequest { resource_logs: vec![ResourceLogs { scope_logs, ..ResourceLogs::default() }] };
    let beacon = Beacon { batch_id: batch_id.to_owned(), logs: Some(logs), traces: None };
    [&b"V\0"[..], &beacon.encode_to_vec()].concat()
}

fn decode(file: &Path) -> Output {
    Command::new(PROGRAM).arg("decode").arg(file).output().unwrap()
}

#[test]
fn a_signal_ends_it_in_order_and_the_next_start_has_what_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    for (signal, batch_id) in [("TERM", "b1"), ("INT", "b2")] {
        let mut collector = Running::start(folder.path());
        // An open dashboard and an idle connection must not keep it from ending.
        let request = format!("GET /api/live HTTP/1.1\r\nHost: {}\r\n\r\n", collector.address);
        let mut live = BufReader::new(collector.open(request.as_bytes()));
        let mut line = String::new();
        live.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        let _idle = collector.open(b"");

        assert!(collector.ask("POST", "/v1/beacon", &beacon(batch_id)).starts_with("HTTP/1.1 204"));
        // The record has no id of its own and is the same in both batches, so it is stored once.
        assert!(collector.ask("GET", "/healthz", b"").contains("\"records\":1"));
        assert!(collector.ask("GET", "/api/kinds", b"").contains("{\"count\":1,\"kind\":\"session.start\"}"));
        let mut foreign = String::new();
        let request = b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        collector.open(request).read_to_string(&mut foreign).unwrap();
        assert!(foreign.starts_with("HTTP/1.1 421"), "{foreign}");
        assert!(collector.end(signal).success());
    }
    let left: Vec<_> =
        std::fs::read_dir(folder.path().join("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["vitrum.sqlite"], "the write-ahead log is in the file");

    let decoded = decode(&folder.path().join("bodies/000002-beacon.bin"));
    assert!(decoded.status.success());
    assert!(String::from_utf8(decoded.stdout).unwrap().contains("\"batch_id\": \"b2\""));
}

#[test]
fn what_it_cannot_do_it_says_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let rubbish = folder.path().join("rubbish");
    std::fs::write(&rubbish, "rubbish").unwrap();
    for (output, sentence) in [
        (decode(&rubbish), "The file is neither a beacon nor a request of OTLP"),
        (decode(&folder.path().join("none")), "cannot read"),
        (
            Command::new(PROGRAM).args(["--listen", "127.0.0.1:0", "--data"]).arg(&rubbish).output().unwrap(),
            "cannot open",
        ),
    ] {
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("vitrum-collector: ") && said.contains(sentence), "{said}");
    }
}

#[test]
fn decode_reads_the_standard_input() {
    let mut child =
        Command::new(PROGRAM).args(["decode", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&beacon("piped")).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"batch_id\": \"piped\""));
}

#[test]
fn a_floor_above_the_ceiling_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--listen", "127.0.0.1:0", "--rate-floor", "0.5", "--rate-ceiling", "0.1", "--data"];
    let output = Command::new(PROGRAM).args(options).arg(folder.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("--rate-floor 0.5 is above --rate-ceiling 0.1"), "{told}");
}

#[test]
fn source_maps_are_uploaded_or_it_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let collector = Running::start(folder.path());
    let to = format!("http://{}", collector.address);
    let map = r#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}"#;
    for (file, text) in [("good/a.js", "a()"), ("good/a.js.map", map), ("bad/a.js", "a()"), ("bad/a.js.map", "{}}"), ("none/a.js", "a()")] {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let upload = |from: &str, to: &str, token: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(["sourcemaps", "upload"]).arg(folder.path().join(from)).args(["--release", "1.0", "--to", to]);
        if token.is_empty() { command.env_remove("VITRUM_TOKEN") } else { command.env("VITRUM_TOKEN", token) };
        command.output().unwrap()
    };
    let done = upload("good", &to, TOKEN);
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && said.starts_with("a.js (") && said.ends_with("1 source map is stored for release 1.0\n"), "{said}");
    let nowhere = "http://127.0.0.1:1";
    for (from, to, token, sentence) in [
        ("none", &*to, TOKEN, "there are no source maps in"),
        ("absent", &to, TOKEN, "cannot read"),
        ("bad", &to, TOKEN, "the map of a.js is not a source map"),
        ("good", &to, "wrong", "The token is not that of this collector"),
        ("good", &to, "", "no token is given"),
        ("good", nowhere, TOKEN, "cannot reach the collector at http://127.0.0.1:1"),
    ] {
        let output = upload(from, to, token);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains(sentence), "{from} {to} {token}: {said}");
    }
}
