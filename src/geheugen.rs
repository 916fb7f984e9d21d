//! Memory: how much there is, how much is in use, and giving back what isn't needed any more.

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
