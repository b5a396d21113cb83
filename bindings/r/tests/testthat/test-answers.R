test_that("jobs have connectapi's columns and types", {
  skip_without_library()
  jobs <- cj_jobs(canned(), "odd")
  expect_s3_class(jobs, c("cj_jobs", "data.frame"), exact = TRUE)
  expect_equal(jobs$key, c("first", "second", "third"))
  expect_identical(jobs$status, c(0L, 2L, NA))
  expect_identical(jobs$exit_code, c(NA, -9L, NA))
  expect_identical(jobs$active, c(TRUE, FALSE, FALSE))
  expect_identical(jobs$pid, c("77", NA, NA))
  # A server before 2025.01.0 does not say content_guid; app_guid is there all the same.
  expect_identical(jobs$content_guid, c("odd", NA, NA))
  expect_identical(jobs$app_guid, c("odd", "odd", "odd"))
  expect_identical(cj_job(canned(), "odd", "other")$app_guid, "odd")
  expect_identical(cj_wait(canned(), "odd", "other")$app_guid, "odd")
  text <- c("id", "ppid", "pid", "key", "remote_id", "app_id", "app_guid", "content_id",
            "content_guid", "variant_id", "bundle_id", "queue_name", "tag", "hostname", "cluster",
            "image", "run_as")
  times <- c("start_time", "end_time", "last_heartbeat_time", "queued_time")
  for (name in text) expect_type(jobs[[name]], "character")
  for (name in times) expect_s3_class(jobs[[name]], c("POSIXct", "POSIXt"), exact = TRUE)
})

test_that("times are in UTC, odd ones too", {
  skip_without_library()
  job <- cj_job(canned(), "odd", "first")
  expect_equal(attr(job$start_time, "tzone"), "UTC")
  expect_equal(as.numeric(job$start_time), 1733512169.948016766, tolerance = 1e-15)
  expect_equal(format(job$end_time, "%F %T"), "2006-01-02 22:04:05")
  expect_true(is.na(job$queued_time))
})

test_that("text is UTF-8, and NUL becomes its symbol", {
  skip_without_library()
  jobs <- cj_jobs(canned(), "odd")
  expect_equal(jobs$tag, c("run_app", "a\u2400b", NA))
  expect_equal(jobs$hostname, c("h\U0001F600st", "h\U0001F600st", NA))
  expect_equal(Encoding(jobs$hostname), c("UTF-8", "UTF-8", "unknown"))
  expect_equal(cj_content(canned())$name, "caf\u00e9")
  log <- cj_log(canned(), "odd", "k")
  expect_equal(
    log$data,
    c("plain", "nul \u2400 here", "\U0001F600 four bytes", "\033[31mred\033[0m\ttab", "")
  )
  expect_equal(log$source, rep_len(c("stdout", "stderr"), 5))
})

test_that("the same comes out in the C locale", {
  skip_without_library()
  output <- run_r(c(
    canned_client(),
    "jobs <- cj_jobs(client, 'odd')",
    "cat(Encoding(jobs$hostname[1]), utf8ToInt(jobs$hostname[1])[2], '\\n')",
    "print(jobs); log <- cj_log(client, 'odd', 'k'); print(log)",
    "tryCatch(cj_jobs(client, 'e404'), connectjobs_not_found = function(e) cat('caught\\n'))"
  ), "LC_ALL=C")
  expect_match(output, "UTF-8 128512", all = FALSE, fixed = TRUE)
  expect_match(output, "stderr red\ttab", all = FALSE, fixed = TRUE)
  expect_match(output, "caught", all = FALSE, fixed = TRUE)
})

test_that("an empty answer is a frame without rows and with every column", {
  skip_without_library()
  jobs <- cj_jobs(canned(), "none")
  expect_equal(dim(jobs), c(0L, ncol(cj_jobs(canned(), "odd"))))
  expect_output(print(jobs), "0 jobs")
  expect_equal(nrow(cj_job_error(canned(), "none", "k")), 0L)
  expect_equal(cj_job_error(canned(), "odd", "k")$summary, "It \u2400 broke")
})

