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

test_that("10,000 clients and tails leave neither memory nor descriptors behind", {
  skip_without_library()
  skip_if_not(dir.exists("/proc/self/fd"))
  output <- run_r(c(
    canned_client(),
    "use <- function(n) {",
    "  for (i in seq_len(n)) {",
    sprintf("    client <- cj_client('%s', 'key', max_retries = 0, proxy = '')", servers$address),
    "    tail <- cj_tail_open(client, 'odd', 'k')",
    "    if (i %% 10 == 0) cj_tail_next(tail, 5)",
    "    if (i %% 3 == 0) close(client)",
    "    if (i %% 2 == 0) cj_tail_close(tail)",
    "  }",
    "  for (i in 1:3) gc()",
    "  status <- readLines('/proc/self/status')",
    "  kilobytes <- gsub('[^0-9]', '', grep('VmRSS', status, value = TRUE))",
    "  c(as.numeric(kilobytes), length(list.files('/proc/self/fd')))",
    "}",
    "before <- use(2000)",
    "cat(use(10000) - before, '\\n')"
  ))
  grown <- as.numeric(strsplit(output, " ")[[1]])
  expect_lt(grown[1], 2000)
  expect_lte(grown[2], 0)
})

test_that("tails that nobody closes do not use up the descriptors", {
  skip_without_library()
  output <- run_r(c(
    canned_client(),
    "for (i in 1:500) {",
    "  tail <- cj_tail_open(client, 'odd', 'k')",
    "  stopifnot(nrow(cj_tail_next(tail, 5)) > 0)",
    "}",
    "cat('enough\\n')"
  ), limit = "ulimit -n 256;")
  expect_equal(output, "enough")
})
