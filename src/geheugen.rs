//! Memory: how much there is, how much is in use, and giving back what isn't needed any more.

/// Sets how the allocator keeps memory: what was freed stays at hand while a stage goes on, and large
/// blocks, which grow without being copied, go back at once. For glibc; elsewhere this does nothing.
pub fn stel_in() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for (wat, bytes) in [
        (libc::M_MMAP_THRESHOLD, 4 << 20),
        (libc::M_TRIM_THRESHOLD, 8 << 20),
        (libc::M_TOP_PAD, 1 << 20),
    ] {
        // SAFETY: mallopt only changes settings; no other thread runs yet.
        unsafe {
            libc::mallopt(wat, bytes);
        }
    }
}

/// Asks for large pages for the room that a list of millions reserved: it is looked at in any order,
/// and fewer pages are found sooner. For Linux; elsewhere this does nothing.
pub fn vraag_grote_bladen<T>(lijst: &mut Vec<T>) {
    #[cfg(target_os = "linux")]
    {
        let vrij = lijst.spare_capacity_mut();
        let blad = systeemwaarde(libc::_SC_PAGESIZE).unwrap_or(4096) as usize;
        let voor = vrij.as_ptr().cast::<u8>().align_offset(blad);
        let bytes = size_of_val(vrij).saturating_sub(voor) / blad * blad;
        if bytes > 0 {
            // SAFETY: whole pages inside a block that the list owns; the advice changes no content.
            unsafe {
                let begin = vrij.as_mut_ptr().cast::<u8>().add(voor);
                libc::madvise(begin.cast(), bytes, libc::MADV_HUGEPAGE);
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = lijst;
}

/// What a stage freed goes back to the system before the next one asks for more. glibc keeps freed
/// blocks of megabytes for itself; on other systems this does nothing.
pub fn geef_vrij() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim only gives back memory that nothing uses; any thread may call it.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Bytes of memory that this process uses, where the system tells.
pub fn in_gebruik() -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
        let bladen: u64 = statm.split(' ').nth(1)?.parse().ok()?;
        Some(bladen * systeemwaarde(libc::_SC_PAGESIZE)?)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Bytes of memory that this machine has, or that the container may use; `None` where the system
/// doesn't tell.
pub fn van_machine() -> Option<u64> {
    #[cfg(unix)]
    {
        let machine =
            systeemwaarde(libc::_SC_PHYS_PAGES)?.checked_mul(systeemwaarde(libc::_SC_PAGESIZE)?)?;
        let container = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
        let container = container.and_then(|tekst| tekst.trim().parse().ok());
        Some(container.map_or(machine, |grens: u64| grens.min(machine)))
    }
    #[cfg(not(unix))]
    None
}

#[cfg(unix)]
fn systeemwaarde(naam: libc::c_int) -> Option<u64> {
    // SAFETY: sysconf reads a number of the system; an unknown name gives -1.
    u64::try_from(unsafe { libc::sysconf(naam) }).ok()
}
