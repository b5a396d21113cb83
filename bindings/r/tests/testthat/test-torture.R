# Every function with a collection at every allocation that R makes: what C does not protect is gone
# then. Without R's own compiler, which would be tortured as well.

# `calls`: R code whose value must be TRUE. plot() and cj_sandbox() are given fewer collections:
# nearly all of their allocations are those of the graphics system and of R's files and processes.
tortured <- function(calls, step = 1) {
  skip_without_library()
  skip_if(!nzchar(Sys.getenv("CONNECTJOBS_LONG_TESTS")), "It takes a minute")
  lines <- sprintf(
    "invisible(gctorture2(%d)); good <- %s; invisible(gctorture2(0)); stopifnot(isTRUE(good))",
    step, calls
  )
  output <- run_r(c(canned_client(), lines, "cat('survived\\n')"), "R_ENABLE_JIT=0")
  expect_equal(output, "survived")
}

test_that("what asks the server", {
  tortured(c(
    "nrow(cj_content(client)) == 1",
    "identical(cj_jobs(client, 'odd')$status, c(0L, 2L, NA))",
    "nrow(cj_jobs_many(client, c('odd', 'e404'))) == 4",
    "cj_job(client, 'odd', 'first')$pid == '77'",
    "nchar(cj_log(client, 'odd', 'k', exact = TRUE)$timestamp_exact[5]) == 30",
    "cj_job_error(client, 'odd', 'k')$code == 'x'",
    "file.exists(cj_download(client, 'odd', 'k', tempfile()))",
    "identical(cj_kill(client, 'odd', c('a', 'idle'))$code, c(NA, 163L))",
    "cj_kill_active(client, 'odd')$job_key == 'first'",
    "cj_wait(client, 'odd', 'second')$status == 2L",
    "cj_library()$abi == 1L",
    "tryCatch(cj_jobs(client, 'e404'), connectjobs_not_found = function(e) e$code == 4)",
    "tryCatch(cj_jobs(client, NULL), connectjobs_invalid_argument = function(e) TRUE)",
    "is.null(close(client))"
  ))
})

test_that("what follows", {
  tortured(c(
    "inherits(tail <- cj_tail_open(client, 'odd', 'k'), 'cj_tail')",
    "nrow(cj_tail_next(tail, 5)) > 0",
    "cj_tail_summary(tail)$job_key == 'k'",
    "is.null(cj_tail_close(tail))",
    "cj_tail(client, 'odd', 'k', function(entries) nrow(entries))$entries == 5",
    "length(capture.output(cj_tail(client, 'odd', 'k'))) == 5",
    "tryCatch(cj_tail(client, 'odd', 'k', function(e) stop('mine')), error = function(e) TRUE)"
  ))
})

test_that("what makes a client", {
  invisible(canned())
  tortured(sprintf(
    "inherits(cj_client('%s', 'key', headers = c(A = 'b')), 'cj_client')", servers$address
  ))
})

test_that("what makes a sandbox", {
  sandbox()
  program <- deparse(Sys.getenv("CONNECTJOBS_SANDBOX", unset = NA))
  tortured(c(
    sprintf("inherits(client <- cj_sandbox(program = if (!is.na(%s)) %s), 'cj_client')", program,
            program),
    "is.null(close(client))"
  ), step = 20)
})

test_that("what is printed", {
  tortured(c(
    "length(format(cj_log(client, 'odd', 'k'), colour = TRUE)) == 5",
    "length(format(cj_jobs(client, 'odd'))) == 5",
    "sum(summary(cj_jobs(client, 'odd'))$jobs) == 3",
    "summary(cj_log(client, 'odd', 'k'))$lines == 5"
  ))
})

test_that("what is drawn", {
  tortured(c(
    "{ grDevices::pdf(NULL); TRUE }",
    "inherits(plot(cj_jobs(client, 'odd')), 'cj_jobs')"
  ), step = 50)
})

test_that("the late strings", {
  tortured(c(
    "is.data.frame(log <- cj_log(client, 'odd', 'k', exact = TRUE))",
    "is.data.frame(large <- cj_log(client, 'large', 'k'))",
    "{ x <- log$data; y <- x; y[[1]] <- 'new'; x[[1]] == 'plain' && y[[1]] == 'new' }",
    "identical(sort(x)[1:2], c('', '\\033[31mred\\033[0m\\ttab'))",
    "'plain' %in% log$data && all(nchar(log$timestamp_exact) == 30)",
    "identical(unserialize(serialize(log$source, NULL)), rev(rev(log$source)))",
    "{ part <- large$data[1999:5000]; part[[1]] == 'line 1998' && is.na(part[[5]]) }",
    "identical(which(grepl('red', log$data)), 4L) && log[2:3, ]$data[2] == log$data[3]",
    "{ names(x) <- x; identical(names(x[2]), log$data[2]) }"
  ))
})
