test_that("one story: find, list, read, follow, download, kill, explain", {
  skip_without_library()
  client <- sandbox()
  content <- cj_content(client)
  expect_setequal(content$name, c("ticker", "broken"))
  guid <- cj_content(client, "ticker")$guid
  expect_length(guid, 1L)

  jobs <- cj_jobs(client, guid)
  key <- jobs$key[jobs$active][1]
  expect_false(is.na(key))
  expect_equal(cj_job(client, guid, key)$key, key)

  seen <- character()
  cj_tail(client, guid, key, function(entries) {
    seen <<- c(seen, entries$data)
    length(seen) < 5
  })
  expect_equal(seen[1:5], paste("tick", 1:5))
  expect_equal(cj_log(client, guid, key)$data[1:5], paste("tick", 1:5))

  kill <- cj_kill(client, guid, key, wait = TRUE, timeout = 15)
  expect_true(kill$ended)
  job <- cj_wait(client, guid, key, "finalized", timeout = 15)
  expect_equal(job$status, 2L)
  expect_false(job$active)
  again <- cj_kill(client, guid, key)
  expect_equal(again$error_status, "CONFLICT")
  expect_equal(again$code, 163L)

  path <- cj_download(client, guid, key, tempfile())
  expect_match(readLines(path), "tick 5", all = FALSE)
  expect_equal(nrow(cj_kill_active(client, guid)), 0L)
})

test_that("the failed job is explained", {
  skip_without_library()
  client <- sandbox()
  guid <- cj_content(client, "broken")$guid
  key <- cj_jobs(client, guid)$key[1]
  job <- cj_wait(client, guid, key, "finalized", timeout = 15)
  expect_equal(job$exit_code, 3L)
  expect_equal(nrow(cj_job_error(client, guid, key)), 1L)
  log <- cj_log(client, guid, key)
  expect_match(log$data[log$source == "stderr"], "cannot open file")
})

# The exit code of a job whose program is R code, in a sandbox of its own.
exit_code_of <- function(code) {
  folder <- tempfile()
  dir.create(file.path(folder, "self"), recursive = TRUE)
  on.exit(unlink(folder, recursive = TRUE))
  paths <- paste(vapply(.libPaths(), deparse, ""), collapse = ", ")
  lines <- c(sprintf(".libPaths(c(%s))", paths), "library(connectjobs)", code)
  writeLines(lines, file.path(folder, "self", "self.R"))
  writeLines(sprintf(
    '{"name": "self", "start": true, "command": ["%s", "--vanilla", "self.R"]}',
    file.path(R.home("bin"), "Rscript")
  ), file.path(folder, "self", "content.json"))
  program <- Sys.getenv("CONNECTJOBS_SANDBOX", unset = NA)
  client <- cj_sandbox(folder, program = if (!is.na(program)) program)
  on.exit(close(client), add = TRUE)
  guid <- cj_content(client)$guid
  cj_wait(client, guid, cj_jobs(client, guid)$key, timeout = 30)$exit_code
}

test_that("a job can end the other jobs of its content item without ending itself", {
  skip_without_library()
  sandbox()
  kill <- c(
    "guid <- Sys.getenv('CONNECT_CONTENT_GUID')",
    "killed <- cj_kill_active(cj_client(), guid, include_self = %s, wait = TRUE, timeout = 5)",
    "quit(status = 40 + nrow(killed))"
  )
  expect_equal(exit_code_of(sprintf(kill, "FALSE")), 40L)
  expect_gt(exit_code_of(sprintf(kill, "TRUE")), 128L)
})

test_that("wrong keys and guids are told apart", {
  skip_without_library()
  client <- sandbox()
  stranger <- cj_client(client$server, "another-key", max_retries = 0, proxy = "")
  expect_error(cj_content(stranger), class = "connectjobs_unauthenticated")
  nowhere <- "00000000-0000-0000-0000-000000000000"
  expect_error(cj_jobs(client, nowhere), class = "connectjobs_not_found")
})

test_that("a sandbox ends with its client", {
  skip_without_library()
  invisible(sandbox())
  program <- Sys.getenv("CONNECTJOBS_SANDBOX", unset = NA)
  client <- cj_sandbox(program = if (!is.na(program)) program)
  pid <- as.integer(readLines(client$sandbox$files[["pid"]]))
  expect_true(tools::pskill(pid, 0L))
  close(client)
  expect_false(tools::pskill(pid, 0L))
  expect_error(cj_content(client), "closed")
})

test_that("a sandbox that does not start says why", {
  skip_without_library()
  expect_error(cj_sandbox(program = "/nowhere"), "not found", class = "connectjobs_configuration")
  expect_error(cj_sandbox(program = "/bin/false"), "ended", class = "connectjobs_configuration")
  expect_error(cj_sandbox("/nowhere"), class = "connectjobs_invalid_argument")
})
