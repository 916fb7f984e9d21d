//! Windows.

use std::ffi::c_int;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::ptr::null_mut;
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR,
    SetFileSecurityW,
};
use windows_sys::Win32::System::Console::GetConsoleProcessList;
use windows_sys::Win32::System::ProcessStatus::{K32GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
use windows_sys::Win32::System::SystemInformation::{GlobalMemoryStatusEx, MEMORYSTATUSEX};
use windows_sys::Win32::System::Threading::GetCurrentProcess;

/// All rights to the owner, none to others; what is made in the folder takes that over.
const OWNER_ONLY: &str = "D:P(A;OICI;FA;;;OW)";

/// Windows has no step that changes two folders over.
pub(crate) fn change_over(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

fn wide(text: &std::ffi::OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}

/// A file or folder that only its owner can read, also once it is moved elsewhere on the disk.
pub(crate) fn for_owner_only(path: &Path) -> io::Result<()> {
    // The whole path in its long form: this call has no other way past 260 characters.
    let name = wide(path.canonicalize()?.as_os_str());
    let rights = wide(OWNER_ONLY.as_ref());
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    // SAFETY: the text ends with a NUL; on success the descriptor is ours to free.
    let made = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            rights.as_ptr(),
            SDDL_REVISION_1,
            &mut descriptor,
            null_mut(),
        )
    };
    if made == 0 {
        return Err(io::Error::last_os_error());
    }
    let what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // SAFETY: the name ends with a NUL, and the descriptor was made above.
    let set = unsafe { SetFileSecurityW(name.as_ptr(), what, descriptor) };
    let error = io::Error::last_os_error();
    // SAFETY: the descriptor was made above, and isn't used after this.
    unsafe { LocalFree(descriptor) };
    if set == 0 { Err(error) } else { Ok(()) }
}

/// Can everybody who uses this machine read the file? Here a folder says that of what is in it.
pub(crate) fn is_open_to_all(_: &File) -> bool {
    false
}

/// Reads bytes from a place in a file, whatever else reads from it.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Opens a file; who may read it follows from the folder that it is in.
pub(crate) fn open_for_owner(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.open(path)
}

/// A folder can't be told to be kept: the disk does so by itself.
pub(crate) fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// What the C library makes of Ctrl-C, of being asked to stop, and of Ctrl-Break or a window that
/// is closed.
pub(crate) fn stop_signals() -> Vec<c_int> {
    const BREAK: c_int = 21;
    vec![signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, BREAK]
}

/// Bytes of memory that this process uses, where the system tells.
pub(crate) fn memory_in_use() -> Option<u64> {
    let mut counters = PROCESS_MEMORY_COUNTERS::default();
    let size = u32::try_from(size_of::<PROCESS_MEMORY_COUNTERS>()).ok()?;
    // SAFETY: the process is this one, and the counters are as large as said.
    let told = unsafe { K32GetProcessMemoryInfo(GetCurrentProcess(), &mut counters, size) };
    (told != 0).then_some(counters.WorkingSetSize as u64)
}

/// A limit on a process needs a job there: that ends when the one that started it does is enough.
pub(crate) fn limit_this_process(bytes: u64, seconds: u64) {
    let _ = (bytes, seconds);
}

/// Did a process end past a limit? Here it has none.
pub(crate) fn ended_by_limit(_: ExitStatus) -> bool {
    false
}

/// Bytes of memory that this machine has; `None` where the system doesn't tell.
pub(crate) fn memory_of_machine() -> Option<u64> {
    let mut status = MEMORYSTATUSEX {
        dwLength: u32::try_from(size_of::<MEMORYSTATUSEX>()).ok()?,
        ..MEMORYSTATUSEX::default()
    };
    // SAFETY: the structure says how large it is.
    (unsafe { GlobalMemoryStatusEx(&mut status) } != 0).then_some(status.ullTotalPhys)
}

/// Opens a page in the program that the user has for it.
pub(crate) fn open_on_screen(page: &Path) -> io::Result<()> {
    let mut command = Command::new("explorer");
    command.arg(path_for_people(page));
    // What it ends with says nothing: it passes the page on.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

/// Was the program started by itself, as by dragging a folder onto it, with a window that closes
/// when it ends? Then it is the only one in its console.
pub(crate) fn started_from_desktop() -> bool {
    let mut processes = [0_u32; 2];
    // SAFETY: the list is as long as said.
    unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 2) == 1 }
}

/// A path as programs of people know it: without the mark of the form that has no limit.
fn path_for_people(path: &Path) -> PathBuf {
    match path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(text) => match text.strip_prefix(r"UNC\") {
            Some(share) => PathBuf::from(format!(r"\\{share}")),
            None => PathBuf::from(text),
        },
        None => path.to_owned(),
    }
}
