bad_strings <- list(NA, NULL, c("a", "b"), 5, "", NA_character_, TRUE, list("a"))

expect_names <- function(object, name) {
  condition <- expect_error(object, class = "connectjobs_invalid_argument")
  expect_match(conditionMessage(condition), name, fixed = TRUE)
  expect_s3_class(condition, "connectjobs_error")
  expect_equal(condition$status, "INVALID_ARGUMENT")
}

test_that("a bad guid or key is named", {
  skip_without_library()
  client <- canned()
  for (bad in bad_strings) {
    expect_names(cj_jobs(client, bad), "`guid`")
    expect_names(cj_job(client, "g", bad), "`key`")
    expect_names(cj_log(client, bad, "k"), "`guid`")
    expect_names(cj_job_error(client, "g", bad), "`key`")
    expect_names(cj_download(client, "g", "k", bad), "`path`")
    expect_names(cj_wait(client, "g", bad), "`key`")
  }
  expect_names(cj_kill(client, "g", NULL), "`keys`")
  expect_names(cj_kill(client, "g", c("a", NA)), "`keys[2]`")
  expect_names(cj_kill(client, "g", 7), "`keys`")
  expect_names(cj_jobs_many(client, c("a", "")), "`guids[2]`")
  expect_names(cj_jobs_many(client, factor("a")), "`guids`")
})

test_that("a bad number or flag is named", {
  skip_without_library()
  client <- canned()
  for (bad in list(NA, "1", -1, c(1, 2), NULL, NaN)) {
    expect_names(cj_wait(client, "g", "k", timeout = bad), "`timeout`")
    expect_names(cj_kill(client, "g", "k", timeout = bad), "`timeout`")
    expect_names(cj_tail(client, "g", "k", timeout = bad), "`timeout`")
  }
  expect_names(cj_log(client, "g", "k", 0), "`max_log_lines`")
  expect_names(cj_log(client, "g", "k", Inf), "`max_log_lines`")
  expect_names(cj_kill(client, "g", "k", wait = NA), "`wait`")
  expect_names(cj_download(client, "g", "k", tempfile(), overwrite = 1), "`overwrite`")
  expect_names(cj_wait(client, "g", "k", until = "dead"), "`until`")
  expect_names(cj_client("http://h", "k", insecure = "yes"), "`insecure`")
  expect_names(cj_client("http://h", "k", max_retries = -1), "`max_retries`")
  expect_names(cj_client("http://h", "k", headers = "x"), "`headers`")
  expect_names(cj_client(5), "`server`")
})

test_that("a bad start, key or callback of a tail is named", {
  skip_without_library()
  client <- canned()
  for (bad in list(NA, "last", 0, NULL, Sys.Date(), c(1, 2))) {
    expect_names(cj_tail_open(client, "g", "k", start = bad), "`start`")
  }
  expect_names(cj_tail_open(client, "g", character()), "`key`")
  expect_names(cj_tail_open(client, c("g", "h"), c("a", "b", "c")), "`guid` and `key`")
  expect_names(cj_tail(client, "g", "k", callback = "print"), "`callback`")
})

test_that("what the library refuses has the same class", {
  skip_without_library()
  client <- canned()
  for (bad in c("a/b", "..", "a?b", "a%b", "a\nb", strrep("x", 10000))) {
    expect_error(cj_jobs(client, bad), class = "connectjobs_invalid_argument")
    expect_error(cj_job(client, "g", bad), class = "connectjobs_invalid_argument")
  }
})

test_that("a closed client, another object and a saved one are named", {
  skip_without_library()
  client <- canned()
  close(client)
  close(client)
  expect_names(cj_jobs(client, "odd"), "`client` is closed")
  expect_names(cj_jobs(NULL, "odd"), "`client`")
  expect_names(cj_jobs("http://h", "odd"), "`client`")
  expect_output(print(client), "(closed)", fixed = TRUE)

  file <- tempfile()
  on.exit(unlink(file))
  saveRDS(canned(), file)
  saved <- readRDS(file)
  expect_names(cj_jobs(saved, "odd"), "`client` is closed, or comes from another R session")
  expect_output(print(saved), "closed")
  expect_silent(close(saved))
})

test_that("a closed tail is named", {
  skip_without_library()
  tail <- cj_tail_open(canned(), "odd", "k")
  close(tail)
  cj_tail_close(tail)
  expect_names(cj_tail_next(tail), "`tail` is closed")
  expect_names(cj_tail_summary(tail), "`tail` is closed")
  expect_names(cj_tail_close(1), "`tail`")
})

test_that("a dashboard's address is a guid", {
  guid <- "f5b6c7d8-0123-4567-89ab-cdef01234567"
  address <- paste0("https://h/connect/#/apps/", guid, "/access/12")
  expect_equal(connectjobs:::check_guid(address), guid)
  expect_equal(connectjobs:::check_guids(c(address, "plain")), c(guid, "plain"))
  expect_names(connectjobs:::check_guid("https://h/connect/#/"), "`guid`")
})

test_that("the key is in nothing that is shown", {
  skip_without_library()
  secret <- "s3cr3t-k3y"
  condition <- expect_error(cj_client("ftp://h", api_key = secret), class = "connectjobs_error")
  expect_false(any(grepl(secret, capture.output(str(unclass(condition)), print(condition)))))
  client <- canned()
  expect_false(any(grepl("key", capture.output(print(client), str(mget(ls(client), client))))))
})
