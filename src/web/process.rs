//! What this process costs, as the system tells it. The camera's process is another.

use std::time::Duration;

/// Processor time so far, where the system tells it.
pub(super) fn cpu() -> Option<Duration> {
    Some(cpu_time::ProcessTime::try_now().ok()?.as_duration())
}

/// Memory in use in bytes, where the system tells it: the `VmRSS` of proc_pid_status(5), in units
/// of 1024 bytes.
pub(super) fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}
