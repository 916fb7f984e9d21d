//! Memory: how much a command may use, and giving back what isn't needed any more.

use super::system::{memory_in_use, memory_of_machine};
use std::sync::atomic::{AtomicU64, Ordering};

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

/// Bytes that a command may use, as the user said it, or half of what the machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget(u64);

/// Bytes beside a budget, for the program itself, and for what each thread has in hand.
const BESIDE: u64 = 100_000_000;
const PER_THREAD: u64 = 8_000_000;
/// Bytes that a process needs to read any file, beside a budget that is smaller or not.
const OF_READER: u64 = 200_000_000;

impl Budget {
    pub(crate) fn new(bytes: Option<u64>) -> Budget {
        Budget(bytes.or_else(|| memory_of_machine().map(|all| all / 2)).unwrap_or(u64::MAX))
    }

    pub(crate) fn bytes(self) -> u64 {
        self.0
    }

    /// Bytes that a process may use that reads a file for this one.
    pub(crate) fn of_reader(self) -> u64 {
        self.0.max(OF_READER).saturating_add(OF_READER)
    }

    /// Is more in use than there is, also when what is free goes back?
    pub(crate) fn is_spent(self) -> bool {
        self.is_spent_with(0)
    }

    /// The same with so many bytes more.
    pub(crate) fn is_spent_with(self, more: u64) -> bool {
        let beside = BESIDE + PER_THREAD * rayon::current_num_threads() as u64;
        let most = self.0.saturating_add(beside);
        let spent = || memory_in_use().is_some_and(|used| used.saturating_add(more) > most);
        spent() && {
            allocator::release();
            spent()
        }
    }
}

/// Bytes that one kind of thing may take, and has taken; whoever adds to it tells.
#[derive(Debug)]
pub(crate) struct Allowance {
    most: u64,
    taken: AtomicU64,
}

impl Allowance {
    pub(crate) fn new(most: u64) -> Allowance {
        Allowance { most, taken: AtomicU64::new(0) }
    }

    /// Takes so many bytes; `false` where there was no room for them.
    pub(crate) fn take(&self, bytes: u64) -> bool {
        self.taken.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= self.most
    }

    /// Was more asked than there is?
    pub(crate) fn is_spent(&self) -> bool {
        self.taken.load(Ordering::Relaxed) > self.most
    }
}

/// As much as there is.
impl Default for Allowance {
    fn default() -> Allowance {
        Allowance::new(u64::MAX)
    }
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::new(None)
    }
}
