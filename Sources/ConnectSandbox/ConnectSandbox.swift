/// `connect-sandbox`: a Posit Connect on this machine that runs real processes as jobs.
///
/// The way through: `SandboxCommand` reads the options and starts what is needed; `Server/` answers
/// requests; `Content/` are the folders that can be run; `Jobs/` runs them as processes and reads
/// their output; `Logs/` keeps it on disk and writes it in the API's forms; `Wire/` are small tools.
@main
enum ConnectSandbox {
  static func main() async {
    let arguments = CommandLine.arguments
    if arguments.count > 1, arguments[1] == ProcessGuard.flag {
      ProcessGuard.run(folder: arguments.count > 2 ? arguments[2] : nil)
    } else {
      await SandboxCommand.main()
    }
  }
}
