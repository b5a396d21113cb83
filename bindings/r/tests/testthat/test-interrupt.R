# 200 interrupts where time does not matter.
some_times <- if (nzchar(Sys.getenv("CONNECTJOBS_LONG_TESTS"))) 25 else 4

# How long calls take to stop after Ctrl-C, in ms, and what R gives after each.
interrupt <- function(calls, times = some_times, after = "nrow(cj_jobs(client, 'odd'))") {
  paths <- paste(vapply(.libPaths(), deparse, ""), collapse = ", ")
  setup <- paste(
    sprintf(".libPaths(c(%s));", paths), "library(connectjobs);", canned_client(),
    "; tail <- cj_tail_open(client, 'silent', 'k'); file <- tempfile()"
  )
  script <- test_path("interrupt.py")
  output <- system2("python3", c(script, times), input = c(setup, after, calls), stdout = TRUE)
  expect_null(attr(output, "status"), info = paste(output, collapse = "\n"))
  pattern <- "^([0-9]+) ([0-9]+) (.*)$"
  data.frame(
    call = calls[seq_along(output)], median = as.integer(sub(pattern, "\\1", output)),
    slowest = as.integer(sub(pattern, "\\2", output)),
    after = sub(pattern, "\\3", output)
  )
}

test_that("Ctrl-C stops a call within 100 ms, and the next one works", {
  skip_without_library()
  calls <- c(
    "cj_jobs(client, 'silent')",
    "cj_jobs_many(client, c('odd', 'silent'))",
    "cj_download(client, 'silent', 'k', file)",
    "cj_wait(client, 'odd', 'first')",
    "cj_kill(client, 'odd', 'first', wait = TRUE)",
    "cj_tail(client, 'silent', 'k', invisible)",
    "repeat cj_tail_next(tail)",
    "tryCatch(cj_jobs(client, 'silent'), interrupt = function(condition) 'caught')"
  )
  result <- interrupt(calls)
  expect_equal(nrow(result), length(calls))
  expect_equal(result$after, rep("[1] 3", length(calls)))
  cat("\nCtrl-C, the slowest of", length(calls) * some_times, "in ms:", max(result$slowest), "\n")
  # A machine that is busy may be slow once, which is no fault of the call.
  for (i in seq_along(calls)) {
    expect_lt(result$median[i], 100, label = calls[i])
    expect_lt(result$slowest[i], 1000, label = calls[i])
  }
})

test_that("a tail can be read on after Ctrl-C, and a download leaves nothing", {
  skip_without_library()
  result <- interrupt("repeat cj_tail_next(tail)", 1, "nrow(cj_tail_next(tail, 0))")
  expect_equal(result$after, "[1] 0")
  result <- interrupt(
    "cj_download(client, 'silent', 'k', file)", 1, "length(list.files(dirname(file)))"
  )
  expect_equal(result$after, "[1] 0")
})

# Sends SIGINT to an Rscript that is inside a call; its output and exit status.
interrupt_rscript <- function(code) {
  script <- paste(c(canned_client(), "cat('begin\\n')", code, "cat('after\\n')"), collapse = "\n")
  paths <- paste(vapply(.libPaths(), deparse, ""), collapse = ", ")
  file <- tempfile(fileext = ".R")
  output <- tempfile()
  on.exit(unlink(c(file, output)))
  writeLines(c(sprintf(".libPaths(c(%s))", paths), "library(connectjobs)", script), file)
  # Not in the background of a shell, which would have it ignore SIGINT.
  command <- paste(
    "import signal, subprocess, sys, time;",
    "p = subprocess.Popen(sys.argv[2:], stdout=open(sys.argv[1], 'w'), stderr=subprocess.STDOUT);",
    "[time.sleep(0.05) for i in range(200) if 'begin' not in open(sys.argv[1]).read()];",
    "time.sleep(0.4); p.send_signal(signal.SIGINT); sys.exit(p.wait(10))"
  )
  rscript <- file.path(R.home("bin"), "Rscript")
  words <- c("-c", shQuote(command), output, rscript, "--vanilla", file)
  status <- system2("python3", words)
  list(status = status, output = readLines(output))
}

test_that("in Rscript an interrupt ends the script, after the library has cleaned up", {
  skip_without_library()
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  call <- sprintf("cj_download(client, 'silent', 'k', '%s/log')", folder)
  result <- interrupt_rscript(call)
  expect_equal(result$status, 1L)
  expect_match(result$output, "Execution halted", all = FALSE)
  expect_false("after" %in% result$output)
  expect_equal(list.files(folder, all.files = TRUE, no.. = TRUE), character())
})

test_that("in Rscript an interrupt can be caught", {
  skip_without_library()
  result <- interrupt_rscript(c(
    "tryCatch(cj_jobs(client, 'silent'), interrupt = function(condition) cat('caught\\n'))",
    "cat(nrow(cj_jobs(client, 'odd')), '\\n')"
  ))
  expect_equal(result$status, 0L)
  expect_equal(result$output, c("begin", "caught", "3 ", "after"))
})

test_that("a time limit stops a call with R's own error", {
  skip_without_library()
  output <- run_r(c(
    canned_client(),
    "limited <- function() {",
    "  setTimeLimit(elapsed = 0.5, transient = TRUE)",
    "  cj_jobs(client, 'silent')",
    "}",
    "message <- tryCatch(limited(), error = conditionMessage)",
    "setTimeLimit()",
    "cat(message, nrow(cj_jobs(client, 'odd')), '\\n')"
  ))
  expect_match(output, "time limit 3", all = FALSE)
})
