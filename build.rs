//! Says what this program is made of, so that what one build of a site left is believed by the same program only,
//! wherever it was compiled.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// FNV-1a: the same everywhere, and nothing here needs more.
fn add(mut hash: u64, bytes: &[u8]) -> u64 {
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

fn files(at: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    if at.is_dir() {
        for entry in fs::read_dir(at)? {
            files(&entry?.path(), into)?;
        }
    } else {
        into.push(at.to_owned());
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut all = Vec::new();
    for part in ["src", "themes", "Cargo.toml", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={part}");
        if Path::new(part).exists() {
            files(Path::new(part), &mut all)?;
        }
    }
    all.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for file in all {
        hash = add(hash, file.to_string_lossy().replace('\\', "/").as_bytes());
        hash = add(hash, &fs::read(file)?);
    }
    println!("cargo:rustc-env=HEARTNET_SOURCES={hash:016x}");
    lie_still();
    Ok(())
}

/// Lets the linker decide where the program lies. Where the system decides, it puts right every address that stands in
/// the program before the first line runs, and a copy of all of them stays in memory: of the tables of names that come
/// with minify-html alone ten megabytes, of which hardly one is ever looked at.
fn lie_still() {
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    // A program with its own libc is put together in another way.
    let own_libc = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && !own_libc {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
