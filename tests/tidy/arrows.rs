//! The arrows between rooms: what src/README.md draws is what the manifests allow.

use std::collections::BTreeSet;
use toml::{Table, Value};
use vitrum_tests::{files, read};

/// The name of a room; crates of others have none.
fn room(package: &str) -> Option<&str> {
    if package == "vitrum" { Some(package) } else { package.strip_prefix("vitrum-") }
}

/// What is shipped of this manifest needs these.
fn dependencies(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten().map(|(_, target)| target);
    let of_targets = targets.filter_map(|target| target.get("dependencies"));
    let all = manifest.get("dependencies").into_iter().chain(of_targets);
    all.filter_map(Value::as_table).flat_map(|table| table.keys().cloned()).collect()
}

fn built() -> BTreeSet<String> {
    let manifests: Vec<_> = files().into_iter().filter(|file| file.name() == "Cargo.toml").collect();
    assert!(manifests.len() > 5, "found only {} manifests", manifests.len());
    let mut arrows = BTreeSet::new();
    for file in manifests {
        let manifest: Table = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let package = manifest["package"]["name"].as_str().unwrap_or_default();
        let from = room(package).unwrap_or_else(|| panic!("{} is no room: {package}", file.path));
        for dependency in dependencies(&manifest) {
            if let Some(to) = room(&dependency) {
                arrows.insert(format!("{from} -> {to}"));
            }
        }
    }
    arrows
}

#[test]
fn the_map_has_the_arrows_of_the_manifests() {
    let map = read("src/README.md");
    let block = map.split("```arrows\n").nth(1).and_then(|rest| rest.split("```").next());
    let block = block.expect("src/README.md has a block ```arrows");
    let drawn: BTreeSet<String> = block.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    assert_eq!(drawn, built(), "left: src/README.md; right: the manifests");
}

#[test]
fn every_folder_of_src_is_in_the_map() {
    let map = read("src/README.md");
    let rooms: BTreeSet<String> = files()
        .iter()
        .filter_map(|file| file.path.strip_prefix("src/")?.split_once('/').map(|(room, _)| room.to_owned()))
        .collect();
    assert!(rooms.contains("core"));
    for room in rooms {
        assert!(map.contains(&format!("`{room}/`")), "src/README.md does not name the room `{room}/`");
    }
}