test_that("many content items are asked, and one that fails is a row", {
  skip_without_library()
  jobs <- cj_jobs_many(canned(), c("odd", "e404", "none"))
  expect_equal(jobs$requested_guid, c("odd", "odd", "odd", "e404"))
  expect_equal(jobs$error_status, c(NA, NA, NA, "NOT_FOUND"))
  expect_equal(jobs$error_code, c(NA, NA, NA, 4))
  expect_identical(jobs$app_guid, c("odd", "odd", "odd", NA))
  expect_identical(jobs$active, c(TRUE, FALSE, FALSE, FALSE))
  expect_output(print(jobs), "e404")
  expect_equal(nrow(cj_jobs_many(canned(), character())), 0L)
})

test_that("max_log_lines reaches the server", {
  skip_without_library()
  expect_match(cj_log(canned(), "query", "k", 7)$data, "maxLogLines=7")
  expect_no_match <- function(x, pattern) expect_false(grepl(pattern, x))
  expect_no_match(cj_log(canned(), "query", "k")$data, "maxLogLines=0")
})

test_that("kills are a row a key, in order", {
  skip_without_library()
  kills <- cj_kill(canned(), "odd", c("a", "idle", "b"))
  expect_equal(kills$job_key, c("a", "idle", "b"))
  expect_identical(kills$code, c(NA, 163L, NA))
  expect_equal(kills$error_status, c(NA, "CONFLICT", NA))
  expect_identical(kills$app_id, c(9L, NA, 9L))
  expect_identical(kills$job_id, c("3000000000", NA, "3000000000"))
  expect_identical(is.na(kills$result), c(FALSE, TRUE, FALSE))
  expect_equal(nrow(cj_kill(canned(), "odd", character())), 0L)
})

test_that("the job that R runs in is not killed with the others, unless that is wanted", {
  skip_without_library()
  busy <- "b0000000-0000-4000-8000-00000000000b"
  with_env("CONNECT_CONTENT_GUID", toupper(busy), with_env("CONNECT_CONTENT_JOB_KEY", "me", {
    expect_equal(cj_kill_active(canned(), busy)$job_key, c("a", "b"))
    expect_equal(cj_kill_active(canned(), busy, include_self = TRUE)$job_key, c("a", "me", "b"))
    expect_equal(cj_kill_active(canned(), "odd")$job_key, "first")
    expect_equal(names(cj_kill_active(canned(), busy)), names(cj_kill(canned(), busy, "a")))
  }))
  expect_equal(cj_kill_active(canned(), busy)$job_key, c("a", "me", "b"))
  with_env("CONNECT_CONTENT_JOB_KEY", "me", {
    expect_equal(cj_kill_active(canned(), busy)$job_key, c("a", "me", "b"))
  })
})

test_that("a download is whole or not there", {
  skip_without_library()
  path <- tempfile()
  on.exit(unlink(path))
  expect_equal(cj_download(canned(), "odd", "k", path), path)
  expect_equal(readLines(path), "whole")
  expect_error(cj_download(canned(), "odd", "k", path), class = "connectjobs_io")
  expect_silent(cj_download(canned(), "odd", "k", path, overwrite = TRUE))
  other <- tempfile()
  expect_error(cj_download(canned(), "cut", "k", other), class = "connectjobs_network")
  expect_false(file.exists(other))
  expect_error(cj_download(canned(), "odd", "k", tempdir()), class = "connectjobs_io")
})

test_that("waiting ends in time", {
  skip_without_library()
  condition <- expect_error(
    cj_wait(canned(), "odd", "first", timeout = 0),
    class = "connectjobs_timed_out"
  )
  expect_true(condition$retryable)
})
