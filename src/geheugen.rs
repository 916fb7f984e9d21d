//! What a stage freed goes back to the system before the next one asks for more.

/// glibc keeps freed blocks of megabytes for itself; on other systems this does nothing.
pub fn geef_vrij() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim only gives back memory that nothing uses; any thread may call it.
    unsafe {
        libc::malloc_trim(0);
    }
}
