# The sandbox: a Connect on this machine, as a process that ends with its client or with R.

cj_sandbox <- function(content = NULL, program = NULL, options = character(), timeout = 30) {
  if (is.null(content)) {
    content <- system.file("sandbox", package = "connectjobs")
  }
  content <- path.expand(check_string(content, "content", "the path of one folder"))
  if (!dir.exists(content)) argument_error("`content` is not a folder: ", content)
  if (!is.character(options) || anyNA(options)) {
    argument_error("`options` must be a character vector.")
  }
  limit <- check_number(timeout, "timeout", "a number of seconds, 0 or more", 0)
  load_library()
  program <- find_sandbox(program)
  key <- basename(tempfile("sandbox-"))
  command <- c(
    program, "--port", "0", "--api-key", key, "--content", normalizePath(content), options
  )
  sandbox <- start_sandbox(command)
  tryCatch(
    {
      client <- cj_client(await_sandbox(sandbox, limit), key, proxy = "")
      client$sandbox <- sandbox
      client
    },
    error = function(condition) {
      stop_sandbox(sandbox)
      stop(condition)
    },
    interrupt = function(condition) {
      stop_sandbox(sandbox)
      .Call(C_interrupt)
    }
  )
}

sandbox_file <- "connect-sandbox"

# What was asked for, or the one next to the library that is in use, or on the PATH.
find_sandbox <- function(program) {
  if (!is.null(program)) {
    candidates <- path.expand(check_string(program, "program", "the path of one program"))
  } else {
    beside <- file.path(dirname(.Call(C_library)$path), sandbox_file)
    on_path <- Sys.which(sandbox_file)[[1L]]
    candidates <- c(beside, if (nzchar(on_path)) on_path)
  }
  found <- candidates[file.access(candidates, 1L) == 0L]
  if (!length(found)) {
    sandbox_error(
      "connect-sandbox was not found. Tried: ", paste(candidates, collapse = ", "),
      if (is.null(program)) ", and the PATH. Give its path as `program`."
    )
  }
  normalizePath(found[1L])
}

sandbox_error <- function(...) {
  stop(new_condition(list(
    status = "CONFIGURATION", http_status = NA_integer_, code = NA_real_, operation = "sandbox",
    url = NA_character_, retryable = FALSE, message = paste0(...)
  )))
}

# In a session of its own where that is possible: Ctrl-C in a terminal is meant for R.
start_sandbox <- function(command) {
  sandbox <- new.env(parent = emptyenv())
  sandbox$owner <- Sys.getpid()
  sandbox$files <- tempfile(paste0("sandbox-", c("out", "err", "pid", "ended"), "-"))
  names(sandbox$files) <- c("out", "err", "pid", "ended")
  detach <- Sys.which("setsid")[[1L]]
  script <- system.file("run_sandbox.sh", package = "connectjobs")
  words <- c(if (nzchar(detach)) detach, "sh", script, sandbox$files, command)
  sandbox$pipe <- pipe(paste("exec", paste(shQuote(words), collapse = " ")), "w")
  reg.finalizer(sandbox, stop_sandbox, onexit = TRUE)
  sandbox
}

ready_pattern <- "^connect-sandbox: listening on "

# Its address, once it says so.
await_sandbox <- function(sandbox, seconds) {
  end <- proc.time()[["elapsed"]] + seconds
  repeat {
    lines <- read_lines(sandbox$files[["out"]])
    ready <- grep(ready_pattern, lines, value = TRUE)
    if (length(ready)) {
      return(sub(ready_pattern, "", ready[1L]))
    }
    said <- paste(c(lines, read_lines(sandbox$files[["err"]])), collapse = "\n")
    if (file.exists(sandbox$files[["ended"]])) {
      sandbox_error("connect-sandbox ended before it was ready:\n", said)
    }
    if (proc.time()[["elapsed"]] > end) {
      sandbox_error("connect-sandbox was not ready within ", seconds, " s:\n", said)
    }
    Sys.sleep(0.02)
  }
}

read_lines <- function(path) {
  if (file.exists(path)) readLines(path, warn = FALSE) else character()
}

# Also the finalizer; in a forked child it is not ours to stop. By its id first: a program that R
# started meanwhile may hold the pipe open, and closing it would then not be noticed.
stop_sandbox <- function(sandbox) {
  if (is.null(sandbox$pipe) || sandbox$owner != Sys.getpid()) {
    return(invisible())
  }
  pid <- suppressWarnings(as.integer(read_lines(sandbox$files[["pid"]])))
  if (length(pid) == 1L && !is.na(pid) && !file.exists(sandbox$files[["ended"]])) {
    tools::pskill(pid)
  }
  close(sandbox$pipe)
  sandbox$pipe <- NULL
  unlink(sandbox$files)
  invisible()
}
