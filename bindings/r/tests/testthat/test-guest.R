# What the package leaves as it is in the session that it is loaded into.

test_that("a peer that is gone is an error of the network, and no SIGPIPE of R's", {
  skip_without_library()
  skip_if(!nzchar(Sys.which("openssl")), "no openssl")
  folder <- tempfile()
  dir.create(folder)
  # R's own LD_LIBRARY_PATH is not for other programs.
  command <- c("env", "-u", "LD_LIBRARY_PATH", "python3", test_path("rude.py"), folder)
  rude <- connectjobs:::start_sandbox(command)
  on.exit({
    connectjobs:::stop_sandbox(rude)
    unlink(folder, recursive = TRUE)
  })
  address <- connectjobs:::await_sandbox(rude, 20)
  # More than a socket takes at once, so that the request needs several writes.
  output <- run_r(c(
    "large <- rep(strrep('x', 60000), 12)",
    "names(large) <- paste0('X-Large-', seq_along(large))",
    sprintf("client <- cj_client('%s', 'key', max_retries = 0, proxy = '',", address),
    "                    insecure = TRUE, headers = large)",
    "said <- vapply(1:20, function(i) {",
    "  tryCatch(cj_jobs(client, 'x'), error = function(e) class(e)[1])",
    "}, '')",
    "cat(unique(said), '\\n')"
  ))
  expect_equal(output, "connectjobs_network ")
})

test_that("at exit, other finalizers still find what there is", {
  skip_without_library()
  output <- run_r(c(
    canned_client(),
    "last <- new.env()",
    "last$log <- cj_log(client, 'large', 'k')",
    "last$client <- client",
    "last$tail <- cj_tail_open(client, 'odd', 'k')",
    "none <- reg.finalizer(last, onexit = TRUE, function(e) {",
    "  cat(e$log$data[1], nrow(e$log[e$log$source == 'stderr', ]), '\\n')",
    "  closed <- function(e) 3",
    "  rows <- tryCatch(nrow(cj_jobs(e$client, 'odd')), connectjobs_invalid_argument = closed)",
    "  tryCatch(cj_tail_next(e$tail, 5), connectjobs_invalid_argument = closed)",
    "  cat(rows, '\\n')",
    "})",
    "rm(client)"
  ))
  expect_equal(output, c("line 0 2500 ", "3 "))
})

test_that("locale, working folder, options and random numbers stay as they are", {
  skip_without_library()
  set.seed(7)
  state <- function() list(Sys.getlocale(), getwd(), options(), .Random.seed, sink.number())
  before <- state()
  client <- canned()
  cj_jobs(client, "odd")
  cj_log(client, "odd", "k")
  cj_tail(client, "odd", "k", invisible)
  try(cj_jobs(client, "e404"), silent = TRUE)
  capture.output(print(cj_jobs(client, "odd")), print(cj_log(client, "odd", "k")))
  expect_identical(state(), before)
})
