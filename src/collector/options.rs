//! The command line, and the environment variables beside it.

use crate::{budget, host, limits, origin};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Receives, stores and shows what Vitrum agents and OpenTelemetry exporters send.
#[derive(Debug, Parser)]
#[command(name = "vitrum-collector", version, args_conflicts_with_subcommands = true)]
pub struct Options {
    /// What to do; without a word: serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve, when no word is given.
    #[command(flatten)]
    pub serve: ServeOptions,
}

/// What the collector can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve until told to stop by SIGTERM or SIGINT (the default)
    Serve(ServeOptions),
    /// Print a captured body (beacon, or OTLP as protobuf or JSON, gzip'd or not) as readable JSON
    Decode {
        /// The file; `-` is the standard input
        file: PathBuf,
    },
    /// Source maps, by which stacks are shown as the code was written
    #[command(subcommand)]
    Sourcemaps(SourceMaps),
}

/// What can be done with source maps.
#[derive(Debug, Subcommand)]
pub enum SourceMaps {
    /// Send the source maps of a folder to a collector that was started with the same token
    Upload(UploadOptions),
}

/// What is uploaded, and to whom.
#[derive(Clone, Debug, Args)]
pub struct UploadOptions {
    /// Folder that the bundler has written to; scripts (.js, .mjs, .cjs) and their maps are found in it
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// The release, as the agent's option `version` (service.version) says it
    #[arg(long, value_name = "VERSION")]
    pub release: String,

    /// The service; without it the maps are for every service that has this release
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,

    /// Where DIR is on the site, such as https://shop.example/assets/ or /assets/; without it any origin and folder will do
    #[arg(long, value_name = "URL")]
    pub url_prefix: Option<String>,

    /// The collector
    #[arg(long, value_name = "URL", env = "VITRUM_TO", default_value = "http://127.0.0.1:4318")]
    pub to: String,

    /// The token that the collector was started with
    #[arg(long, value_name = "TOKEN", env = "VITRUM_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeOptions {
    /// Address and port to listen on; with port 0 any free one, which is printed
    #[arg(long, env = "VITRUM_LISTEN", default_value = "127.0.0.1:4318")]
    pub listen: SocketAddr,

    /// Folder of the database
    #[arg(long, value_name = "DIR", env = "VITRUM_DATA", default_value = "vitrum-data")]
    pub data: PathBuf,

    /// Origin whose pages may send, such as https://shop.example, or * for all; repeatable, or separated by commas
    #[arg(long, value_name = "ORIGIN", env = "VITRUM_ALLOW_ORIGIN", value_delimiter = ',', value_parser = origin::parse)]
    pub allow_origin: Vec<String>,

    /// Host to answer to besides localhost, 127.0.0.1 and [::1] while listening on a loopback address; as the above
    #[arg(long, value_name = "HOST", env = "VITRUM_ALLOW_HOST", value_delimiter = ',', value_parser = host::parse)]
    pub allow_host: Vec<String>,

    /// Largest body as it arrives, in bytes
    #[arg(long, value_name = "BYTES", env = "VITRUM_MAX_BODY_BYTES", default_value_t = limits::BODY_BYTES)]
    pub max_body_bytes: usize,

    /// Largest body once decompressed, in bytes
    #[arg(long, value_name = "BYTES", env = "VITRUM_MAX_DECOMPRESSED_BYTES", default_value_t = limits::DECOMPRESSED_BYTES)]
    pub max_decompressed_bytes: usize,

    /// Records a minute that each service may send; over it, its pages are asked to report fewer sessions. 0 is no bound
    #[arg(long, value_name = "RECORDS", env = "VITRUM_BUDGET", default_value_t = 0)]
    pub budget: u64,

    /// Least share of the sessions that pages are asked to report
    #[arg(long, value_name = "SHARE", env = "VITRUM_RATE_FLOOR", default_value_t = limits::RATE_FLOOR, value_parser = budget::parse_share)]
    pub rate_floor: f64,

    /// Greatest share of the sessions that pages are asked to report
    #[arg(long, value_name = "SHARE", env = "VITRUM_RATE_CEILING", default_value_t = 1.0, value_parser = budget::parse_share)]
    pub rate_ceiling: f64,

    /// Seconds in which what pages were asked for fades by half, unless they are asked again
    #[arg(long, value_name = "SECONDS", env = "VITRUM_RATE_FADE", default_value_t = limits::RATE_FADE_S, value_parser = clap::value_parser!(u32).range(1..))]
    pub rate_fade: u32,

    /// Token that whoever uploads source maps must give; without one none are taken
    #[arg(long, value_name = "TOKEN", env = "VITRUM_TOKEN", hide_env_values = true)]
    pub token: Option<String>,

    /// Folder to keep each accepted body in, for `decode`
    #[arg(long, value_name = "DIR", env = "VITRUM_CAPTURE")]
    pub capture: Option<PathBuf>,

    /// What to log to the standard error: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL", env = "VITRUM_LOG_LEVEL", default_value = "info")]
    pub log_level: tracing::Level,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_flag_says_its_variable_and_its_default() {
        Options::command().debug_assert();
        let help = Options::command().render_long_help().to_string();
        for argument in Options::command().get_arguments().filter(|argument| argument.get_long().is_some()) {
            let flag = argument.get_long().unwrap();
            if ["help", "version"].contains(&flag) {
                continue;
            }
            let variable = format!("VITRUM_{}", flag.replace('-', "_").to_uppercase());
            // What a secret is set to is not printed.
            let end = if flag == "token" { "]" } else { "=" };
            assert!(help.contains(&format!("[env: {variable}{end}")), "{flag}: {help}");
        }
        for default in ["127.0.0.1:4318", "vitrum-data", "262144", "1048576", "0.01", "60", "info"] {
            assert!(help.contains(&format!("[default: {default}]")), "{default}: {help}");
        }
    }

    #[test]
    fn serve_is_the_default_and_lists_may_be_given_both_ways() {
        let parse = |arguments: &[&str]| Options::try_parse_from([&["vitrum-collector"], arguments].concat()).unwrap();
        let options = parse(&["--allow-origin", "https://a.example,https://b.example", "--allow-origin", "*"]);
        assert!(options.command.is_none());
        assert_eq!(options.serve.allow_origin, ["https://a.example", "https://b.example", "*"]);
        let Some(Command::Serve(serve)) = parse(&["serve", "--listen", "[::1]:0"]).command else { panic!("serve") };
        assert_eq!(serve.listen, "[::1]:0".parse().unwrap());
        assert!(matches!(parse(&["decode", "-"]).command, Some(Command::Decode { file }) if file.as_os_str() == "-"));
    }
}
