//! Linux, macOS and their kin.

use std::ffi::c_int;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Changes two folders over in one step; `false` where the system or the disk can't.
#[cfg(target_os = "linux")]
pub(crate) fn change_over(one: &Path, other: &Path) -> io::Result<bool> {
    use std::os::unix::ffi::OsStrExt;
    let name = |path: &Path| std::ffi::CString::new(path.as_os_str().as_bytes());
    let (one, other) = (name(one)?, name(other)?);
    // SAFETY: both names end with a NUL and outlive the call.
    let outcome = unsafe {
        libc::renameat2(
            libc::AT_FDCWD,
            one.as_ptr(),
            libc::AT_FDCWD,
            other.as_ptr(),
            libc::RENAME_EXCHANGE,
        )
    };
    if outcome == 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::EINVAL | libc::ENOSYS | libc::EPERM) => Ok(false),
        _ => Err(error),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn change_over(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// A file or folder that only its owner can read, also once it is moved elsewhere.
pub(crate) fn for_owner_only(path: &Path) -> io::Result<()> {
    let is_dir = fs::symlink_metadata(path)?.is_dir();
    fs::set_permissions(path, fs::Permissions::from_mode(if is_dir { 0o700 } else { 0o600 }))
}

/// Can everybody who uses this machine read the file?
pub(crate) fn is_open_to_all(file: &File) -> bool {
    file.metadata().is_ok_and(|data| data.permissions().mode() & 0o004 != 0)
}

/// Reads bytes from a place in a file, whatever else reads from it.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

/// Opens a file; one that this makes is for its owner only from the start.
pub(crate) fn open_for_owner(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.mode(0o600).open(path)
}

/// Has the disk keep what a folder is said to hold.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    match File::open(dir)?.sync_all() {
        // Some network disks can't.
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => Ok(()),
        outcome => outcome,
    }
}

/// Signals that ask the program to stop.
pub(crate) fn stop_signals() -> Vec<c_int> {
    let mut signals = vec![libc::SIGINT, libc::SIGTERM, libc::SIGQUIT];
    if !is_ignored(libc::SIGHUP) {
        signals.push(libc::SIGHUP);
    }
    signals
}

/// Was this signal ignored when the program began, as `nohup` has it?
fn is_ignored(signal: c_int) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action this only fills in the one that holds.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Bytes of memory that this process uses, where the system tells.
#[cfg(target_os = "linux")]
pub(crate) fn memory_in_use() -> Option<u64> {
    let statm = fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * system_value(libc::_SC_PAGESIZE)?)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn memory_in_use() -> Option<u64> {
    None
}

/// This process may use so many bytes of memory and seconds of work from now on, and ends past that.
pub(crate) fn limit_this_process(bytes: u64, seconds: u64) {
    for (what, most) in
        [(libc::RLIMIT_AS, bytes), (libc::RLIMIT_CPU, seconds), (libc::RLIMIT_CORE, 0)]
    {
        let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
        // SAFETY: the call only reads the limit. One that the system can't set holds no worse.
        unsafe { libc::setrlimit(what, &raw const limit) };
    }
}

/// Did a process end past a limit, and not by itself? The system ends one that works on, and one that
/// gets no memory ends as if it had found a fault in itself.
pub(crate) fn ended_by_limit(status: ExitStatus) -> bool {
    status.signal().is_some()
}

/// Bytes of memory that this machine has, or that the container may use; `None` where the system
/// doesn't tell.
pub(crate) fn memory_of_machine() -> Option<u64> {
    let machine =
        system_value(libc::_SC_PHYS_PAGES)?.checked_mul(system_value(libc::_SC_PAGESIZE)?)?;
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let container = container.and_then(|text| text.trim().parse().ok());
    Some(container.map_or(machine, |limit: u64| limit.min(machine)))
}

fn system_value(name: c_int) -> Option<u64> {
    // SAFETY: sysconf reads a number of the system; an unknown name gives -1.
    u64::try_from(unsafe { libc::sysconf(name) }).ok()
}

/// Opens a page in the program that the user has for it.
pub(crate) fn open_on_screen(page: &Path) -> io::Result<()> {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(opener);
    command.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{opener}: {status}"))) }
}

/// Was the program started by itself, with a window that closes when it ends? Here it never is.
pub(crate) fn started_from_desktop() -> bool {
    false
}
