test_that("a tail delivers every entry and ends", {
  skip_without_library()
  tail <- cj_tail_open(canned(), "odd", "k")
  lines <- character()
  while (!is.null(entries <- cj_tail_next(tail, 5))) {
    expect_s3_class(entries, "cj_log")
    lines <- c(lines, entries$data)
  }
  expect_equal(lines, cj_log(canned(), "odd", "k")$data)
  expect_null(cj_tail_next(tail))
  summary <- cj_tail_summary(tail)
  expect_equal(summary$entries, 5)
  expect_equal(summary$job_key, "k")
  expect_output(print(tail), "cj_tail of odd: k")
})

test_that("nothing in time is a frame without rows", {
  skip_without_library()
  tail <- cj_tail_open(canned(), "silent", "k")
  while (nrow(cj_tail_next(tail, 1))) NULL
  seconds <- system.time(entries <- cj_tail_next(tail, 0.3))[["elapsed"]]
  expect_equal(dim(entries), c(0L, 5L))
  expect_equal(names(entries), names(cj_log(canned(), "odd", "k")))
  expect_gt(seconds, 0.28)
  expect_lt(seconds, 0.5)
  expect_lt(system.time(cj_tail_next(tail, 0))[["elapsed"]], 0.1)
})

test_that("without a callback the lines are printed, and drive no terminal", {
  skip_without_library()
  output <- capture.output(summary <- cj_tail(canned(), "odd", "k"))
  expect_length(output, 5L)
  expect_match(output[1], "^[0-9:.]{12} stdout plain$")
  expect_match(output[4], "stderr red\ttab", fixed = TRUE)
  expect_false(any(grepl("\033", output, fixed = TRUE)))
  expect_equal(summary$entries, 5)
})

test_that("the callback stops it, and its error comes through unchanged", {
  skip_without_library()
  client <- canned()
  calls <- 0
  cj_tail(client, "silent", "k", function(entries) {
    calls <<- calls + 1
    expect_gt(nrow(entries), 0L)
    FALSE
  })
  expect_equal(calls, 1)
  mine <- structure(
    class = c("mine", "error", "condition"), list(message = "my own", call = NULL, extra = 7)
  )
  expect_identical(tryCatch(cj_tail(client, "silent", "k", function(e) stop(mine)),
                            error = identity), mine)
  expect_equal(nrow(cj_jobs(client, "odd")), 3L)
})

test_that("the callback may use the client", {
  skip_without_library()
  client <- canned()
  rows <- NULL
  cj_tail(client, "odd", "k", function(entries) {
    rows <<- nrow(cj_jobs(client, "odd"))
  })
  expect_equal(rows, 3L)
})

test_that("following ends when its time is over", {
  skip_without_library()
  seconds <- system.time(cj_tail(canned(), "silent", "k", identity, timeout = 0.4))[["elapsed"]]
  expect_gt(seconds, 0.35)
  expect_lt(seconds, 0.8)
})

test_that("a job that cannot be followed is an error", {
  skip_without_library()
  expect_error(cj_tail(canned(), "e404", "k"), class = "connectjobs_not_found")
})
