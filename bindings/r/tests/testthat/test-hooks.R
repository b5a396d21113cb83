skip_without_library()

all_lines <- cj_log(canned(), "odd", "k")$data

test_that("an R function filters logs and tails, and may rewrite", {
  client <- canned()
  hook <- cj_hook(client, "entry", function(log) log[grepl("n", log$data), ])
  cj_hook(client, "entry", function(log) transform(log, data = toupper(data)))
  wanted <- toupper(all_lines[grepl("n", all_lines)])
  expect_equal(cj_log(client, "odd", "k")$data, wanted)
  lines <- character()
  cj_tail(client, "odd", "k", function(entries) lines <<- c(lines, entries$data))
  expect_equal(lines, wanted)
  expect_output(print(hook), "an R function")
  cj_unhook(client, hook)
  expect_equal(cj_log(client, "odd", "k")$data, toupper(all_lines))
  expect_error(cj_unhook(client, hook), "already", class = "connectjobs_invalid_argument")
})

test_that("an R function may answer for each line, or only look", {
  client <- canned()
  seen <- 0L
  cj_hook(client, "entry", function(log) seq_len(nrow(log)) > 2L)
  cj_hook(client, "entry", function(log) {
    seen <<- seen + nrow(log)
    NULL
  })
  expect_equal(cj_log(client, "odd", "k")$data, all_lines[-(1:2)])
  expect_equal(seen, length(all_lines) - 2L)
  cj_hook(client, "entry", function(log) TRUE)
  expect_error(cj_log(client, "odd", "k"), "for each of 3 lines")
})

test_that("an error of an R function comes through", {
  client <- canned()
  cj_hook(client, "entry", function(log) stop("not today"))
  expect_error(cj_log(client, "odd", "k"), "not today")
  expect_error(cj_tail(client, "odd", "k", identity), "not today")
})

# A shared object such as packages and R CMD SHLIB make, loaded.
native_functions <- function() {
  folder <- tempfile("hooks")
  dir.create(folder)
  source <- file.path(folder, "hooks.c")
  writeLines("int keep_long(int length) { return length > 5 ? 0 : 1; }", source)
  system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", source), stdout = FALSE, stderr = FALSE)
  dyn.load(file.path(folder, paste0("hooks", .Platform$dynlib.ext)))
}

test_that("a native function is called by its name or by its symbol", {
  client <- canned()
  dll <- native_functions()
  on.exit(dyn.unload(dll[["path"]]))
  symbol <- getNativeSymbolInfo("keep_long", dll)
  cj_hook(client, "entry", "verdict keep_long((int)data_len)", symbol)
  cj_hook(client, "entry", "verdict keep_long((int)data_len)", symbol$address)
  cj_hook(client, "entry", "int atoi(\"-3\")", library = "libc.so.6")
  wanted <- all_lines[nchar(all_lines, "bytes") > 5L]
  expect_equal(cj_log(client, "odd", "k")$data, wanted)
  stats <- cj_hook_stats(client)
  expect_equal(stats$name, c("keep_long", "keep_long", "atoi"))
  expect_equal(stats$calls, c(5, length(wanted), length(wanted)))
  expect_equal(stats$errors, c(0, 0, length(wanted)))
  expect_equal(stats$last_error[3], "it returned -3")
})

test_that("a native function decides, for tails too, and its failure may end them", {
  client <- canned()
  hook <- cj_hook(client, "entry", "verdict atoi(\"1\")", library = "libc.so.6")
  expect_equal(nrow(cj_log(client, "odd", "k")), 0L)
  expect_equal(nrow(cj_tail(client, "odd", "k", function(entries) stop("none comes"))), 1L)
  cj_unhook(client, hook)
  cj_hook(client, "entry", "int atoi(\"-1\")", library = "libc.so.6", on_failure = "end")
  expect_error(cj_log(client, "odd", "k"), "it returned -1", class = "connectjobs_hook")
  expect_error(cj_tail(client, "odd", "k", identity), class = "connectjobs_hook")
})

test_that("a manifest is bound whole, and refused where others may write it", {
  client <- canned()
  path <- tempfile(fileext = ".json")
  on.exit(unlink(path))
  writeLines(paste(
    "{\"connectjobs_plugin\": 1, \"libraries\": {\"c\": \"libc.so.6\"}, \"hooks\": [{\"event\":",
    "\"entry\", \"library\": \"c\", \"call\": \"verdict atoi(\\\"1\\\")\"}]}"
  ), path)
  expect_error(cj_hook_manifest(client, path), "written by others",
               class = "connectjobs_configuration")
  cj_hooks(client, allow_writable = TRUE)
  cj_hook_manifest(client, path)
  expect_equal(nrow(cj_log(client, "odd", "k")), 0L)
  expect_equal(cj_hook_stats(client)$drops, 5)
})

test_that("what cannot be bound is refused, and says why", {
  client <- canned()
  bad <- function(...) expect_error(cj_hook(client, ...), class = "connectjobs_invalid_argument")
  expect_match(conditionMessage(bad("entry", "void f(nonsense)")), "line 1, column 8")
  expect_match(conditionMessage(bad("entry", "int printf(data)")), "takes a format")
  bad("line", "void f()")
  bad("entry", 7)
  bad("entry", "void f()", function(log) log)
  bad("entry", "void f()", on_failure = "stop")
  bad("job_ended", function(log) log)
  bad("entry", function(log) log, library = "libc.so.6")
  expect_error(cj_hook(client, "entry", "void f()", library = "/nowhere/x.so"), "No such file",
               class = "connectjobs_configuration")
  expect_equal(nrow(cj_hook_stats(client)), 0L)
  expect_error(cj_unhook(client, 1), "cj_hook", class = "connectjobs_invalid_argument")
})

test_that("hooks live as long as their tail", {
  client <- canned()
  cj_hook(client, "entry", "verdict atoi(\"1\")", library = "libc.so.6")
  tail <- cj_tail_open(client, "odd", "k")
  close(client)
  rm(client)
  gc()
  expect_null(cj_tail_next(tail, 5))
  expect_equal(cj_tail_summary(tail)$entries, 5)
})
