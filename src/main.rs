use std::process::ExitCode;

fn main() -> ExitCode {
    rechtmatig::cli::start(std::env::args_os()).into()
}
