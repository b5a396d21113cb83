jobs <- function(...) {
  frame <- data.frame(
    key = c("a", "b", "c"), tag = c("run\033[2J", "build_report", NA),
    status = c(0L, 2L, NA), exit_code = c(NA, 3L, NA),
    start_time = .POSIXct(c(1e9, 1e9 + 60, NA), "UTC"),
    end_time = .POSIXct(c(NA, 1e9 + 64.2, NA), "UTC"), active = c(TRUE, FALSE, FALSE)
  )
  structure(frame, class = c("cj_jobs", "data.frame"))
}

log_of <- function(data) {
  structure(data.frame(
    timestamp = .POSIXct(1e9 + seq_along(data), "UTC"), source = "stdout", data = data
  ), class = c("cj_log", "data.frame"))
}

test_that("jobs print as a table of what matters", {
  output <- capture.output(print(jobs()))
  expect_match(output[1], "<3 jobs, 1 active>", fixed = TRUE)
  expect_match(output, "build_report finalized 3", all = FALSE, fixed = TRUE)
  expect_match(output, "4.2s", all = FALSE, fixed = TRUE)
  expect_false(any(grepl("\033", output)))
  expect_match(capture.output(print(jobs(), n = 1)), "2 more", all = FALSE)
  expect_output(print(jobs()["key"]), "key")
  expect_output(print(jobs()[0, ]), "0 jobs")
})

test_that("a log prints like a log, and drives no terminal", {
  log <- log_of(c("one", "two\033]0;title\a", "tab\there", "c1 \u009b2J", NA))
  output <- capture.output(print(log))
  expect_equal(output[1], "01:46:41.000 stdout one")
  expect_match(output[2], "two\\x1b]0;title\\x07", fixed = TRUE)
  expect_match(output[3], "tab\there", fixed = TRUE)
  expect_match(output[4], "c1 \\x9b2J", fixed = TRUE)
  expect_match(capture.output(print(log, n = 2))[1], "3 earlier lines")
  expect_output(print(log["data"]), "data")
  expect_output(print(log[0, ]), "empty")
  expect_equal(format(log[0, ]), character())
})

test_that("durations read well", {
  expect_equal(
    connectjobs:::duration(c(0, 4.25, 59.99, 61, 3599.9, 3661, NA, -1)),
    c("0.0s", "4.2s", "60.0s", "1m 01s", "1h 00m", "1h 01m", "", "")
  )
})

test_that("jobs can be plotted", {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit(unlink(file))
  expect_silent(plot(jobs()))
  expect_error(plot(jobs()[3, ]), class = "connectjobs_invalid_argument")
  grDevices::dev.off()
})
