//! Memory: giving back what isn't needed any more.

use super::system::memory_in_use;

/// The allocator for Linux on ordinary machines: what one stage freed another takes, so that the
/// system has to find and empty far fewer pages, and it gives back what is free when asked. Elsewhere
/// the system's own does.
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod allocator {
    use std::ffi::c_char;
    use std::ptr::null_mut;

    #[global_allocator]
    static BEHEER: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

    /// Looked for by the allocator when it starts: few pools, since each keeps some for itself.
    /// Large pages would save some time on the lines of a dossier, but where a virtual machine gave
    /// back what it didn't use, its host must find each anew: they cost three times what they save.
    // SAFETY: the name is the allocator's own for this, and a pointer to a C string what it expects.
    #[unsafe(export_name = "_rjem_malloc_conf")]
    static INSTELLING: Option<&'static c_char> = Some(unsafe { &*c"narenas:4".as_ptr() });

    pub(crate) fn release() {
        // All pools at once: jemalloc's MALLCTL_ARENAS_ALL.
        let purge = c"arena.4096.purge".as_ptr();
        // SAFETY: this control takes and gives no value; any thread may ask for it.
        unsafe {
            tikv_jemalloc_sys::mallctl(purge, null_mut(), null_mut(), null_mut(), 0);
        }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
mod allocator {
    pub(crate) fn release() {}
}

/// What a stage freed goes back to the system before the next one asks for more, where there is much
/// of it: found again it costs more than it is worth. Only where the allocator can.
pub(crate) fn release() {
    /// Bytes in use below which what is free may stay.
    const FEW: u64 = 1 << 29;
    if memory_in_use().is_none_or(|bytes| bytes > FEW) {
        allocator::release();
    }
}
