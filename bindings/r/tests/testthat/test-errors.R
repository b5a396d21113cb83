failure <- function(guid, ...) {
  tryCatch(cj_jobs(canned(...), guid), connectjobs_error = identity)
}

test_that("each failure is a condition of its own class", {
  skip_without_library()
  classes <- c(
    e400 = "bad_request", e401 = "unauthenticated", e402 = "http", e403 = "forbidden",
    e404 = "not_found", "e404-endpoint" = "unsupported", e409 = "conflict",
    e429 = "rate_limited", e500 = "server", e502 = "server", truncated = "protocol"
  )
  for (guid in names(classes)) {
    condition <- failure(guid)
    expect_equal(
      class(condition),
      c(paste0("connectjobs_", classes[[guid]]), "connectjobs_error", "error", "condition"),
      info = guid
    )
    expect_null(conditionCall(condition))
  }
})

test_that("its fields say what happened", {
  skip_without_library()
  condition <- failure("e404")
  expect_equal(condition$status, "NOT_FOUND")
  expect_identical(condition$http_status, 404L)
  expect_equal(condition$code, 4)
  expect_equal(condition$operation, "jobs_list")
  expect_match(condition$url, "/__api__/v1/content/e404/jobs", fixed = TRUE)
  expect_identical(condition$retryable, FALSE)
  expect_match(conditionMessage(condition), "does not exist. \u00e4\U0001F600", fixed = TRUE)
  expect_true(failure("e429")$retryable)
})

test_that("no answer at all is told apart", {
  skip_without_library()
  client <- cj_client("http://127.0.0.1:1", "key", max_retries = 0, proxy = "")
  condition <- expect_error(cj_jobs(client, "g"), class = "connectjobs_network")
  expect_true(is.na(condition$http_status))
  slow <- canned(request_timeout = 0.2)
  expect_error(cj_jobs(slow, "silent"), class = "connectjobs_timed_out")
})

test_that("a client needs a server, a key and an address that can be used", {
  skip_without_library()
  with_env("CONNECT_SERVER", "", with_env("CONNECT_API_KEY", "", {
    condition <- expect_error(cj_client(), class = "connectjobs_configuration")
    expect_match(conditionMessage(condition), "CONNECT_SERVER")
    condition <- expect_error(cj_client("http://h"), class = "connectjobs_configuration")
    expect_match(conditionMessage(condition), "CONNECT_API_KEY")
  }))
  for (address in c("h", "ftp://h", "file:///etc/passwd")) {
    expect_error(cj_client(address, "k"), class = "connectjobs_configuration")
  }
  expect_error(
    cj_client("https://h", "k", ca_file = "/nowhere.pem"),
    class = "connectjobs_configuration"
  )
})

test_that("the client is usable after any failure", {
  skip_without_library()
  client <- canned()
  for (guid in c("e500", "truncated", "e502")) expect_error(cj_jobs(client, guid))
  expect_equal(nrow(cj_jobs(client, "odd")), 3L)
})

test_that("what the library warns about becomes a warning", {
  skip_without_library()
  expect_warning(cj_client("http://connect.invalid", "key"), "https://", fixed = TRUE)
})

test_that("what a server says drives no terminal", {
  skip_without_library()
  message <- conditionMessage(failure("escape"))
  expect_false(grepl("[\001-\010\013-\037\177]", message))
  expect_match(message, "an .*title.* and")
})
