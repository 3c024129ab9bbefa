//! `vitrum-collector sourcemaps upload`: sends the source maps of a folder to a collector.

use crate::limits;
use crate::options::UploadOptions;
use crate::source_map_files::{self, Pair};
use crate::source_maps::Upload;
use flate2::Compression;
use flate2::read::GzEncoder;
use serde_json::Value;
use std::io::Read;
use std::time::Duration;
use ureq::Agent;

/// Longer than the collector waits for a body, so that it is the one to say so.
const PATIENCE: Duration = Duration::from_secs(90);

/// Sends them one after the other and says so of each; what was sent before a failure stays.
///
/// # Errors
/// A sentence on what is wrong with the options, the folder, a map, the token or the connection.
pub fn upload(options: &UploadOptions, mut say: impl FnMut(String)) -> Result<(), String> {
    let token = options.token.as_deref().filter(|token| !token.is_empty());
    let token = token.ok_or("no token is given; give the collector's by --token or VITRUM_TOKEN")?;
    let pairs = source_map_files::find(&options.folder)?;
    let uploads: Vec<Upload> = pairs.into_iter().map(|pair| prepared(pair, options)).collect();
    // All are looked at before the first leaves: a wrong folder should change nothing.
    for upload in &uploads {
        sourcemap::decode_slice(upload.map.as_bytes()).map_err(|error| format!("the map of {} is not a source map ({error})", upload.file))?;
    }
    let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
    let agent = Agent::new_with_config(config);
    let count = uploads.len();
    for upload in uploads {
        send(&agent, options, token, &upload, &mut say)?;
    }
    let maps = if count == 1 { "1 source map is".to_owned() } else { format!("{count} source maps are") };
    say(format!("{maps} stored for release {}", options.release));
    Ok(())
}

fn prepared(Pair { file, map, script }: Pair, options: &UploadOptions) -> Upload {
    let prefix = options.url_prefix.as_deref().unwrap_or_default();
    let gap = if prefix.is_empty() || prefix.ends_with('/') { "" } else { "/" };
    let service = options.service.clone().unwrap_or_default();
    Upload { release: options.release.clone(), service, file: format!("{prefix}{gap}{file}"), map, script }
}

fn send(agent: &Agent, options: &UploadOptions, token: &str, upload: &Upload, say: &mut impl FnMut(String)) -> Result<(), String> {
    let file = &upload.file;
    let text = serde_json::to_vec(upload).map_err(|error| format!("cannot write {file}: {error}"))?;
    let mut body = Vec::new();
    GzEncoder::new(text.as_slice(), Compression::default()).read_to_end(&mut body).map_err(|error| error.to_string())?;
    if body.len() > limits::MAP_BODY_BYTES || text.len() > limits::MAP_BYTES {
        let (whole, most) = (text.len(), limits::MAP_BYTES);
        return Err(format!(
            "the map of {file} is too large: with its script it has {whole} bytes ({} compressed), and the collector takes {most} \
             ({} compressed); split the bundle, or leave out sourcesContent",
            body.len(),
            limits::MAP_BODY_BYTES
        ));
    }
    let address = format!("{}/api/sourcemaps", options.to.trim_end_matches('/'));
    let answer = agent
        .post(&address)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .send(&body[..]);
    let mut answer = answer.map_err(|error| format!("cannot reach the collector at {}: {error}", options.to))?;
    let status = answer.status();
    let said: Value = answer.body_mut().read_to_string().ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if !status.is_success() {
        let sentence = said.get("error").and_then(Value::as_str);
        return Err(sentence.map_or_else(|| format!("{address} answered with status {status}; is it a collector?"), str::to_owned));
    }
    say(format!("{file} ({} bytes)", said.get("stored_bytes").and_then(Value::as_u64).unwrap_or_default()));
    for release in said.get("dropped_releases").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        say(format!("the maps of release {release} had to go, as all together were too large"));
    }
    Ok(())
}
