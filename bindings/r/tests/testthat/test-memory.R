test_that("handles go in any order", {
  skip_without_library()
  tail <- local({
    client <- canned()
    jobs <- cj_jobs(client, "odd")
    cj_tail_open(client, "odd", "k")
  })
  gc()
  expect_equal(nrow(cj_tail_next(tail, 5)) > 0L, TRUE)
  client <- canned()
  tails <- lapply(1:5, function(i) cj_tail_open(client, "odd", "k"))
  close(client)
  rm(client)
  gc()
  for (tail in rev(tails)) cj_tail_close(tail)
  rm(tail, tails)
  expect_silent(gc())
})

test_that("a session ends quietly with handles open", {
  skip_without_library()
  output <- run_r(c(
    canned_client(),
    "tail <- cj_tail_open(client, 'silent', 'k')",
    "invisible(cj_tail_next(tail, 1)); cat('end\\n')"
  ))
  expect_equal(output, "end")
})

test_that("a collection at every allocation does no harm", {
  skip_without_library()
  output <- run_r(c(
    canned_client(),
    "torture <- function(code) { gctorture2(1); on.exit(gctorture2(0)); code }",
    "shim <- asNamespace('connectjobs')",
    "pointer <- client$pointer",
    "stopifnot(length(torture(.Call(shim$C_jobs_list, pointer, 'odd'))) > 20)",
    "stopifnot(length(torture(.Call(shim$C_job_log, pointer, 'odd', 'k', 0))) == 6)",
    "stopifnot(inherits(torture(.Call(shim$C_jobs_list, pointer, 'e404')), 'cj_failure'))",
    "kill <- torture(.Call(shim$C_job_kill, pointer, 'odd', c('a', 'idle'), 0))",
    "stopifnot(length(kill$job_key) == 2)",
    "tail <- torture(.Call(shim$C_tail_open, pointer, 'odd', 'k', c(0, 0, 0, 0)))",
    "entries <- torture(.Call(shim$C_tail_next, tail, 5000))",
    "stopifnot(entries$data[1] == 'plain')",
    "invisible(torture(cj_jobs(client, 'odd')))",
    "cat('survived\\n')"
  ), "R_ENABLE_JIT=0")
  expect_equal(output, "survived")
})

test_that("a forked worker can use the client", {
  skip_without_library()
  skip_if_not_installed("parallel")
  client <- canned()
  expect_equal(nrow(cj_jobs(client, "odd")), 3L)
  tail <- cj_tail_open(client, "silent", "k")
  while (nrow(cj_tail_next(tail, 1))) NULL
  rows <- parallel::mclapply(1:4, function(i) nrow(cj_jobs(client, "odd")), mc.cores = 2)
  expect_equal(rows, list(3L, 3L, 3L, 3L))
  forked <- parallel::mclapply(1:2, mc.cores = 2, function(i) {
    tryCatch(cj_tail_next(tail, 1), connectjobs_error = class)
  })
  expect_equal(forked[[1]][1], "connectjobs_forked")
  expect_equal(nrow(cj_jobs(client, "odd")), 3L)
  expect_equal(nrow(cj_tail_next(tail, 0.1)), 0L)
})

test_that("many clients and tails leave no descriptors behind", {
  skip_without_library()
  skip_if_not(dir.exists("/proc/self/fd"))
  descriptors <- function() {
    gc()
    length(list.files("/proc/self/fd"))
  }
  use <- function(n) {
    for (i in seq_len(n)) {
      client <- canned()
      tail <- cj_tail_open(client, "silent", "k")
      cj_tail_next(tail, 1)
    }
  }
  use(3)
  before <- descriptors()
  use(30)
  expect_lte(descriptors(), before + 1L)
})
