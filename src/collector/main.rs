//! The program: reads the command line, serves until told to stop, decodes a file, or uploads source maps.

use clap::Parser;
use std::error::Error;
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use vitrum_collector::{Budget, Command, Options, ServeBounds, ServeOptions, Settings, SourceMaps, Store, app, decode, serve, upload};

fn main() -> ExitCode {
    let Options { command, serve } = Options::parse();
    let done = match command {
        None => run(serve),
        Some(Command::Serve(serve)) => run(serve),
        Some(Command::Decode { file }) => print(&file),
        Some(Command::Sourcemaps(SourceMaps::Upload(options))) => {
            upload(&options, |line| println!("{line}")).map_err(Into::into)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vitrum-collector: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: ServeOptions) -> Result<(), Box<dyn Error>> {
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_max_level(options.log_level).with_ansi(colours).with_writer(std::io::stderr).init();
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (records, floor, ceiling) = (options.budget, options.rate_floor, options.rate_ceiling);
    if floor > ceiling {
        return Err(format!("--rate-floor {floor} is above --rate-ceiling {ceiling}; give a floor that is not").into());
    }
    let store = Store::open(&options.data)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.listen))?;
    // Who started the collector reads from this line where it is, above all with port 0.
    let address = listener.local_addr()?;
    println!("vitrum-collector listening on http://{address}");
    std::io::stdout().flush()?;

    // The address it was told to listen on is one to open it by, also where it is 127.0.0.2.
    let own = if address.is_ipv6() { format!("[{}]", address.ip()) } else { address.ip().to_string() };
    let hosts = options.allow_host.into_iter().chain([own]).collect();

    let (stopping, told) = watch::channel(false);
    let settings = Settings {
        allowed_origins: options.allow_origin,
        allowed_hosts: address.ip().is_loopback().then_some(hosts),
        max_body_bytes: options.max_body_bytes,
        max_decompressed_bytes: options.max_decompressed_bytes,
        budget: Budget { records, floor, ceiling, fade_s: options.rate_fade },
        token: options.token,
        capture: options.capture,
        stopping: Some(told),
        ..Settings::default()
    };
    let stop = async {
        tokio::select! {
            _ = terminated.recv() => (),
            _ = interrupted.recv() => (),
        }
        tracing::info!("stopping");
        stopping.send_replace(true);
    };
    serve(listener, app(store.clone(), settings), ServeBounds::default(), stop).await;
    store.close().await;
    Ok(())
}

fn print(file: &Path) -> Result<(), Box<dyn Error>> {
    let mut body = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut body)?;
    } else {
        body = std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    }
    writeln!(std::io::stdout(), "{}", decode(body)?)?;
    Ok(())
}
