# Servers for the tests, started once each and stopped when the tests end.

servers <- new.env()

# The canned answers of canned.py, as a client. Without retries, unless asked for.
canned <- function(...) {
  if (is.null(servers$canned)) {
    servers$canned <- connectjobs:::start_sandbox(c("python3", test_path("canned.py")))
    servers$address <- connectjobs:::await_sandbox(servers$canned, 20)
  }
  options <- list(...)
  if (is.null(options$max_retries)) options$max_retries <- 0
  do.call(cj_client, c(list(servers$address, "key", proxy = ""), options))
}

# A sandbox with the package's own content. CONNECTJOBS_SANDBOX: for tests of a checkout.
sandbox <- function() {
  program <- Sys.getenv("CONNECTJOBS_SANDBOX", unset = NA)
  if (is.null(servers$sandbox)) {
    servers$sandbox <- tryCatch(
      cj_sandbox(program = if (!is.na(program)) program),
      connectjobs_configuration = function(condition) skip(conditionMessage(condition))
    )
  }
  servers$sandbox
}

skip_without_library <- function() {
  tryCatch(
    invisible(cj_library()),
    connectjobs_error = function(condition) skip(conditionMessage(condition))
  )
}

# Runs R code in a process of its own; what it printed. The package comes from the same library.
# `limit`: what the shell does before.
run_r <- function(code, env = character(), status = 0, limit = "") {
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  paths <- paste(vapply(.libPaths(), deparse, ""), collapse = ", ")
  writeLines(c(sprintf(".libPaths(c(%s))", paths), "library(connectjobs)", code), script)
  rscript <- file.path(R.home("bin"), "Rscript")
  command <- paste(limit, "exec", rscript, "--vanilla", script)
  output <- suppressWarnings(
    system2("sh", c("-c", shQuote(command)), stdout = TRUE, stderr = TRUE, env = env)
  )
  actual <- attr(output, "status")
  if (is.null(actual)) actual <- 0
  testthat::expect_equal(actual, status, info = paste(output, collapse = "\n"))
  as.character(output)
}

# R code that makes a client of the canned server, for run_r().
canned_client <- function() {
  invisible(canned())
  sprintf("client <- cj_client('%s', 'key', max_retries = 0, proxy = '')", servers$address)
}

# The lines of the canned log "large", as R has them.
large_lines <- function() {
  number <- seq_len(5000L) - 1L
  kinds <- c("line %d", "", "caf\u00e9 \U0001F600 %d", "nul \u2400 %d", NA, "same")
  lines <- kinds[number %% 6L + 1L]
  counted <- grepl("%d", lines, fixed = TRUE)
  lines[counted] <- mapply(function(kind, i) sub("%d", i, kind), lines[counted], number[counted])
  lines
}

with_env <- function(name, value, code) {
  old <- Sys.getenv(name, unset = NA)
  on.exit(if (is.na(old)) Sys.unsetenv(name) else do.call(Sys.setenv, setNames(list(old), name)))
  do.call(Sys.setenv, setNames(list(value), name))
  code
}
